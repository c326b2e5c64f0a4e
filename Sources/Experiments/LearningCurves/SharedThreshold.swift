import Biometrics
import MOTE

/// One threshold for the networks of several people: type-7 quantile at 1 - target of their scores on
/// development rows taken together. People may be drawn for with replacement.
package struct SharedThreshold {
  /// Largest scores of all networks, descending, and whose they are.
  private let top: [(score: Float, person: Int)]
  /// Places, from the largest score, of the two that the quantile lies between.
  private let lower: Int
  private let upper: Int
  /// Where between them.
  private let fraction: Double

  /// How many of the largest scores of a network are needed.
  package static func depth(people: Int, rows: Int, target: Double) -> Int {
    let count = people * rows
    return min(rows, count - Int(Double(count - 1) * (1 - target)))
  }

  /// - Parameters:
  ///   - networks: one of each person, with `depth` of its scores.
  ///   - rows: development rows.
  package init(of networks: [ObservedScores], rows: Int, target: Double) {
    top = networks.enumerated().flatMap { person, scores in
      scores.development.map { (score: $0, person: person) }
    }.sorted { $0.score > $1.score }
    let count = networks.count * rows
    let position = Double(count - 1) * (1 - target)
    lower = count - Int(position) - 1
    upper = max(0, lower - 1)
    fraction = position - position.rounded(.down)
  }

  /// - Parameter weights: how often each person counts; their sum is the number of people.
  package func value(_ weights: [Int]) -> Double {
    var passed = 0
    var above: Float?
    for (score, person) in top where weights[person] > 0 {
      passed += weights[person]
      if above == nil, passed > upper { above = score }
      if let above, passed > lower {
        return interpolate(Double(score), Double(above), fraction)
      }
    }
    preconditionFailure("\(top.count) scores are kept, the quantile is number \(lower + 1)")
  }
}
