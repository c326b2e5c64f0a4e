/// Raise when results of protection schemes or attacks change; it enters record hashes.
package let privacyStageVersion = 4

/// What can be wrong with the data or settings of a protection scheme or an attack.
package enum PrivacyError: Error, CustomStringConvertible, Equatable {
  case attributeMissing(dataset: String, attribute: String, known: [String])
  case noLabels(dataset: String, attribute: String)
  case alikeLabels(dataset: String, attribute: String, labels: [String])
  case oneGroupOnly(dataset: String, attribute: String, group: String, subjects: Int)
  case galleryTooLarge(dataset: String, group: String, requested: Int, available: Int)
  case galleryEmpty(dataset: String, group: String)
  case blockDoesNotDivide(block: Int, dimension: Int)
  case settingOutOfRange(setting: String, value: String, allowed: String)
  case tooFewTraining(scheme: String, group: String, found: Int, needed: Int)
  case targetsOfOneGroup(group: String, targets: Int)
  case sizesDisagree(what: String, found: Int, expected: Int)
  case notFinite(what: String, row: Int)

  package var description: String {
    switch self {
    case .attributeMissing(let dataset, let attribute, let known):
      "\(dataset): no attribute '\(attribute)'; the file has "
        + (known.isEmpty ? "none besides gender" : known.joined(separator: ", "))
    case .noLabels(let dataset, let attribute):
      "\(dataset): no subject has a label of '\(attribute)', so nothing can be inferred or checked; "
        + "add the labels to the file or leave the dataset out of the attack"
    case .alikeLabels(let dataset, let attribute, let labels):
      "\(dataset): labels of '\(attribute)' differ in case, blanks, invisible or look-alike "
        + "characters alone: \(labels.map { "'\($0)'" }.joined(separator: ", ")); make them equal"
    case .oneGroupOnly(let dataset, let attribute, let group, let subjects):
      "\(dataset): all \(subjects) labelled subjects have \(attribute) '\(group)'; an attack on "
        + "'\(attribute)' needs two groups"
    case .galleryTooLarge(let dataset, let group, let requested, let available):
      "\(dataset): attacker gallery of \(requested) subjects per group requested, but only "
        + "\(available) subjects of group '\(group)' are free of targets and training subjects; "
        + "lower the size or name another dataset for the attacker"
    case .galleryEmpty(let dataset, let group):
      "\(dataset): no subject of group '\(group)' is left for the attacker gallery after targets and "
        + "training subjects are taken out; name another dataset for the attacker"
    case .blockDoesNotDivide(let block, let dimension):
      "block size \(block) does not divide the embedding dimension \(dimension); use a divisor"
    case .settingOutOfRange(let setting, let value, let allowed):
      "'\(setting)' is \(value), allowed is \(allowed)"
    case .tooFewTraining(let scheme, let group, let found, let needed):
      "\(scheme): \(found) training samples of group '\(group)', needed are at least \(needed)"
    case .targetsOfOneGroup(let group, let targets):
      "all \(targets) targets belong to group '\(group)'; success of an inference attack needs "
        + "targets of both groups"
    case .sizesDisagree(let what, let found, let expected):
      "\(what): found \(found), expected \(expected)"
    case .notFinite(let what, let row):
      "\(what): row \(row) has a value that is not finite"
    }
  }
}
