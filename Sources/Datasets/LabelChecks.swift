import Configurations

// Judgement of labels as text: what would merge people, split them, or break a table.

extension CheckedDataset {
  /// Checks identities and label columns as text.
  ///
  /// - Control characters are a problem: no table holds them, and cleaning them away could merge people.
  /// - A missing-value word as an identity is a problem: it makes one person of everybody without label.
  /// - Identities or labels that differ in case, blanks, invisible or look-alike characters alone are a
  ///   warning: they are different people to the program.
  mutating func checkLabels() {
    let name = contents.names.identity
    var columns = contents.attributes.map { (name: $0.key, labels: $0.value) }
      .sorted { $0.name < $1.name }
    if let identities = contents.identities {
      checkMissing(identities, name)
      columns.insert((name, identities), at: 0)
    }
    for (column, labels) in columns {
      let values = Set(labels)
      let broken = values.filter { $0.unicodeScalars.contains(where: isControl) }.sorted()
      if !broken.isEmpty {
        let rows = labels.count { broken.contains($0) }
        findings.problems.append(
          "\(path): '\(column)' has control characters in \(counted(rows, "row")):"
            + " \(examples(broken)); write labels on one line, of printable characters")
      }
      let alike = alikeLabels(values, spellingKey)
      if alike.isEmpty { continue }
      let shown = alike.map { $0.map { "'\(escaped($0))'" }.joined(separator: " and ") }
      findings.warnings.append(
        "\(path): '\(column)' has \(counted(alike.count, "label")) in several spellings that"
          + " differ in case, blanks, invisible or look-alike characters alone: \(few(shown)); they"
          + " count as different " + (column == name ? "people" : "values")
          + ", make them equal if they are not")
    }
  }

  /// Identities that say that there is none.
  private mutating func checkMissing(_ identities: [String], _ name: String) {
    var rows: [String: Int] = [:]
    for identity in identities { rows[identity, default: 0] += 1 }
    let missing = rows.keys.filter { missingWords.contains(spellingKey($0)) }.sorted()
    if missing.isEmpty { return }
    findings.problems.append(
      "\(path): '\(name)' says in \(counted(missing.reduce(0) { $0 + rows[$1]! }, "row")) that"
        + " the person is not known (\(examples(missing))), which would make one person of them;"
        + " remove these rows, or give each its person")
  }
}
