import Configurations
import Kernels

extension AttackClassifier {
  /// Trains on some rows and decides on others; positive for the first group.
  ///
  /// Features are standardised by the training rows. The penalty of the logistic regression is
  /// chosen by inner cross-validation on the training rows.
  ///
  /// - Parameter check: called between fits; what it throws ends the training.
  package func decisions(
    training: Matrix64, isFirst: [Bool], on test: Matrix64, seed: UInt64, unit: UInt32 = 0,
    check: () throws -> Void = {}
  ) rethrows -> [Double] {
    try check()
    let standardiser = Standardiser(training)
    let (known, unknown) = (standardiser.apply(training), standardiser.apply(test))
    switch self {
    case .logistic:
      let penalty = try chosenPenalty(
        known, isFirst: isFirst, seed: seed, unit: unit, check: check)
      return LogisticRegression(known, isFirst: isFirst, penalty: penalty).decisions(unknown)
    case .rbfSVM:
      return SupportVectorMachine(known, isFirst: isFirst).decisions(unknown)
    case .perceptron:
      return SmallPerceptron(known, isFirst: isFirst, seed: seed, unit: unit).decisions(unknown)
    }
  }
}

/// Penalties tried for logistic regression on standardised features.
package let logisticPenalties = [0.01, 0.1, 1.0, 10.0]

/// The penalty with the largest AUC over three inner folds; the stronger penalty wins ties.
func chosenPenalty(
  _ features: Matrix64, isFirst: [Bool], seed: UInt64, unit: UInt32, check: () throws -> Void = {}
) rethrows -> Double {
  let smallest = min(isFirst.count { $0 }, isFirst.count { !$0 })
  guard smallest >= 3 else { return 1 }
  let folds = stratifiedFolds(isFirst, count: 3, seed: seed, unit: unit &+ 0x1000)
  var best = (penalty: 1.0, area: -1.0)
  for penalty in logisticPenalties.reversed() {
    let values = try crossValidated(features, isFirst: isFirst, folds: folds) { fold in
      try check()
      return LogisticRegression(fold.training, isFirst: fold.isFirst, penalty: penalty)
        .decisions(fold.test)
    }
    let area = areaUnderCurve(values, isFirst: isFirst)
    if area > best.area { best = (penalty, area) }
  }
  return best.penalty
}

/// Fold of each target: every group is dealt out evenly in random order.
///
/// The second group is dealt on where the first one ended, so that fold sizes differ by one at most.
package func stratifiedFolds(
  _ isFirst: [Bool], count: Int, seed: UInt64, unit: UInt32 = 0
) -> [Int] {
  precondition(count >= 2, "\(count) folds")
  var rng = CounterRNG(seed: seed, purpose: .crossValidation, subject: unit)
  var folds = [Int](repeating: 0, count: isFirst.count)
  var next = 0
  for group in [true, false] {
    var members = isFirst.indices.filter { isFirst[$0] == group }
    rng.shuffle(&members)
    for member in members {
      folds[member] = next % count
      next += 1
    }
  }
  return folds
}

/// What a classifier sees of one fold.
package struct FoldData {
  package let number: Int
  package let training: Matrix64
  package let isFirst: [Bool]
  package let test: Matrix64
}

/// Decisions on every row, each by a model trained on the other folds.
package func crossValidated(
  _ features: Matrix64, isFirst: [Bool], folds: [Int], _ decide: (FoldData) throws -> [Double]
) rethrows -> [Double] {
  var values = [Double](repeating: 0, count: features.rows)
  for fold in 0..<((folds.max() ?? -1) + 1) {
    let test = folds.indices.filter { folds[$0] == fold }
    let training = folds.indices.filter { folds[$0] != fold }
    guard !test.isEmpty else { continue }
    let data = FoldData(
      number: fold, training: features.selecting(rows: training),
      isFirst: training.map { isFirst[$0] }, test: features.selecting(rows: test))
    for (row, value) in zip(test, try decide(data)) { values[row] = value }
  }
  return values
}
