import Biometrics
import Kernels
import Records
import Specs

/// Means over people and paired differences of them, all on the same draws of people with replacement.
struct MeansOverPeople {
  /// People below whom no interval is given.
  static let fewestPeople = 10

  private let people: Int
  /// How often each person is in each draw.
  private let draws: [[Int]]

  init(people: Int, _ bootstrap: BootstrapSpec) {
    self.people = people
    draws = (0..<bootstrap.replicates).map { replicate in
      var rng = CounterRNG(
        seed: bootstrap.seed, purpose: .bootstrap, subject: 0x6375_7276, step: UInt32(replicate))
      return rng.multiplicities(people)
    }
  }

  private var everybody: [Int] { [Int](repeating: 1, count: people) }

  private var tooFewPeople: String? {
    people < Self.fewestPeople
      ? "no interval: \(people) people, expected \(Self.fewestPeople) or more" : nil
  }

  /// A mean of shares, with the percentile interval.
  ///
  /// - Parameter statistic: of how often each person counts.
  func rate(_ statistic: ([Int]) -> Double) -> MeanOverPeople {
    let value = statistic(everybody)
    if let tooFewPeople { return MeanOverPeople(value: value, note: tooFewPeople) }
    let outcome = IntervalBasis(value: value, replicates: draws.map(statistic), range: 0...1)
      .interval(.percentile)
    return MeanOverPeople(
      value: value, interval: outcome.bounds, method: outcome.method?.rawValue,
      note: outcome.note)
  }

  /// a − b, paired, with the interval that differences have everywhere.
  func difference(_ a: ([Int]) -> Double, _ b: ([Int]) -> Double) -> MeanOverPeople {
    let value = a(everybody) - b(everybody)
    if let tooFewPeople { return MeanOverPeople(value: value, note: tooFewPeople) }
    let found = PairedDifference(
      estimate: value, replicates: zip(draws.map(a), draws.map(b)).map { $0 - $1 })
    return MeanOverPeople(
      value: value, interval: found.interval, method: found.method?.rawValue, note: found.note)
  }
}
