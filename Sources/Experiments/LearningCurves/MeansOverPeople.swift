import Biometrics
import Kernels
import Records
import Specs

/// Means over people and paired differences of them, all on the same draws of people with replacement.
struct MeansOverPeople {
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

  /// A mean of shares, with the percentile interval.
  ///
  /// - Parameter statistic: of how often each person counts.
  func rate(_ statistic: ([Int]) -> Double) -> MeanOverPeople {
    MeanOverPeople(
      value: statistic(everybody), replicates: draws.map(statistic), people: people, range: 0...1)
  }

  /// a − b, paired, with the interval that differences have everywhere.
  func difference(_ a: ([Int]) -> Double, _ b: ([Int]) -> Double) -> MeanOverPeople {
    let value = a(everybody) - b(everybody)
    if let note = MeanOverPeople.tooFew(people) { return MeanOverPeople(value: value, note: note) }
    let found = PairedDifference(
      estimate: value, replicates: zip(draws.map(a), draws.map(b)).map { $0 - $1 })
    return MeanOverPeople(
      value: value, interval: found.interval, method: found.method?.rawValue, note: found.note)
  }
}
