import Configurations
import Files
import Records
import Results

/// Writes learning curves as CSV: a row per person and epoch, full precision, empty for what is not
/// available.
package enum LearningCSV {
  package static let columns = [
    "dataset", "extractor", "preset", "balancing_factor", "identity", "choice", "recorded_errors",
    "epoch", "learning_rate", "rate_share", "training_loss", "validation_loss",
    "proxies", "further_images", "shared_threshold", "shared_proxy_fnmr",
    "shared_false_non_matches", "own_threshold", "own_proxy_fnmr", "own_false_non_matches",
    "restored", "beyond_end", "synthetic",
  ]

  package static func text(_ records: [LearningRecord]) -> String {
    var lines = [columns.joined(separator: ",")]
    for place in LearningResults.all(records) {
      for record in place.records {
        for person in record.people {
          lines += person.epochs.map {
            csvRow(fields($0, person, record))
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Fields in the order of `columns`.
  private static func fields(
    _ observed: ObservedEpoch, _ person: LearningCurve, _ record: LearningRecord
  ) -> [String] {
    func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "" }
    let (key, epoch) = (record.key, observed.epoch)
    return [
      key.dataset, key.extractor, text(key.preset), text(key.balancingFactor), person.identity,
      person.choice.rawValue, text(person.recordedErrors), "\(epoch.number)",
      "\(epoch.learningRate)", "\(record.rateShare(epoch))", "\(epoch.trainingLoss)",
      text(epoch.validationLoss), "\(record.training.proxies)", "\(person.furtherImages)",
    ]
      + [observed.errors.shared, observed.errors.own].flatMap {
        ["\($0.threshold)", "\($0.proxyFNMR)", "\($0.falseNonMatches)"]
      } + [
        "\(epoch.number == person.course.restored.number)",
        "\(epoch.number > person.course.last.number)", "\(record.isSynthetic)",
      ]
  }
}
