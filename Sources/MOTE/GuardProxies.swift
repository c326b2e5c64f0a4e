import Biometrics
import Configurations
import Datasets
import Kernels

/// What the guard takes from the cohort: who is kept out of the densities, and the differences
/// between two images of these people (definitions 6.8).
package struct GuardProxies: Sendable {
  /// Most proxies of a person: a rate of 1 % is then told from 5 %.
  package static let most = 256

  /// x_j - x_0 of a held-out person's image j and first image, [m, d], m at most `most`.
  package let differences: FloatMatrix
  /// The cohort without the held-out people: what densities are made of.
  package let rest: EmbeddingRows

  /// Holds out an even share of the people with two images or more, in the order of their rows.
  package init(cohort: EmbeddingRows, heldOutShare share: Double) {
    let set = cohort.set
    var rowsOf: [Int32: [Int32]] = [:]
    var people: [Int32] = []
    for row in cohort.rows {
      let subject = set.subjectOfRow[Int(row)]
      if rowsOf[subject] == nil { people.append(subject) }
      rowsOf[subject, default: []].append(row)
    }
    var heldOut: Set<Int32> = []
    var pairs: [(first: Int, later: Int)] = []
    var candidates = 0
    for subject in people where rowsOf[subject]!.count > 1 {
      let before = Int(Double(candidates) * share)
      candidates += 1
      guard Int(Double(candidates) * share) > before else { continue }
      heldOut.insert(subject)
      let rows = rowsOf[subject]!
      pairs += rows.dropFirst().map { (Int(rows[0]), Int($0)) }
    }
    rest = EmbeddingRows(
      set: set, rows: cohort.rows.filter { !heldOut.contains(set.subjectOfRow[Int($0)]) })
    let count = min(pairs.count, Self.most)
    let d = set.dimension
    differences = FloatMatrix(rows: count, columns: d)
    for i in 0..<count {
      let pair = pairs[i * pairs.count / count]
      let (a, b, out) = (
        set.vectors[row: pair.first], set.vectors[row: pair.later], differences[row: i]
      )
      for j in 0..<d { out[j] = b[j] - a[j] }
    }
  }
}

/// Judges networks of one person at a time by proxies; memory is allocated once. Belongs to one
/// thread.
final class ModelJudge {
  private let target: Double
  private let differences: FloatMatrix?
  private let proxies: FloatMatrix
  private var proxyScores: [Float]
  private var developmentScores: [Float]

  /// - Parameter differences: nil: the reference sample is the only proxy.
  init(_ rule: EnrolmentGuard, differences: FloatMatrix?, developmentRows: Int, dimension: Int) {
    target = rule.target
    self.differences = differences
    proxies = FloatMatrix(rows: differences?.rows ?? 1, columns: dimension)
    proxyScores = [Float](repeating: 0, count: proxies.rows)
    developmentScores = [Float](repeating: 0, count: developmentRows)
  }

  /// Makes the proxies of a person: reference + difference, brought to the length of the reference as
  /// images of one embedding file are.
  func begin(_ reference: UnsafePointer<Float>) {
    let d = proxies.columns
    var length = 0.0
    for j in 0..<d { length += Double(reference[j]) * Double(reference[j]) }
    for i in 0..<proxies.rows {
      let out = proxies[row: i].baseAddress!
      guard let difference = differences?[row: i] else {
        out.update(from: reference, count: d)
        continue
      }
      var sum = 0.0
      for j in 0..<d {
        out[j] = reference[j] + difference[j]
        sum += Double(out[j]) * Double(out[j])
      }
      let scale = sum > 0 ? Float((length / sum).squareRoot()) : 1
      for j in 0..<d { out[j] *= scale }
    }
  }

  /// What the proxies of the person say of a network.
  func judge(
    _ reference: MoteReference, engine: TrainingEngine, development: FloatMatrix
  ) -> ModelJudgement {
    engine.load(reference.weights, forTraining: false)
    engine.logits(
      of: development.base, stride: development.stride, count: development.rows,
      into: &developmentScores)
    engine.logits(
      of: proxies.base, stride: proxies.stride, count: proxies.rows, into: &proxyScores)
    let threshold = developmentScores.withUnsafeBufferPointer {
      nonMatedQuantile($0, atFMR: target)!
    }
    return proxyScores.withUnsafeBufferPointer {
      ModelJudgement(proxies: $0, threshold: threshold)
    }
  }
}
