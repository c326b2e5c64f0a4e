/// Early stopping on the validation loss, definitions 6.3: best = strict decrease; stop after
/// `patience` epochs in a row without one. A loss that is not a number never improves.
package struct EarlyStopping: Sendable {
  package let patience: Int
  package private(set) var epochsRun = 0
  /// Epoch (from 1) of the lowest loss so far; nil before the first improvement.
  package private(set) var bestEpoch: Int?
  package private(set) var bestLoss = Double.infinity
  private var epochsWithoutImprovement = 0

  package init(patience: Int) { self.patience = patience }

  package var shouldStop: Bool { epochsWithoutImprovement >= patience }

  /// Records an epoch's validation loss; true when it is the best so far.
  package mutating func record(_ loss: Double) -> Bool {
    epochsRun += 1
    guard loss < bestLoss else {
      epochsWithoutImprovement += 1
      return false
    }
    bestLoss = loss
    bestEpoch = epochsRun
    epochsWithoutImprovement = 0
    return true
  }
}
