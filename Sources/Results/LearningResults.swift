import Configurations
import Records
import Specs

/// The learning curves of all configurations at one place, in the order of tables.
package struct LearningResults: Sendable {
  package let place: Place
  package let records: [LearningRecord]

  /// Those of some records.
  package static func all(_ records: [LearningRecord]) -> [LearningResults] {
    records.map { Place($0.key) }.distinct().map { place in
      LearningResults(
        place: place,
        records: records.filter { Place($0.key) == place }.sorted {
          $0.key.configuration.rank < $1.key.configuration.rank
        })
    }
  }
}

extension LearningRecord {
  /// The people that statements are about: drawn or named, not picked for their errors.
  package var chosenPeople: [LearningCurve] { people.filter { $0.choice != .worst } }

  /// Learning rate of an epoch as a share of the schedule's maximum.
  package func rateShare(_ epoch: TrainedEpoch) -> Double {
    epoch.learningRate / training.maximumLearningRate
  }

  /// Whether something was observed beyond the end of a training.
  package var goesBeyondEnd: Bool { summary.last != nil }

  /// False non-matches of the chosen people's further images, and their number.
  package func ownErrors(
    _ errors: (LearningCurve) -> ObservedErrors
  ) -> (errors: Int, images: Int) {
    chosenPeople.reduce((0, 0)) {
      ($0.0 + errors($1).falseNonMatches, $0.1 + $1.furtherImages)
    }
  }

  /// Epochs, counted from 1, that were observed of all chosen people.
  package var commonEpochs: Int { chosenPeople.map(\.epochs.count).min() ?? 0 }

  /// The first epoch after which early stopping has ended somebody's training.
  package var earliestEnd: Int { chosenPeople.map(\.course.last.number).min() ?? 0 }
}
