import Configurations
import Foundation
import Kernels

/// Ways in which two partitions may share people or images; `allow_overlap` allows them.
package enum PartitionOverlap: String, Sendable, Codable, Hashable, CaseIterable {
  /// The same subject of the same dataset in both.
  case subjects
  /// The same identifier in two datasets or in two spellings (see `SharedIdentifiers`).
  case names
  /// An identical embedding in both, under subjects that are not known to be the same.
  case embeddings
  /// A training or development person who looks like an enrolled one of another name.
  case similar
}

/// What two partitions share.
package struct OverlapFinding: Sendable, Codable, Hashable {
  package let kind: PartitionOverlap
  /// "cohort", "development" or "evaluation".
  package let first: String
  package let second: String
  /// Shared subjects, or rows that stand in both, or people who look like an enrolled one.
  package let count: Int
  package let text: String
}

/// What can be known about people and images that stand in two of cohort, development, evaluation
/// (definitions 1.8).
///
/// Compared are identifiers, within and across datasets; all embeddings bit for bit; and embeddings of
/// cohort and development with those of the references by cosine, since the same person under two
/// names bends one model against himself. The lines say what was compared, and what was not.
package struct ProtocolAudit: Sendable, Hashable {
  /// Sizes of the parts, what was compared, and every finding, for the record and the terminal.
  package let lines: [String]
  /// Peculiarities of the files that stand together.
  package let warnings: [String]
  package let findings: [OverlapFinding]
  /// The cosine from which people of different names are similar.
  package let likeness: Float
  /// Cohort subjects with rows that are equal to one of the evaluation, or similar to a reference of
  /// another name.
  package let duplicateCohort: [Int32]
  /// The same of the development set.
  package let duplicateDevelopment: [Int32]

  /// Audits a partition.
  ///
  /// - Parameters:
  ///   - references: rows of the evaluated set that are enrolled; nil: cosines are not compared.
  ///   - likeness: nil: from cohort and development rows.
  package init(
    _ partition: SubjectPartition, references: [Int32]? = nil, likeness given: Float? = nil
  ) {
    let parts: [(name: String, rows: EmbeddingRows)] = [
      ("cohort", partition.cohort), ("development", partition.development),
      ("evaluation", partition.evaluation),
    ]
    let prefix = "\(partition.evaluation.set.dataset), fold \(partition.fold)"
    let training = [partition.cohort, partition.development].filter { !$0.rows.isEmpty }
    let likeness = given ?? CosineSample(Self.distinct(training)).likeness
    // The traditional system has no cohort, whatever dataset it would be from.
    var lines = parts.map { name, rows in
      "\(prefix): \(name) \(rows.rows.isEmpty ? "none" : Self.sizes(of: rows))"
    }
    var findings: [OverlapFinding] = []
    var numbers: [String] = []
    var duplicates: [Set<Int32>] = [[], []]
    let hashes = parts.map { part in
      part.rows.rows.isEmpty ? [] : rowHashes(of: part.rows.set.vectors)
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
      let (first, second) = (parts[i], parts[j])
      if first.rows.rows.isEmpty || second.rows.rows.isEmpty { continue }
      func add(_ kind: PartitionOverlap, _ found: [String], _ what: String) {
        if found.isEmpty { return }
        findings.append(
          OverlapFinding(
            kind: kind, first: first.name, second: second.name, count: found.count,
            text: "\(prefix): \(what): \(examples(found))"))
      }
      let both = "in both \(first.name) and \(second.name)"
      let shared = SharedIdentifiers(first.rows, second.rows, likeness: likeness)
      add(.subjects, shared.same, "\(counted(shared.same.count, "subject")) \(both)")
      add(
        .names, shared.names,
        "\(counted(shared.names.count, "subject")) of the same name \(both),"
          + " \(grouped(shared.alike)) with similar"
          + " embeddings")
      if shared.numbers > 0 {
        numbers.append(
          "\(prefix): \(counted(shared.numbers, "number")) \(both) as identifiers of different"
            + " datasets, most without similar embeddings: taken for different people")
      }
      let equal = sharedEmbeddings(first.rows, second.rows, hashes[i], hashes[j])
      add(
        .embeddings, equal.map { Self.names($0, first.rows, second.rows) },
        "\(counted(equal.count, "embedding")) \(both) under different subjects")
      guard j == 2 else { continue }
      duplicates[i].formUnion(equal.map(\.first))
      guard let references else { continue }
      // Who has an equal row is told above.
      let known = Set(equal.map(\.first))
      let similar = similarSubjects(
        first.rows, EmbeddingRows(set: second.rows.set, rows: references), atLeast: likeness
      ) { known.contains($0) || shared.isKnown($0, $1) }
      duplicates[i].formUnion(similar.pairs.map(\.first))
      add(
        .similar,
        similar.pairs.map {
          "\(Self.names((first: $0.first, second: $0.second), first.rows, second.rows)), cosine "
            + Self.decimals($0.cosine)
        },
        "\(counted(similar.pairs.count, "subject")) of the \(first.name) and"
          + " \(counted(similar.secondCount, "enrolled one", "enrolled ones")) of other"
          + " names look alike (cosine of at least \(Self.decimals(likeness)); one person under two"
          + " names?)")
    }
    lines += findings.map(\.text) + numbers
    lines += Self.compared(
      prefix, parts.map(\.rows), references: references?.count, findings, likeness)
    self.lines = lines
    self.findings = findings
    self.likeness = likeness
    warnings = Self.differentModels(parts.map(\.rows))
    duplicateCohort = duplicates[0].sorted()
    duplicateDevelopment = duplicates[1].sorted()
  }

  /// Throws unless every kind of overlap found is allowed.
  ///
  /// - Throws: `ProtocolError.overlaps` with a text per finding that is not allowed.
  package func check(allowing allowed: Set<PartitionOverlap>) throws {
    let refused = findings.filter { !allowed.contains($0.kind) }
    if refused.isEmpty { return }
    throw ProtocolError.overlaps(
      refused.map { finding in
        let remedy =
          switch finding.kind {
          case .subjects: "use another dataset for one of them"
          case .names: "write each person's name one way, or exclude these people from one of them"
          case .embeddings: "remove the duplicates from one of them"
          case .similar: "remove them ('near_duplicates: drop')"
          }
        return "\(finding.text); \(remedy), or allow it with 'allow_overlap'"
      })
  }
}

extension ProtocolAudit {
  /// What was compared without a finding, and what was not compared.
  private static func compared(
    _ prefix: String, _ parts: [EmbeddingRows], references: Int?, _ findings: [OverlapFinding],
    _ likeness: Float
  ) -> [String] {
    guard !parts[0].rows.isEmpty || !parts[1].rows.isEmpty else {
      return ["\(prefix): nothing trains or develops, so nothing was compared"]
    }
    var clean: [String] = []
    func found(_ kinds: PartitionOverlap...) -> Bool {
      findings.contains { kinds.contains($0.kind) }
    }
    if !found(.subjects, .names) {
      clean.append("no identifier in two parts (whatever its case and outer blanks)")
    }
    if !found(.embeddings) { clean.append("no identical embedding in two parts") }
    if references != nil, !found(.similar) {
      clean.append(
        "no cosine of \(decimals(likeness)) or more between cohort or development and references of"
          + " other names")
    }
    var not = ["probes but for references", "cohort with development"]
    if references == nil { not = ["any rows"] }
    return (clean.isEmpty ? [] : ["\(prefix): \(clean.joined(separator: "; "))"]) + [
      "\(prefix): not compared by cosine: \(not.joined(separator: ", "))"
    ]
  }

  /// Sets of one extractor name whose files name different models.
  private static func differentModels(_ parts: [EmbeddingRows]) -> [String] {
    var datasets: [String: [String]] = [:]
    for part in parts where !part.rows.isEmpty && !part.set.model.isEmpty {
      if !datasets[part.set.model, default: []].contains(part.set.dataset) {
        datasets[part.set.model, default: []].append(part.set.dataset)
      }
    }
    guard datasets.count > 1 else { return [] }
    let models = datasets.sorted { $0.value[0] < $1.value[0] }.map {
      "\($0.value.joined(separator: ", ")) '\(escaped($0.key))'"
    }
    return [
      "extractor '\(parts[2].set.extractor)': the files name different models"
        + " (attribute 'model'): \(models.joined(separator: "; ")); embeddings of different models"
        + " cannot be compared"
    ]
  }

  /// "LFW/ArcFace: 4,000 rows of 1,200 subjects (800 male, 390 female, 10 unlabelled)".
  private static func sizes(of rows: EmbeddingRows) -> String {
    let subjects = rows.subjects
    let genders = Gender.allCases.compactMap { gender -> String? in
      let count = subjects.count { rows.set.genderOfSubject[Int($0)] == gender }
      return count == 0 ? nil : "\(grouped(count)) \(gender.name)"
    }
    return "\(rows.set.dataset)/\(rows.set.extractor): \(counted(rows.rows.count, "row")) of "
      + "\(counted(subjects.count, "subject"))"
      + (genders.isEmpty ? "" : " (\(genders.joined(separator: ", ")))")
  }

  /// The parts without those that repeat an earlier one of the same dataset.
  private static func distinct(_ parts: [EmbeddingRows]) -> [EmbeddingRows] {
    guard parts.count == 2, parts[0].set.dataset == parts[1].set.dataset else { return parts }
    return [
      EmbeddingRows(
        set: parts[0].set, rows: Array(Set(parts[0].rows).union(parts[1].rows)).sorted())
    ]
  }

  private static func names(
    _ pair: (first: Int32, second: Int32), _ a: EmbeddingRows, _ b: EmbeddingRows
  ) -> String {
    "\(a.set.subjects[Int(pair.first)]) = \(b.set.subjects[Int(pair.second)])"
  }

  private static func decimals(_ cosine: Float) -> String { String(format: "%.3f", cosine) }
}
