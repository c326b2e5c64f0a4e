import Configurations
import Foundation

/// Datasets that give cohort or development rows instead when one dataset is evaluated.
package struct CrossException: Sendable, Codable, Hashable {
  package var cohort: String?
  package var development: String?
}

extension ExperimentSpec {
  /// The partition used when `dataset` is evaluated under a configuration (nil: the traditional
  /// system). A configuration's exception wins over the partition's, and that over the rule.
  package func partition(evaluating dataset: String, configuration name: String?)
    -> PartitionScheme
  {
    let general = partitionExceptions[dataset]
    let special = name.flatMap { configuration($0).exceptions[dataset] }
    return partition.replacing(
      cohort: special?.cohort ?? general?.cohort,
      development: special?.development ?? general?.development)
  }

  /// True where the spec allows, by name, that subjects of `dataset` stand in several partitions.
  package func allowsOverlap(evaluating dataset: String, configuration name: String?) -> Bool {
    allowOverlap.contains(dataset)
      || (name.map { configuration($0).allowOverlap.contains(dataset) } ?? false)
  }
}

/// The keys of `partition`.
enum PartitionKey: String, SpecKey {
  case within, cross, files

  static let section = SectionDocumentation(
    "partition",
    "Who trains (cohort), who sets early stopping and thresholds (development), who is tested "
      + "(evaluation); one of the three keys. Replaced whole where a spec extends another.")

  var documentation: KeyDocumentation {
    switch self {
    case .within:
      .init(
        .section(WithinKey.self), absent: .nothing("nothing, with another"),
        "All three from each evaluated dataset: disjoint subjects, drawn by seed, stratified by "
          + "gender.", definition: "6.6")
    case .cross:
      .init(
        .section(CrossKey.self), absent: .nothing("nothing, with another"),
        "Each from a dataset of its own.",
        definition: "6.6")
    case .files:
      .init(
        .named("evaluated datasets", .either(.text, .section(SplitFileKey.self))),
        absent: .nothing("nothing, with another"),
        "Everybody's part is listed in a CSV file, as `Harness protocol` and runs write it; the path "
          + "stands where a dataset's files are looked for.", definition: "1.9")
    }
  }
}

/// The keys of `partition.within`.
enum WithinKey: String, SpecKey {
  case cohort, development, evaluation, folds, evaluated

  static let section = SectionDocumentation(
    "partition.within",
    "Shares of the subjects of one dataset, of sum at most 1; with folds, all that are not "
      + "evaluated are divided in the proportion cohort : development.")

  var documentation: KeyDocumentation {
    switch self {
    case .cohort:
      .init(
        .either(.number(.openFraction), .section(CohortSourceKey.self)), absent: .required,
        "Share of the training cohort, or the dataset that gives it whole.")
    case .development:
      .init(
        .either(.number(.openFraction), .section(DevelopmentSourceKey.self)), absent: .required,
        "Share of the development set, or the dataset that gives it whole.")
    case .evaluation:
      .init(
        .number(.openFraction), absent: .nothing("required with one fold, 1 / folds with more"),
        "Share that is evaluated.")
    case .folds:
      .init(
        .integer(1...100), absent: .yaml("1"),
        "1: a single split. More: every subject is evaluated in exactly one fold.")
    case .evaluated:
      .init(
        .words(of: EvaluatedPart.self), absent: .yaml(EvaluatedPart.evaluation.rawValue),
        "Whose people are enrolled and compared. development: the development people of the same "
          + "split, for choices that must not see the evaluation people, who have no part; as many "
          + "people of each gender are taken from the cohort to develop, by seed, and the others of "
          + "it train.", definition: "1.9")
    }
  }
}

/// The keys of `partition.within.cohort`.
enum CohortSourceKey: String, SpecKey {
  case from

  static let section = SectionDocumentation(
    "partition.within.cohort", "A cohort that is a whole dataset beside shares of another.")

  var documentation: KeyDocumentation {
    .init(.text, absent: .required, "Dataset whose people all train.")
  }
}

/// The keys of `partition.within.development`.
enum DevelopmentSourceKey: String, SpecKey {
  case from

  static let section = SectionDocumentation(
    "partition.within.development",
    "A development set that is a whole dataset beside shares of another.")

  var documentation: KeyDocumentation {
    .init(.text, absent: .required, "Dataset whose people all develop.")
  }
}

/// The keys of `partition.cross`.
enum CrossKey: String, SpecKey {
  case cohort, development, exceptions

  static let section = SectionDocumentation(
    "partition.cross", "Whole datasets; the evaluated ones stand in `evaluate`.")

  var documentation: KeyDocumentation {
    switch self {
    case .cohort: .init(.text, absent: .required, "Dataset that gives the training cohort.")
    case .development:
      .init(.text, absent: .required, "Dataset that gives the development set.")
    case .exceptions:
      .init(
        .named("evaluated datasets", .section(ExceptionKey.self)), absent: .nothing("none"),
        "What differs when a dataset is evaluated.")
    }
  }
}

/// The keys of an exception.
enum ExceptionKey: String, SpecKey {
  case cohort, development

  static let section = SectionDocumentation(
    "partition.cross.exceptions", "Other datasets for one evaluated dataset.")

  var documentation: KeyDocumentation {
    .init(.text, absent: .nothing("the rule's"), "Dataset that gives the \(rawValue) rows instead.")
  }
}

extension SpecReader {
  /// The scheme and its exceptions by evaluated dataset; nil where there is no sound one.
  ///
  /// - Parameters:
  ///   - datasets: names that may be mentioned.
  ///   - evaluated: names that may have exceptions.
  mutating func partition(_ node: SpecNode?, datasets: [String], evaluated: [String])
    -> (scheme: PartitionScheme, exceptions: [String: CrossException])?
  {
    guard let node else { return nil }
    let fields = fields(node, "partition", PartitionKey.self)
    let given = PartitionKey.allCases.filter { fields[$0] != nil }
    guard given.count < 2 else {
      let words = given.map { "'\($0.rawValue)'" }
      report(
        fields[given[1]]!.location,
        "'partition' has both \(words[0]) and \(words[1]); give one")
      return nil
    }
    if let within = fields[.within] { return (self.within(within, datasets: datasets), [:]) }
    if let cross = fields[.cross] {
      return self.cross(cross, datasets: datasets, evaluated: evaluated)
    }
    if let files = fields[.files] {
      return (splitFiles(files, datasets: datasets, evaluated: evaluated), [:])
    }
    if let location = fields.location {
      report(location, "'partition' has none of 'within', 'cross' and 'files'; give one")
    }
    return nil
  }

  /// The dataset that a key names with `from`; nil: it has a share.
  private mutating func source<Key: SpecKey>(
    _ node: SpecNode?, _ name: String, _ keys: Key.Type, among datasets: [String]
  ) -> String? where Key.AllCases: RandomAccessCollection {
    guard let node, node.entries != nil else { return nil }
    let fields = fields(node, name, Key.self)
    let from = Key.allCases.first!
    _ = required(fields, from, in: "'\(name)'")
    return reference(fields[from], "from", to: "dataset", among: datasets) ?? ""
  }

  private mutating func within(_ node: SpecNode, datasets: [String]) -> PartitionScheme {
    let fields = fields(node, "within", WithinKey.self)
    let folds = integer(fields, .folds) ?? 1
    _ = required(fields, .cohort, in: "'within'")
    let cohortFrom = source(fields[.cohort], "cohort", CohortSourceKey.self, among: datasets)
    let cohort = cohortFrom == nil ? number(fields, .cohort) : 0
    _ = required(fields, .development, in: "'within'")
    let developmentFrom = source(
      fields[.development], "development", DevelopmentSourceKey.self, among: datasets)
    let development = developmentFrom == nil ? number(fields, .development) : 0
    var evaluation: Double?
    if folds > 1 {
      evaluation = 1 / Double(folds)
      if let given = fields[.evaluation] {
        report(
          given.location,
          "'evaluation' follows from 'folds: \(folds)' (1/\(folds) of the subjects in each); remove it"
        )
      }
    } else {
      _ = required(fields, .evaluation, in: "'within'")
      evaluation = number(fields, .evaluation)
    }
    if folds == 1, let cohort, let development, let evaluation,
      cohort + development + evaluation > 1 + 1e-9
    {
      let parts = [cohort, development, evaluation].map { shortDecimal($0) }
      report(
        node.location,
        "the shares of cohort, development and evaluation are \(parts.joined(separator: " + ")) = "
          + "\(shortDecimal(cohort + development + evaluation)), expected a sum of at most 1")
    }
    let evaluated = choice(fields, .evaluated) ?? EvaluatedPart.evaluation
    if evaluated == .development, let node = fields[.evaluated] {
      let found: String? =
        if folds > 1 {
          "with 'folds: \(folds)' everybody is evaluated; use a single split"
        } else if cohortFrom != nil || developmentFrom != nil {
          "cohort and development must be shares of the evaluated dataset; name another cohort under"
            + " 'configurations'"
        } else if let cohort, let development, cohort <= development {
          "the cohort's share \(shortDecimal(cohort)) gives as many people as the development part has"
            + " (\(shortDecimal(development))) to develop, and nobody is left to train; make it larger"
        } else {
          nil
        }
      if let found { report(node.location, "'evaluated: development': \(found)") }
    }
    return .within(
      cohort: cohort ?? 0, development: development ?? 0, evaluation: evaluation ?? 0, folds: folds,
      cohortFrom: cohortFrom, developmentFrom: developmentFrom, evaluated: evaluated)
  }

  private mutating func cross(_ node: SpecNode, datasets: [String], evaluated: [String])
    -> (PartitionScheme, [String: CrossException])
  {
    let fields = fields(node, "cross", CrossKey.self)
    let cohort = reference(
      required(fields, .cohort, in: "'cross'"), "cohort", to: "dataset", among: datasets)
    let development = reference(
      required(fields, .development, in: "'cross'"), "development", to: "dataset", among: datasets)
    var exceptions: [String: CrossException] = [:]
    for entry in named(fields[.exceptions], "exceptions") {
      _ = reference(entry.name, to: "evaluated dataset", among: evaluated)
      let special = self.fields(entry.value, entry.key, ExceptionKey.self)
      exceptions[entry.key] = CrossException(
        cohort: reference(special[.cohort], "cohort", to: "dataset", among: datasets),
        development: reference(special[.development], "development", to: "dataset", among: datasets)
      )
    }
    return (.cross(cohort: cohort ?? "", development: development ?? ""), exceptions)
  }
}

/// A number with at most six decimals and no trailing zeros.
func shortDecimal(_ value: Double) -> String {
  var text = String(format: "%.6f", value)
  while text.hasSuffix("0") { text.removeLast() }
  return text.hasSuffix(".") ? String(text.dropLast()) : text
}
