import Configurations

/// Ways in which two partitions may share data; a spec allows each by name.
package enum PartitionOverlap: String, Sendable, Codable, Hashable, CaseIterable {
  /// The same subject of the same dataset in both.
  case subjects
  /// An identical embedding in both, under subjects that are not known to be the same.
  case embeddings
}

/// What two partitions share.
package struct OverlapFinding: Sendable, Codable, Hashable {
  package let kind: PartitionOverlap
  /// "cohort", "development" or "evaluation".
  package let first: String
  package let second: String
  /// Shared subjects, or pairs of equal rows.
  package let count: Int
  package let text: String
}

/// The check that no subject and no embedding stands in two of cohort, development, evaluation.
///
/// Within a dataset subjects are compared by identifier. Across datasets identifiers mean nothing
/// ("17" is a person in each), so identical embeddings are looked for: the same image in both.
package struct ProtocolAudit: Sendable, Hashable {
  /// Sizes of the parts and every finding, for the record and the terminal.
  package let lines: [String]
  package let findings: [OverlapFinding]

  /// Audits a partition.
  package init(_ partition: SubjectPartition) {
    let parts: [(name: String, rows: EmbeddingRows)] = [
      ("cohort", partition.cohort), ("development", partition.development),
      ("evaluation", partition.evaluation),
    ]
    let prefix = "\(partition.evaluation.set.dataset), fold \(partition.fold)"
    var lines = parts.map { "\(prefix): \($0.name) \(Self.sizes(of: $0.rows))" }
    var findings: [OverlapFinding] = []
    let hashes = parts.map { part in
      part.rows.rows.isEmpty ? [] : rowHashes(of: part.rows.set.vectors)
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
      let (first, second) = (parts[i], parts[j])
      let shared = Self.sharedSubjects(first.rows, second.rows)
      if !shared.isEmpty {
        findings.append(
          OverlapFinding(
            kind: .subjects, first: first.name, second: second.name, count: shared.count,
            text: "\(prefix): \(counted(shared.count, "subject")) in both \(first.name) and"
              + " \(second.name): \(examples(shared))"))
      }
      let equal = Self.sharedEmbeddings(first.rows, second.rows, hashes[i], hashes[j])
      if !equal.isEmpty {
        findings.append(
          OverlapFinding(
            kind: .embeddings, first: first.name, second: second.name, count: equal.count,
            text: "\(prefix): \(counted(equal.count, "embedding")) in both \(first.name) and"
              + " \(second.name) under different subjects: \(examples(equal))"))
      }
    }
    lines +=
      findings.isEmpty
      ? ["\(prefix): no subject and no embedding in two parts"] : findings.map(\.text)
    self.lines = lines
    self.findings = findings
  }

  /// Throws unless every kind of overlap found is allowed.
  ///
  /// - Throws: `ProtocolError.overlaps` with a text per finding that is not allowed.
  package func check(allowing allowed: Set<PartitionOverlap>) throws {
    let refused = findings.filter { !allowed.contains($0.kind) }
    if refused.isEmpty { return }
    throw ProtocolError.overlaps(
      refused.map {
        $0.text
          + ($0.kind == .subjects
            ? "; use another dataset for one of them, or allow it with 'allow_overlap'"
            : "; remove the duplicates from one of them, or allow it with 'allow_overlap'")
      })
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

  private static func isSameDataset(_ a: EmbeddingRows, _ b: EmbeddingRows) -> Bool {
    a.set.dataset == b.set.dataset
  }

  private static func sharedSubjects(_ a: EmbeddingRows, _ b: EmbeddingRows) -> [String] {
    guard isSameDataset(a, b) else { return [] }
    let names = Set(a.subjects.map { a.set.subjects[Int($0)] })
    return b.subjects.map { b.set.subjects[Int($0)] }.filter(names.contains).sorted()
  }

  /// Pairs "subject = subject" of equal rows, one from each part, leaving out those whose subjects
  /// are the same by identifier (they are reported as subjects).
  private static func sharedEmbeddings(
    _ a: EmbeddingRows, _ b: EmbeddingRows, _ aHashes: [UInt64], _ bHashes: [UInt64]
  ) -> [String] {
    // Only rows whose hash occurs on the other side can be equal.
    let present = Set(b.rows.map { bHashes[Int($0)] })
    let aRows = a.rows.filter { present.contains(aHashes[Int($0)]) }
    if aRows.isEmpty { return [] }
    let wanted = Set(aRows.map { aHashes[Int($0)] })
    let bRows = b.rows.filter { wanted.contains(bHashes[Int($0)]) }
    let groups = duplicateRows(
      aRows.map { RowLocation(matrix: 0, row: Int($0)) }
        + bRows.map { RowLocation(matrix: 1, row: Int($0)) },
      in: [a.set.vectors, b.set.vectors], hashes: [aHashes, bHashes])
    var pairs: [String] = []
    for group in groups {
      let left = group.filter { $0.matrix == 0 }.map { name(of: $0.row, in: a.set) }
      let right = group.filter { $0.matrix == 1 }.map { name(of: $0.row, in: b.set) }
      for x in left {
        for y in right where !(isSameDataset(a, b) && x == y) { pairs.append("\(x) = \(y)") }
      }
    }
    return pairs
  }

  private static func name(of row: Int, in set: EmbeddingSet) -> String {
    set.subjects[Int(set.subjectOfRow[row])]
  }
}
