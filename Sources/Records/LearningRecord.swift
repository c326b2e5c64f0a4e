import Biometrics
import Configurations
import Specs

/// How the trainings of some people went, epoch by epoch, and what real images said of the networks on
/// the way (definitions 6.9): the record of one configuration at one place.
package struct LearningRecord: Sendable, Codable, RecordMadeApart {
  package static let currentVersion = 1
  package var version = LearningRecord.currentVersion
  /// The cell whose trainings these are: the first factor and repeat of its configuration.
  package var key: Cell
  /// Hash of everything that the numbers follow from.
  package var inputHash: String
  package var isSynthetic: Bool
  package var settings: LearningCurvesSpec
  package var training: ObservedTraining
  /// Why nobody stands here for being among the worst; nil: some do, or none were asked for.
  package var worstOmission: String?
  /// Those who were drawn or named, then those who are observed for their errors alone.
  package var people: [LearningCurve]
  /// Over the people who were drawn or named.
  package var summary: LearningSummary
  package var provenance: Provenance

  package init(
    key: Cell, inputHash: String, isSynthetic: Bool, settings: LearningCurvesSpec,
    training: ObservedTraining, worstOmission: String?, people: [LearningCurve],
    summary: LearningSummary, provenance: Provenance
  ) {
    self.key = key
    self.inputHash = inputHash
    self.isSynthetic = isSynthetic
    self.settings = settings
    self.training = training
    self.worstOmission = worstOmission
    self.people = people
    self.summary = summary
    self.provenance = provenance
  }
}

/// What all observed trainings of a record have in common.
package struct ObservedTraining: Sendable, Codable, Equatable {
  /// Most epochs, for which the schedule is made, too.
  package var epochs: Int
  /// Nil: no early stopping.
  package var patience: Int?
  /// The schedule's highest learning rate.
  package var maximumLearningRate: Double
  /// Non-mated rows that are trained on.
  package var cohortRows: Int
  /// Rows that thresholds are set on.
  package var developmentRows: Int
  /// Proxies of each person, and the people whose images they are made of.
  package var proxies: Int
  package var proxyPeople: Int

  package init(
    epochs: Int, patience: Int?, maximumLearningRate: Double, cohortRows: Int,
    developmentRows: Int, proxies: Int, proxyPeople: Int
  ) {
    self.epochs = epochs
    self.patience = patience
    self.maximumLearningRate = maximumLearningRate
    self.cohortRows = cohortRows
    self.developmentRows = developmentRows
    self.proxies = proxies
    self.proxyPeople = proxyPeople
  }
}

/// One person's training.
package struct LearningCurve: Sendable, Codable, Equatable {
  /// Why the person is observed.
  package enum Choice: String, Sendable, Codable {
    case drawn, named
    /// For the errors in the records of the experiment, and for nothing else.
    case worst
  }

  package var identity: String
  package var choice: Choice
  /// False non-matches in the records, of those who are among the worst; they may be drawn, too.
  package var recordedErrors: Int?
  /// The person's images besides the reference.
  package var furtherImages: Int
  /// As the enrolment ended: nothing of it follows from what was observed.
  package var course: TrainingCourse
  /// Errors of the network whose weights the reference has; the shared threshold is that of these
  /// networks.
  package var restored: BothThresholds<ObservedErrors>
  /// Of the network with which training ended.
  package var ended: BothThresholds<ObservedErrors>
  /// Of the network that was observed last, beyond early stopping perhaps.
  package var last: BothThresholds<ObservedErrors>
  /// Of the cosine with the reference, on the same samples.
  package var cosine: BothThresholds<ObservedErrors>
  /// In order, from the first; the shared threshold is that of all networks after as many epochs.
  package var epochs: [ObservedEpoch]

  package init(
    identity: String, choice: Choice, recordedErrors: Int?, furtherImages: Int,
    course: TrainingCourse, restored: BothThresholds<ObservedErrors>,
    ended: BothThresholds<ObservedErrors>, last: BothThresholds<ObservedErrors>,
    cosine: BothThresholds<ObservedErrors>, epochs: [ObservedEpoch]
  ) {
    self.identity = identity
    self.choice = choice
    self.recordedErrors = recordedErrors
    self.furtherImages = furtherImages
    self.course = course
    self.restored = restored
    self.ended = ended
    self.last = last
    self.cosine = cosine
    self.epochs = epochs
  }
}

/// One epoch of a training with what real images say of the network as it was then.
package struct ObservedEpoch: Sendable, Codable, Equatable {
  package var epoch: TrainedEpoch
  package var errors: BothThresholds<ObservedErrors>

  package init(epoch: TrainedEpoch, errors: BothThresholds<ObservedErrors>) {
    self.epoch = epoch
    self.errors = errors
  }
}

/// What a network rejects at a threshold.
package struct ObservedErrors: Sendable, Codable, Equatable {
  package var threshold: Double
  /// Share of the person's proxies.
  package var proxyFNMR: Double
  /// Of the person's further images.
  package var falseNonMatches: Int

  package init(threshold: Double, proxyFNMR: Double, falseNonMatches: Int) {
    self.threshold = threshold
    self.proxyFNMR = proxyFNMR
    self.falseNonMatches = falseNonMatches
  }
}

/// Something at two thresholds: the network's own, and one for the networks of all drawn or named people.
package struct BothThresholds<Value> {
  package var own: Value
  package var shared: Value

  package init(own: Value, shared: Value) {
    self.own = own
    self.shared = shared
  }

  package func map<Other>(_ change: (Value) -> Other) -> BothThresholds<Other> {
    BothThresholds<Other>(own: change(own), shared: change(shared))
  }
}

extension BothThresholds: Sendable where Value: Sendable {}
extension BothThresholds: Codable where Value: Codable {}
extension BothThresholds: Equatable where Value: Equatable {}

/// Mean share of rejected proxies over the drawn or named people.
package struct LearningSummary: Sendable, Codable, Equatable {
  package var people: Int
  package var restored: BothThresholds<MeanOverPeople>
  package var ended: BothThresholds<MeanOverPeople>
  /// Paired.
  package var restoredMinusEnded: BothThresholds<MeanOverPeople>
  /// The epoch observed last; nil where nothing was observed beyond the end.
  package var last: BothThresholds<MeanOverPeople>?
  package var restoredMinusLast: BothThresholds<MeanOverPeople>?
  package var cosine: BothThresholds<MeanOverPeople>

  package init(
    people: Int, restored: BothThresholds<MeanOverPeople>, ended: BothThresholds<MeanOverPeople>,
    restoredMinusEnded: BothThresholds<MeanOverPeople>, last: BothThresholds<MeanOverPeople>?,
    restoredMinusLast: BothThresholds<MeanOverPeople>?, cosine: BothThresholds<MeanOverPeople>
  ) {
    self.people = people
    self.restored = restored
    self.ended = ended
    self.restoredMinusEnded = restoredMinusEnded
    self.last = last
    self.restoredMinusLast = restoredMinusLast
    self.cosine = cosine
  }
}
