// Whether maps are specific to a person (definitions 7): Bhattacharyya coefficients of maps of one person
// against those of two.
import AttackReports
import Biometrics

/// Form in which two maps are compared. Without min-max a map is nearly flat, and the coefficient of any
/// two is near 1.
package enum MapForm: String, Sendable, CaseIterable {
  /// (v - min)/(max - min), on the network's own grid.
  case minMax = "min-max"
  /// The strongest tenth of the pixels of the face, all alike.
  case strongestTenth = "top 10 %"
  /// The strongest hundredth.
  case strongestHundredth = "top 1 %"

  /// Share of the pixels; nil: all, by their value.
  package var share: Double? {
    switch self {
    case .minMax: nil
    case .strongestTenth: 0.1
    case .strongestHundredth: 0.01
    }
  }
}

/// A map as a distribution over its positions: those with weight, ascending, and the root of each weight.
package struct MapDistribution: Sendable {
  let positions: [Int32]
  let roots: [Double]

  /// - Parameters:
  ///   - map: on the network's grid.
  ///   - height, width: of the face that the strongest pixels are taken on.
  package init(_ map: HeatMap, _ form: MapForm, height: Int, width: Int) {
    if let share = form.share {
      let strongest = map.resampled(height: height, width: width).strongest(share)
      positions = strongest.map(Int32.init)
      roots = strongest.map { _ in (1 / Double(strongest.count)).squareRoot() }
    } else {
      let unit = map.scaledToUnit().values
      let sum = unit.reduce(0, +)
      let present = unit.indices.filter { unit[$0] > 0 }
      positions = present.map(Int32.init)
      roots = present.map { (unit[$0] / sum).squareRoot() }
    }
  }

  /// Bhattacharyya coefficient: sum of the roots of the products; 1 for equal maps, 0 for disjoint ones, and
  /// where one is constant.
  package func likeness(to other: MapDistribution) -> Double {
    var (i, j, sum) = (0, 0, 0.0)
    while i < positions.count && j < other.positions.count {
      if positions[i] == other.positions[j] {
        sum += roots[i] * other.roots[j]
        i += 1
        j += 1
      } else if positions[i] < other.positions[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return sum
  }
}

/// Mean likeness of pairs of maps by whose they are.
package struct MapLikeness: Sendable {
  package let same: MeanOverPeople?
  package let different: MeanOverPeople?
  package let difference: MeanOverPeople?
  package let samePairs: Int
  package let differentPairs: Int

  /// - Parameters:
  ///   - maps: [t].
  ///   - person: whose each is, [t], below the bootstrap's number of people.
  ///   - counts: whether two maps are compared at all.
  package init(
    _ maps: [MapDistribution], person: [Int], bootstrap: PeopleBootstrap,
    counts: (Int, Int) -> Bool = { _, _ in true }
  ) {
    let people = bootstrap.people
    var sums = [Double](repeating: 0, count: people * people)
    var pairs = [Double](repeating: 0, count: people * people)
    for i in maps.indices {
      for j in 0..<i where counts(j, i) {
        let place = min(person[i], person[j]) * people + max(person[i], person[j])
        sums[place] += maps[i].likeness(to: maps[j])
        pairs[place] += 1
      }
    }
    // A person drawn twice counts twice against others, and its own pairs count twice.
    func mean(_ weights: UnsafeBufferPointer<Double>, isSame: Bool) -> Double {
      var (sum, count) = (0.0, 0.0)
      for p in 0..<people where weights[p] > 0 {
        for q in isSame ? p..<(p + 1) : (p + 1)..<max(p + 1, people) {
          let weight = isSame ? weights[p] : weights[p] * weights[q]
          sum += weight * sums[p * people + q]
          count += weight * pairs[p * people + q]
        }
      }
      return sum / count
    }
    same = bootstrap.estimate { mean($0, isSame: true) }
    different = bootstrap.estimate { mean($0, isSame: false) }
    difference = bootstrap.estimate { mean($0, isSame: true) - mean($0, isSame: false) }
    samePairs = Int((0..<people).reduce(0) { $0 + pairs[$1 * people + $1] })
    differentPairs = Int(pairs.reduce(0, +)) - samePairs
  }
}
