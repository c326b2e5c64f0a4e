// Two kinds of samples of the same people (definitions 14). n pairs, d components.
import Biometrics
import Kernels
import Privacy

/// Raise when a statistic of two kinds of samples gives other values for the same input.
package let likenessStageVersion = 2

/// Differences from the reference of the same people, of two kinds: as many of either from each person.
package struct PairedSamples: Sendable {
  /// [n, d] each; row i of both is of the same person.
  package let first: Matrix64
  package let second: Matrix64
  /// Cosine of each sample to its reference, [n].
  package let firstCosines: [Double]
  package let secondCosines: [Double]
  /// Number of each pair's person, 0 ..< `people`, [n].
  package let person: [Int]
  package let people: Int

  /// - Precondition: equal sizes; every person has a pair.
  package init(
    first: Matrix64, second: Matrix64, firstCosines: [Double], secondCosines: [Double],
    person: [Int]
  ) {
    precondition(
      first.rows == second.rows && first.columns == second.columns && first.rows == person.count
        && firstCosines.count == person.count && secondCosines.count == person.count,
      "\(first.rows) and \(second.rows) samples of \(person.count) pairs")
    self.first = first
    self.second = second
    self.firstCosines = firstCosines
    self.secondCosines = secondCosines
    self.person = person
    people = (person.max() ?? -1) + 1
  }

  /// n
  package var pairs: Int { person.count }
  /// d
  package var dimension: Int { first.columns }

  /// The samples of both kinds below each other, [2n, d]: first, then second.
  var stacked: Matrix64 {
    Matrix64(rows: 2 * pairs, columns: dimension, values: first.values + second.values)
  }

  /// Mean over people's samples of the squared norm, of either kind.
  package var meanSquares: (first: Double, second: Double) {
    (mean(first.squaredNorms), mean(second.squaredNorms))
  }
}

extension Matrix64 {
  /// Squared length of each row.
  package var squaredNorms: [Double] {
    (0..<rows).map { i in self[row: i].reduce(0) { $0 + $1 * $1 } }
  }
}

/// Which people change the labels of their samples in a permutation: each with probability one half, all
/// samples of a person together.
package struct LabelSwap: Sendable {
  /// [people]
  package let isSwapped: [Bool]

  /// Draw `number` of a test.
  ///
  /// - Parameter unit: tells tests of one seed apart.
  package init(people: Int, seed: UInt64, unit: UInt32, number: Int) {
    var rng = CounterRNG(
      seed: seed, purpose: .labelSwap, subject: unit, step: UInt32(truncatingIfNeeded: number))
    isSwapped = (0..<people).map { _ in rng.next() & 1 == 1 }
  }

  /// - Parameter isSwapped: [people].
  package init(isSwapped: [Bool]) { self.isSwapped = isSwapped }

  /// Nobody.
  package init(none people: Int) { isSwapped = [Bool](repeating: false, count: people) }
}

/// How many samples of each person a replicate holds: people are drawn with replacement.
package struct PeopleDraw: Sendable {
  /// [people]
  package let multiplicity: [Int]

  /// - Parameter multiplicity: [people].
  package init(multiplicity: [Int]) { self.multiplicity = multiplicity }

  package init(people: Int, seed: UInt64, unit: UInt32, number: Int) {
    var rng = CounterRNG(
      seed: seed, purpose: .bootstrap, subject: unit, step: UInt32(truncatingIfNeeded: number))
    multiplicity = rng.multiplicities(people)
  }
}
