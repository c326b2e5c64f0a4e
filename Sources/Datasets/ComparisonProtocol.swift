// Which comparisons are made for one partition (definitions 1.2).
//
// Letters: r references (one per enrolled subject), p probes (all evaluation rows). Scores form a
// matrix [r, p]: row i is reference i, column j probe j.

import Configurations

/// References and probes of one partition, and what each cell of the score matrix is.
///
/// Probes include the reference samples themselves: cell (i, `ownColumn[i]`) is a self trial, which
/// one convention counts and the other leaves out, so both come from the same scores. Columns are
/// sorted by gender of the probe's subject (male, female, unlabelled), file order within, so that
/// loops over groups run over contiguous columns.
package struct ComparisonProtocol: Sendable {
  /// Fold of the partition.
  package let fold: Int
  /// The evaluated set.
  package let set: EmbeddingSet
  /// Row of each reference sample in the set, [r].
  package let referenceRows: [Int32]
  /// Subject of each reference, [r], ascending.
  package let referenceSubjects: [Int32]
  /// Column of each reference's own sample, [r]: the self trial.
  package let ownColumns: [Int32]
  /// Row of each probe in the set, [p].
  package let probeRows: [Int32]
  /// Subject of each probe, [p].
  package let probeSubjects: [Int32]
  /// Evaluation subjects that have no usable row, hence no reference (failure to enrol).
  package let subjectsWithoutReference: [Int32]
  /// Evaluation subjects with rows that are probes only, since the rule does not enrol them.
  package let subjectsNotEnrolled: [Int32]

  /// r
  package var referenceCount: Int { referenceRows.count }
  /// p
  package var probeCount: Int { probeRows.count }
  /// Reference samples as rows.
  package var references: EmbeddingRows { EmbeddingRows(set: set, rows: referenceRows) }
  /// Probes as rows, in column order.
  package var probes: EmbeddingRows { EmbeddingRows(set: set, rows: probeRows) }

  /// Lays out the comparisons of a partition.
  ///
  /// - Throws: `ProtocolError` when no subject remains.
  package init(
    partition: SubjectPartition, reference: ReferenceSelection = .first,
    enrolled: EnrolledSubjects = .all, unlabelled: UnlabelledRule = .inAllOnly, seed: UInt64
  ) throws {
    let set = partition.evaluation.set
    fold = partition.fold
    self.set = set

    // Rows by evaluation subject, in file order.
    var rowsOfSubject: [Int32: [Int32]] = [:]
    for row in partition.evaluation.rows {
      rowsOfSubject[set.subjectOfRow[Int(row)], default: []].append(row)
    }
    let subjects = partition.evaluationSubjects.filter {
      unlabelled == .inAllOnly || set.genderOfSubject[Int($0)] != .unlabelled
    }
    subjectsWithoutReference = subjects.filter { rowsOfSubject[$0] == nil }
    let present = subjects.filter { rowsOfSubject[$0] != nil }
    if present.isEmpty {
      throw ProtocolError.noComparisons(dataset: set.dataset, fold: partition.fold)
    }
    func isEnrolled(_ subject: Int32) -> Bool {
      enrolled == .all || rowsOfSubject[subject]!.count > 1
    }
    referenceSubjects = present.filter(isEnrolled)
    subjectsNotEnrolled = present.filter { !isEnrolled($0) }
    if referenceSubjects.isEmpty {
      throw ProtocolError.nobodyWithMatedProbe(
        dataset: set.dataset, fold: partition.fold, people: present.count)
    }
    var given: [Int32: Int32] = [:]
    for row in partition.references ?? [] { given[set.subjectOfRow[Int(row)]] = row }
    referenceRows = referenceSubjects.map {
      given[$0]
        ?? reference.row(
          among: rowsOfSubject[$0]!, identifier: set.subjects[Int($0)], seed: seed)
    }

    var isPresent = [Bool](repeating: false, count: set.subjects.count)
    for s in present { isPresent[Int(s)] = true }
    var referenceOfSubject = [Int32](repeating: -1, count: set.subjects.count)
    for (i, s) in referenceSubjects.enumerated() { referenceOfSubject[Int(s)] = Int32(i) }
    let rows = partition.evaluation.rows
      .filter { isPresent[Int(set.subjectOfRow[Int($0)])] }.sorted()
    var columns: [Int32] = []
    columns.reserveCapacity(rows.count)
    for gender in Gender.allCases {
      columns += rows.filter { set.genderOfSubject[Int(set.subjectOfRow[Int($0)])] == gender }
    }
    probeRows = columns
    probeSubjects = columns.map { set.subjectOfRow[Int($0)] }
    var own = [Int32](repeating: -1, count: referenceRows.count)
    for (column, row) in columns.enumerated() {
      let i = Int(referenceOfSubject[Int(probeSubjects[column])])
      if i >= 0 && referenceRows[i] == row { own[i] = Int32(column) }
    }
    ownColumns = own
  }
}

extension ReferenceSelection {
  /// The reference row among the rows of a subject (file order, not empty).
  fileprivate func row(among rows: [Int32], identifier: String, seed: UInt64) -> Int32 {
    switch self {
    case .first: return rows[0]
    case .random:
      var rng = subjectRNG(identifier, seed: seed, purpose: .referenceChoice)
      return rows[rng.index(below: rows.count)]
    }
  }
}

/// Why comparisons cannot be made, or must not.
package enum ProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nothing is left to compare.
  case noComparisons(dataset: String, fold: Int)
  /// Everybody has one sample, and only people with a second one are enrolled.
  case nobodyWithMatedProbe(dataset: String, fold: Int, people: Int)
  /// Nobody of a part is left once people who look like enrolled ones are dropped.
  case nobodyLeft(dataset: String, fold: Int, part: String)
  /// Partitions overlap in ways that the spec does not allow.
  case overlaps([String])

  package var description: String {
    switch self {
    case .noComparisons(let dataset, let fold):
      "'\(dataset)', fold \(fold): no evaluation subject has a usable sample; check the gender"
        + " labels when 'unlabelled: excluded' is set"
    case .nobodyWithMatedProbe(let dataset, let fold, let people):
      "'\(dataset)', fold \(fold): none of \(counted(people, "evaluation subject")) has a second usable"
        + " sample, and 'references: with_mated_probe' enrols nobody else; write 'references: all', or"
        + " evaluate more people"
    case .nobodyLeft(let dataset, let fold, let part):
      "'\(dataset)', fold \(fold): everybody of the \(part) looks like an enrolled person, and"
        + " 'near_duplicates: drop' leaves nobody; use another dataset for the \(part)"
    case .overlaps(let texts):
      "protocol audit: the same subjects stand in several parts\n" + texts.joined(separator: "\n")
    }
  }
}
