// Intervals by drawing people with replacement: images of one person are not independent, so people are
// what is drawn (percentile, 2.5 % on either side).
import Biometrics
import Kernels

/// Draws of people that all statistics of one explanation share, so that differences are paired.
package struct PeopleBootstrap: Sendable {
  /// p
  package let people: Int
  /// How often each person is in each draw, [replicates, p].
  private let multiplicities: [Double]

  /// Replicates made.
  package let replicates: Int

  package init(people: Int, replicates: Int, seed: UInt64) {
    self.people = people
    self.replicates = replicates
    multiplicities = (0..<replicates).flatMap { replicate in
      var rng = CounterRNG(
        seed: seed, purpose: .bootstrap, subject: 0x6d61_7073, step: UInt32(replicate))
      return rng.multiplicities(people).map(Double.init)
    }
  }

  /// A statistic of weighted people: with weight 1 for everybody, and its percentile interval over the draws.
  ///
  /// - Parameter statistic: of the people's weights, [p]; not a number where it has no value, and such
  ///   draws are left out.
  /// - Returns: nil where the statistic has no value.
  package func estimate(
    _ statistic: (UnsafeBufferPointer<Double>) -> Double
  ) -> MeanOverPeople? {
    let value = [Double](repeating: 1, count: people).withUnsafeBufferPointer(statistic)
    if value.isNaN { return nil }
    let drawn = multiplicities.withUnsafeBufferPointer { all in
      (0..<replicates).map { replicate in
        statistic(
          UnsafeBufferPointer(rebasing: all[(replicate * people)..<((replicate + 1) * people)]))
      }
    }
    return MeanOverPeople(value: value, replicates: drawn, people: people)
  }

  /// The mean over values of people, every value counting once.
  ///
  /// - Parameters:
  ///   - values: [t].
  ///   - person: whose each is, [t].
  package func mean(_ values: [Double], of person: [Int]) -> MeanOverPeople? {
    var sums = [Double](repeating: 0, count: people)
    var counts = [Double](repeating: 0, count: people)
    for (value, p) in zip(values, person) {
      sums[p] += value
      counts[p] += 1
    }
    return estimate { weights in
      var (sum, count) = (0.0, 0.0)
      for p in weights.indices {
        sum += weights[p] * sums[p]
        count += weights[p] * counts[p]
      }
      return sum / count
    }
  }
}
