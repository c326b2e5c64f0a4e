import Biometrics
import Configurations
import Datasets
import Kernels

/// Two images each of cohort people, by which proxies of others are made (definitions 6.8): [m, d] each.
package struct ProxyPairs: Sendable {
  /// First images, x_0.
  package let first: FloatMatrix
  /// A later image of the same person, x_j.
  package let later: FloatMatrix

  package var count: Int { first.rows }

  /// Carries the later images over to another person: s H x_j with s = |r| / |x_0| and H the reflection
  /// that takes s x_0 to the reference r. A proxy is as far from r as x_j is from x_0.
  package func carry(to reference: UnsafePointer<Float>, into proxies: FloatMatrix) {
    let d = first.columns
    var length = 0.0
    for k in 0..<d { length += Double(reference[k]) * Double(reference[k]) }
    for i in 0..<count {
      let (a, b, out) = (first[row: i], later[row: i], proxies[row: i])
      var own = 0.0
      for k in 0..<d { own += Double(a[k]) * Double(a[k]) }
      let s = own > 0 ? (length / own).squareRoot() : 1
      // H x = x - 2 u (u . x) / (u . u), u = s x_0 - r.
      var (square, product) = (0.0, 0.0)
      for k in 0..<d {
        let u = s * Double(a[k]) - Double(reference[k])
        square += u * u
        product += u * s * Double(b[k])
      }
      let factor = square > 0 ? 2 * product / square : 0
      for k in 0..<d {
        let u = s * Double(a[k]) - Double(reference[k])
        out[k] = Float(s * Double(b[k]) - factor * u)
      }
    }
  }
}

/// What the guard takes from the cohort: who is kept out of the densities, and two images each of these
/// people.
package struct GuardProxies: Sendable {
  /// Most proxies of a person: a rate of 1 % is then told from 5 %.
  package static let most = 256

  /// The first and each later image of the held-out people, at most `most`, evenly spaced.
  package let pairs: ProxyPairs
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
    var all: [(first: Int32, later: Int32)] = []
    var candidates = 0
    for subject in people where rowsOf[subject]!.count > 1 {
      let before = Int(Double(candidates) * share)
      candidates += 1
      guard Int(Double(candidates) * share) > before else { continue }
      heldOut.insert(subject)
      let rows = rowsOf[subject]!
      all += rows.dropFirst().map { (rows[0], $0) }
    }
    rest = EmbeddingRows(
      set: set, rows: cohort.rows.filter { !heldOut.contains(set.subjectOfRow[Int($0)]) })
    let count = min(all.count, Self.most)
    let chosen = (0..<count).map { all[$0 * all.count / count] }
    pairs = ProxyPairs(
      first: set.vectors.selecting(rows: chosen.map(\.first)),
      later: set.vectors.selecting(rows: chosen.map(\.later)))
  }
}

/// Judges networks of one person at a time by proxies; memory is allocated once. Belongs to one
/// thread.
final class ModelJudge {
  private let target: Double
  private let pairs: ProxyPairs?
  private let proxies: FloatMatrix
  private var proxyScores: [Float]
  private var developmentScores: [Float]

  /// - Parameter pairs: nil: the reference sample is the only proxy.
  init(_ rule: EnrolmentGuard, pairs: ProxyPairs?, developmentRows: Int, dimension: Int) {
    target = rule.target
    self.pairs = pairs
    proxies = FloatMatrix(rows: pairs?.count ?? 1, columns: dimension)
    proxyScores = [Float](repeating: 0, count: proxies.rows)
    developmentScores = [Float](repeating: 0, count: developmentRows)
  }

  /// Makes the proxies of a person.
  func begin(_ reference: UnsafePointer<Float>) {
    if let pairs {
      pairs.carry(to: reference, into: proxies)
    } else {
      proxies.base.update(from: reference, count: proxies.columns)
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
