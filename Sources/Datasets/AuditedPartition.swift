import Configurations

/// What the audit of a partition says, and whom it leaves out.
package struct AuditOutcome: Sendable {
  /// For the record and the terminal.
  package let lines: [String]
  package let warnings: [String]
  /// Subjects that are dropped from the cohort.
  package let cohort: [Int32]
  /// Subjects that are dropped from the development set.
  package let development: [Int32]
}

extension SubjectPartition {
  /// Audits the partition and applies the rule for people who look like enrolled ones. Evaluation rows
  /// are never dropped.
  ///
  /// - Parameters:
  ///   - references: rows of the evaluated set that are enrolled.
  ///   - allowsOverlap: people may stand in several parts; what is found is told all the same.
  /// - Throws: `ProtocolError`.
  package func audited(
    references: [Int32], nearDuplicates rule: NearDuplicateRule, allowsOverlap: Bool
  ) throws -> AuditOutcome {
    var audit = ProtocolAudit(self, references: references)
    var dropped: (cohort: [Int32], development: [Int32]) = ([], [])
    var lines: [String] = []
    if rule == .drop && !allowsOverlap {
      dropped = (audit.duplicateCohort, audit.duplicateDevelopment)
      for (part, rows, subjects) in [
        ("cohort", cohort, dropped.cohort), ("development", development, dropped.development),
      ] where !subjects.isEmpty {
        if subjects.count == rows.subjects.count {
          throw ProtocolError.nobodyLeft(dataset: evaluation.set.dataset, fold: fold, part: part)
        }
        lines.append(
          "\(evaluation.set.dataset), fold \(fold): \(counted(subjects.count, "subject")) dropped from"
            + " \(part), equal or similar to evaluated ones of other names: "
            + examples(subjects.map { rows.set.subjects[Int($0)] }))
      }
      if !lines.isEmpty {
        // The lines say what holds of the people who are left.
        audit = ProtocolAudit(
          without(cohort: dropped.cohort, development: dropped.development),
          references: references, likeness: audit.likeness)
      }
    }
    var allowed: Set<PartitionOverlap> = allowsOverlap ? Set(PartitionOverlap.allCases) : []
    if rule != .refuse { allowed.insert(.similar) }
    try audit.check(allowing: allowed)
    let similar = audit.findings.filter { $0.kind == .similar }.map {
      "\($0.text); 'near_duplicates: drop' leaves them out of training"
    }
    return AuditOutcome(
      lines: lines + audit.lines, warnings: audit.warnings + similar, cohort: dropped.cohort,
      development: dropped.development)
  }
}
