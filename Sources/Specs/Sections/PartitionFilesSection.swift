import Configurations

/// The keys of `partition.files`, by evaluated dataset.
enum SplitFileKey: String, SpecKey {
  case path, cohort, development

  static let section = SectionDocumentation(
    "partition.files", "A division that is listed; a path alone where all rows are of one dataset.")

  var documentation: KeyDocumentation {
    switch self {
    case .path: .init(.text, absent: .required, "The CSV file.")
    case .cohort:
      .init(
        .text, absent: .nothing("the evaluated dataset"), "Dataset that the cohort rows are of.")
    case .development:
      .init(
        .text, absent: .nothing("the evaluated dataset"),
        "Dataset that the development rows are of.")
    }
  }
}

extension SpecReader {
  mutating func splitFiles(_ node: SpecNode, datasets: [String], evaluated: [String])
    -> PartitionScheme
  {
    var files: [String: SplitFile] = [:]
    for entry in named(node, "files", allowEmpty: false) {
      var file = SplitFile(path: "")
      if entry.value.entries == nil {
        file.path = text(entry.value, entry.key) ?? ""
      } else {
        let keys = fields(entry.value, entry.key, SplitFileKey.self)
        _ = required(keys, .path, in: "'\(entry.key)'")
        file.path = text(keys, .path) ?? ""
        file.cohort = reference(keys[.cohort], "cohort", to: "dataset", among: datasets)
        file.development = reference(
          keys[.development], "development", to: "dataset", among: datasets)
      }
      _ = reference(entry.name, to: "evaluated dataset", among: evaluated)
      files[entry.key] = file
    }
    for dataset in evaluated where files[dataset] == nil {
      report(node.location, "'files' lists no division of '\(dataset)', which is evaluated; add it")
    }
    return .files(files)
  }
}
