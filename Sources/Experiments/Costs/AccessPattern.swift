import Kernels
import Records

/// Whom requests ask for: everybody alike, or few people often. The same seed draws the same people.
package struct AccessPattern {
  /// Exponent of Zipf's law: the person of rank k in proportion to 1 / k.
  package static let exponent = 1.0

  private let pattern: ScalePoint.Pattern
  private let seed: UInt64
  /// People by rank; ranks have nothing to do with places in the file.
  private let people: [Int]
  /// Sum of the weights up to each rank.
  private var sums: [Double] = []

  package init(_ pattern: ScalePoint.Pattern, people count: Int, seed: UInt64) {
    (self.pattern, self.seed) = (pattern, seed)
    var order = Array(0..<count)
    var rng = CounterRNG(seed: seed, purpose: .measuring, step: 2)
    rng.shuffle(&order)
    people = order
    guard pattern == .zipf else { return }
    var sum = 0.0
    sums.reserveCapacity(count)
    for rank in 1...count {
      sum += 1 / Double(rank)
      sums.append(sum)
    }
  }

  /// Share of the requests that ask for the person of a rank (from 0).
  package func share(ofRank rank: Int) -> Double {
    switch pattern {
    case .uniform: 1 / Double(people.count)
    case .zipf: (sums[rank] - (rank == 0 ? 0 : sums[rank - 1])) / sums[people.count - 1]
    }
  }

  /// The person of a rank (from 0).
  package func person(ofRank rank: Int) -> Int { people[rank] }

  /// People of the first `count` requests, with repetitions.
  package func requests(_ count: Int) -> [Int] {
    var rng = CounterRNG(seed: seed, purpose: .measuring, step: 3)
    return (0..<count).map { _ in
      guard pattern == .zipf else { return people[rng.index(below: people.count)] }
      let wanted = rng.uniform() * sums[people.count - 1]
      // The first rank whose sum is above.
      var (low, high) = (0, people.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > wanted { high = middle } else { low = middle + 1 }
      }
      return people[low]
    }
  }
}
