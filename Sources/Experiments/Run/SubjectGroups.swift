import Configurations
import Datasets
import Records
import Specs

/// Which demographic group each subject of a set belongs to.
struct SubjectGroups: Sendable {
  /// Names in records and tables: "male" and "female" first, labels of a column by name.
  let names: [String]
  /// Index into `names`, [s]; `none` for subjects of no group.
  let ofSubject: [UInt8]
  /// What the user should know about the labels.
  let warnings: [String]

  /// Subjects of no group count in "all" only.
  static let none = UInt8.max

  /// Texts that say that a label is missing.
  private static let missing: Set<String> = [
    "", "u", "unknown", "none", "nan", "n/a", "unlabelled",
  ]

  /// Groups by gender, or by a label column of the file.
  ///
  /// A label column has a label per sample. A subject belongs to a group when all of its labelled
  /// samples carry the same label; people whose label changes (an age group, say) belong to none.
  ///
  /// - Throws: `SubjectGroupsError`.
  init(_ groups: String, of set: EmbeddingSet) throws(SubjectGroupsError) {
    if groups == ExperimentSpec.genderGroups {
      names = [Gender.male.name, Gender.female.name]
      ofSubject = set.genderOfSubject.map { $0 == .unlabelled ? Self.none : $0.rawValue }
      warnings = []
      return
    }
    guard let labels = set.attributes[groups] else {
      throw .noColumn(groups, dataset: set.dataset, known: set.attributes.keys.sorted())
    }
    var labelOfSubject = [String?](repeating: nil, count: set.subjects.count)
    var isMixed = [Bool](repeating: false, count: set.subjects.count)
    for (row, label) in labels.enumerated() where !Self.missing.contains(label.lowercased()) {
      let s = Int(set.subjectOfRow[row])
      if let first = labelOfSubject[s] {
        if first != label { isMixed[s] = true }
      } else {
        labelOfSubject[s] = label
      }
    }
    for s in isMixed.indices where isMixed[s] { labelOfSubject[s] = nil }
    let names = Set(labelOfSubject.compactMap { $0 }).sorted()
    if let alike = alikeLabels(names, spellingKey).first {
      throw .alikeLabels(groups, dataset: set.dataset, alike)
    }
    guard (2...Self.most).contains(names.count) else {
      throw .groupCount(groups, dataset: set.dataset, found: names)
    }
    if names.contains(where: { spellingKey($0) == "all" }) {
      throw .reservedName(groups, dataset: set.dataset)
    }
    self.names = names
    ofSubject = labelOfSubject.map { label in
      label.map { UInt8(names.firstIndex(of: $0)!) } ?? Self.none
    }
    let mixed = isMixed.count { $0 }
    warnings =
      mixed == 0
      ? []
      : [
        "\(set.dataset)/\(set.extractor): \(mixed) of \(isMixed.count) subjects carry more than one "
          + "'\(groups)' label; they belong to no group"
      ]
  }

  /// Most groups that an evaluation takes.
  static let most = 15
}

/// Why subjects cannot be grouped.
package enum SubjectGroupsError: Error, CustomStringConvertible, Equatable {
  case noColumn(String, dataset: String, known: [String])
  case groupCount(String, dataset: String, found: [String])
  case reservedName(String, dataset: String)
  case alikeLabels(String, dataset: String, [String])

  package var description: String {
    switch self {
    case .noColumn(let name, let dataset, let known):
      "groups: \(name): '\(dataset)' has no label column of that name; "
        + (known.isEmpty
          ? "it has none, name one under 'mapping: attributes', or use 'groups: gender'"
          : "it has \(known.map { "'\($0)'" }.joined(separator: ", "))")
    case .groupCount(let name, let dataset, let found):
      "groups: \(name): '\(dataset)' has \(found.count) labels that hold for whole subjects"
        + (found.isEmpty ? "" : " (\(found.prefix(20).joined(separator: ", ")))")
        + ", expected 2 to \(SubjectGroups.most)"
    case .alikeLabels(let name, let dataset, let labels):
      "groups: \(name): '\(dataset)' has labels that differ in case, blanks, invisible or "
        + "look-alike characters alone: \(labels.map { "'\($0)'" }.joined(separator: ", ")); a table could not tell them "
        + "apart, make them equal"
    case .reservedName(let name, let dataset):
      "groups: \(name): '\(dataset)' has the label 'all', which tables use for everybody; rename it"
    }
  }
}
