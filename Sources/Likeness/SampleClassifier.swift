// Two-sample classifiers: what can be told from a sample alone, on people that the classifier has not
// seen. n pairs, d components along principal axes.
import Glibc
import Kernels
import Privacy

/// A logistic regression that is to tell the first kind from the second.
package enum SampleClassifier: String, Sendable, CaseIterable {
  /// On the components themselves, each divided by its deviation among those that it learns from: along
  /// principal axes this whitens. It sees where the kinds lie, and not how far they spread.
  case differences
  /// On the logarithm of the mean square of the components in bands of principal axes: it sees spread,
  /// which `differences` is blind to.
  case energies

  /// Bands of axes of `energies`; fewer where there are fewer axes.
  package static let bands = 16
  /// Folds of people.
  package static let folds = 5

  /// Weight of (1/2)|w|² beside the mean loss: features are many in one case and few in the other.
  package var penalty: Double { self == .differences ? 1 : 0.01 }

  /// Features of samples, a row each.
  package func features(_ samples: Matrix64) -> Matrix64 {
    guard self == .energies else { return samples }
    let d = samples.columns
    let bands = min(Self.bands, d)
    var features = Matrix64(rows: samples.rows, columns: bands)
    for i in 0..<samples.rows {
      let row = samples[row: i]
      for band in 0..<bands {
        let axes = (d * band / bands)..<(d * (band + 1) / bands)
        var sum = 0.0
        for j in axes { sum += row[row.startIndex + j] * row[row.startIndex + j] }
        // An image that is there twice differs by nothing.
        features[i, band] = log(max(sum / Double(axes.count), 1e-12))
      }
    }
    return features
  }

  /// The fold of each person: dealt out in random order.
  package static func folds(people: Int, seed: UInt64, unit: UInt32) -> [Int] {
    var order = Array(0..<people)
    var rng = CounterRNG(seed: seed, purpose: .crossValidation, subject: unit)
    rng.shuffle(&order)
    var folds = [Int](repeating: 0, count: people)
    for (place, person) in order.enumerated() { folds[person] = place % Self.folds }
    return folds
  }
}

/// Features of both kinds with the folds of their people.
package struct ClassifiedPairs: Sendable {
  private let features: Matrix64
  private let person: [Int]
  private let foldOfPerson: [Int]
  private let penalty: Double

  /// - Parameter foldOfPerson: [people].
  package init(_ classifier: SampleClassifier, _ samples: PairedSamples, foldOfPerson: [Int]) {
    features = classifier.features(samples.stacked)
    person = samples.person
    self.foldOfPerson = foldOfPerson
    penalty = classifier.penalty
  }

  /// Decisions on every sample by a classifier that learnt from the people of other folds; larger for
  /// the first kind. Under swapped labels the kinds change places, in learning and in the result.
  package func decisions(_ swap: LabelSwap) -> (first: [Double], second: [Double]) {
    let n = person.count
    let isFirst = (0..<2 * n).map { ($0 < n) != swap.isSwapped[person[$0 % n]] }
    let folds = (0..<2 * n).map { foldOfPerson[person[$0 % n]] }
    let values = crossValidated(features, isFirst: isFirst, folds: folds) { fold in
      let standardiser = Standardiser(fold.training)
      return LogisticRegression(
        standardiser.apply(fold.training), isFirst: fold.isFirst, penalty: penalty
      ).decisions(standardiser.apply(fold.test))
    }
    var (first, second) = ([Double](), [Double]())
    for i in 0..<n {
      first.append(values[isFirst[i] ? i : n + i])
      second.append(values[isFirst[i] ? n + i : i])
    }
    return (first, second)
  }
}
