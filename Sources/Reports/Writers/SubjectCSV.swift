import Files
import Records
import Specs

/// Writes lists of people as CSV: a row per person and cell, full precision, empty for what is not
/// available.
package enum SubjectCSV {
  package static let columns = [
    "dataset", "extractor", "system", "preset", "balancing_rule", "repeat", "convention", "target",
    "threshold", "identity", "group", "fold", "reference_row", "images", "mated",
    "false_non_matches", "false_matches", "false_matches_as_probe", "own_score",
    "reference_distance", "nearest", "nearest_cosine", "second_names", "balancing_factor",
    "epochs", "restored_epoch", "learning_rate", "training_loss", "validation_loss",
    "final_training_loss", "final_validation_loss", "attempts", "kept_attempt", "proxy_fnmr",
    "proxy_margin", "bandwidth_male", "bandwidth_female",
    "validation_bandwidth_male", "validation_bandwidth_female", "synthetic",
  ]

  /// First line of the file.
  package static let head = columns.joined(separator: ",")

  package static func text(_ lists: [SubjectList]) -> String {
    var lines = [head]
    for list in lists {
      lines += list.people.map { csvRow(fields($0, list)) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Fields in the order of `columns`.
  private static func fields(_ person: SubjectLine, _ list: SubjectList) -> [String] {
    func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "" }
    let (record, key) = (list.record, list.record.key)
    let point = list.point.map { record.points[$0] }
    let errors = list.errors(of: person)
    let training = person.training
    func bandwidth(_ densities: [String: DensitySummary], _ gender: String) -> String {
      text(training == nil ? nil : densities["\(gender)/\(person.fold)"]?.bandwidth)
    }
    var fields = [
      key.dataset, key.extractor, key.system, text(key.preset), text(key.balancingRule),
      "\(key.repeatIndex)", text(point?.convention), text(point?.target), text(point?.threshold),
      person.identity, person.group, "\(person.fold)", "\(person.referenceRow)",
      "\(person.images)", point == nil ? "" : "\(list.mated(person))",
    ]
    fields += [errors?.falseNonMatches, errors?.falseMatches, errors?.falseMatchesAsProbe].map(text)
    let second = person.secondNames.map { "\($0.name) (\($0.part)) \($0.cosine)" }
    fields += [
      text(person.ownScore), text(person.referenceDistance), text(person.nearest?.name),
      text(person.nearest?.cosine), second.joined(separator: "; "),
    ]
    fields += [
      text(training?.balancingFactor), text(training?.epochs), text(training?.restoredEpoch),
      text(training?.learningRate),
    ]
    fields += [
      training?.trainingLoss, training?.validationLoss, training?.finalTrainingLoss,
      training?.finalValidationLoss,
    ].map(text)
    let guarded = training?.guarded
    fields += [
      text(guarded?.attempts), text(guarded?.kept), text(guarded?.proxyFNMR), text(guarded?.margin),
    ]
    for densities in [record.densities, record.validationDensities] {
      fields += [bandwidth(densities, "male"), bandwidth(densities, "female")]
    }
    return fields + [record.isSynthetic ? "true" : "false"]
  }
}
