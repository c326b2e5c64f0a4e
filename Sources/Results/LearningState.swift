import Biometrics
import Configurations
import Records

/// Which network of a person errors are told of.
package enum LearningState: String, Sendable, CaseIterable {
  /// That of the restored epoch, which is the person's reference.
  case restored
  /// That of the epoch with which training ended.
  case ended
  /// That of the epoch observed last, beyond the end.
  case last
  /// None: the cosine with the reference.
  case cosine

  /// In tables.
  package var name: String { self == .last ? "last epoch without patience" : rawValue }

  /// Means over people; nil: nothing was observed.
  package func mean(in summary: LearningSummary) -> BothThresholds<MeanOverPeople>? {
    switch self {
    case .restored: summary.restored
    case .ended: summary.ended
    case .last: summary.last
    case .cosine: summary.cosine
    }
  }

  /// Errors of one person.
  package func errors(of curve: LearningCurve) -> BothThresholds<ObservedErrors> {
    switch self {
    case .restored: curve.restored
    case .ended: curve.ended
    case .last: curve.last
    case .cosine: curve.cosine
    }
  }

  /// Validation loss of one person; nil: there is none.
  package func loss(of curve: LearningCurve) -> Double? {
    switch self {
    case .restored: curve.course.restored.validationLoss
    case .ended: curve.course.last.validationLoss
    case .last: curve.epochs.last?.epoch.validationLoss
    case .cosine: nil
    }
  }
}

/// Which threshold errors are told at.
package enum LearningThreshold: String, Sendable, CaseIterable {
  /// One for the networks of all drawn or named people.
  case shared
  /// Each network's.
  case own

  /// In tables.
  package var name: String { self == .shared ? "one threshold" : "own thresholds" }

  package func of<Value>(_ both: BothThresholds<Value>) -> Value {
    self == .shared ? both.shared : both.own
  }
}
