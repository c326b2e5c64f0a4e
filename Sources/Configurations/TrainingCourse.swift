/// One epoch of a training, when it had ended.
package struct TrainedEpoch: Sendable, Codable, Hashable {
  /// Counted from 1; 0 before the first.
  package var number: Int
  /// That of the epoch's last update.
  package var learningRate: Double
  /// Mean over the samples of the epoch.
  package var trainingLoss: Double
  /// Loss on development rows and synthetic mated ones after the epoch; nil without early stopping.
  package var validationLoss: Double?

  package init(
    number: Int = 0, learningRate: Double = 0, trainingLoss: Double = 0,
    validationLoss: Double? = nil
  ) {
    self.number = number
    self.learningRate = learningRate
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
  }
}

/// How the training of one person's network went.
package struct TrainingCourse: Sendable, Codable, Hashable {
  /// The epoch run last: its number is that of epochs run.
  package var last: TrainedEpoch
  /// The epoch whose weights are in the reference.
  package var restored: TrainedEpoch
  /// How the guard chose this network among several; nil: one was trained.
  package var guarded: GuardOutcome?

  package init(last: TrainedEpoch, restored: TrainedEpoch, guarded: GuardOutcome? = nil) {
    self.last = last
    self.restored = restored
    self.guarded = guarded
  }
}
