// Choosing each person's balancing factor at enrolment.
//
// A system has one threshold t for everybody, so a person is treated fairly when the chance of an
// error with that person's model at t is the chance that everybody else meets. Nobody's evaluation
// samples are known at enrolment; what is known are the development rows (other people, label 0)
// and synthetic mated samples around the reference from the densities of both genders. Letters: s
// subjects, f candidate factors.
//
//   t         the threshold for the FMR target, over development scores of all models (all s, f)
//   FNMR_sf   mean over both densities of Phi((t - mean) / sd) of the synthetic mated scores
//   FMR_sf    (development scores at or above t + 1/2) / (development rows + 1)
//   R_sf      (FNMR_sf + FMR_sf) / 2
//   target    median over s of R_s at the factor nearest to 0.5, the balanced one
//   choice    the f with the smallest |log R_sf - log target|; of equal ones the nearest to 0.5,
//             then the smaller
//
// The normal approximation is used for FNMR because most people have no error among their synthetic
// samples: counts would tie all factors. Distances are taken between logarithms, since risks differ
// by factors, not by amounts. Gender labels of the enrolled play no part.

import Configurations
import Glibc
import Kernels

/// What the validation data say about one model at the shared threshold.
package struct ModelRisk: Sendable, Hashable {
  package let fmr: Double
  package let fnmr: Double

  /// Mean of both rates; never 0.
  package var value: Double { (fmr + fnmr) / 2 }

  /// - Parameters:
  ///   - threshold: the shared threshold.
  ///   - development: scores of development rows, all non-mated; not empty.
  ///   - synthetic: scores of the synthetic mated samples, male ones first.
  ///   - maleCount: how many of them are male.
  package init(
    threshold: Double, development: UnsafeBufferPointer<Float>,
    synthetic: UnsafeBufferPointer<Float>, maleCount: Int
  ) {
    let above = development.count { Double($0) >= threshold }
    fmr = (Double(above) + 0.5) / (Double(development.count) + 1)
    let parts = [synthetic[..<maleCount], synthetic[maleCount...]].filter { !$0.isEmpty }
    fnmr =
      parts.reduce(0) { $0 + ModelRisk.shareBelow(threshold, $1) } / Double(max(parts.count, 1))
  }

  /// Phi((threshold - mean) / sd); a step where all scores are equal.
  private static func shareBelow(_ threshold: Double, _ scores: Slice<UnsafeBufferPointer<Float>>)
    -> Double
  {
    let n = Double(scores.count)
    let mean = scores.reduce(0.0) { $0 + Double($1) } / n
    let squares = scores.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let sd = (squares / max(n - 1, 1)).squareRoot()
    guard sd > 0 else { return mean < threshold ? 1 : 0 }
    return 0.5 * erfc((mean - threshold) / (sd * 2.0.squareRoot()))
  }
}

/// The factor chosen for each person.
package struct FactorChoice: Sendable {
  /// Index of the chosen candidate, [s].
  package let chosen: [Int]
  /// The risk that the choices aim at.
  package let targetRisk: Double

  /// - Parameters:
  ///   - candidates: balancing factors, [f]; not empty.
  ///   - risks: of each candidate and subject, [f][s].
  package init(candidates: [Double], risks: [[ModelRisk]]) {
    precondition(!candidates.isEmpty && risks.count == candidates.count)
    // Nearest to 0.5 first, so that the first of equal distances wins.
    let order = candidates.indices.sorted {
      (abs(candidates[$0] - 0.5), candidates[$0]) < (abs(candidates[$1] - 0.5), candidates[$1])
    }
    let balanced = risks[order[0]].map(\.value).sorted()
    let n = balanced.count
    let target =
      n == 0 ? 0 : n % 2 == 1 ? balanced[n / 2] : (balanced[n / 2 - 1] + balanced[n / 2]) / 2
    targetRisk = target
    chosen = (0..<n).map { s in
      func distance(_ f: Int) -> Double { abs(log(risks[f][s].value) - log(target)) }
      var best = order[0]
      for f in order.dropFirst() where distance(f) < distance(best) { best = f }
      return best
    }
  }
}
