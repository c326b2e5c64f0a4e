import AttackReports
import Biometrics
import Configurations
import Specs

/// What a trained system learnt from, after its cohort was cut to a gender ratio.
package struct AttackedCohort: Sendable, Codable {
  package var subjects: Int
  package var rows: Int
  package var maleRows: Int
  package var femaleRows: Int

  /// Share of male rows among the labelled ones; nil when none is labelled.
  package var maleShare: Double? {
    maleRows + femaleRows > 0 ? Double(maleRows) / Double(maleRows + femaleRows) : nil
  }

  package init(
    subjects: Int, rows: Int, maleRows: Int, femaleRows: Int
  ) {
    self.subjects = subjects
    self.rows = rows
    self.maleRows = maleRows
    self.femaleRows = femaleRows
  }
}

/// The record of one attacked cell: every attack on one system, and what the system costs in
/// recognition on the same subjects.
package struct AttackRecord: Sendable, Codable {
  package static let currentVersion = 4
  package var version = AttackRecord.currentVersion
  package var key: Cell
  /// Hash of everything that affects the numbers (spec part, data, stage versions).
  package var inputHash: String
  package var fingerprint: CellFingerprint?
  package var isSynthetic: Bool
  /// One per attribute and question (male or female; one age group or the rest; …).
  package var reports: [AttackReport]
  /// FNMR, EER and AUC of the system under the spec's first convention.
  package var recognition: [MetricValue]
  /// Convention of `recognition`.
  package var convention: String
  /// Nil for systems that learn nothing.
  package var cohort: AttackedCohort?
  package var counts: EvaluationCounts
  package var audit: [String]
  package var warnings: [String]
  package var provenance: Provenance

  package init(
    key: Cell, fingerprint: CellFingerprint, isSynthetic: Bool, reports: [AttackReport],
    recognition: [MetricValue], convention: String, cohort: AttackedCohort?,
    counts: EvaluationCounts, audit: [String], warnings: [String], provenance: Provenance
  ) {
    self.key = key
    inputHash = fingerprint.inputHash
    self.fingerprint = fingerprint
    self.isSynthetic = isSynthetic
    self.reports = reports
    self.recognition = recognition
    self.convention = convention
    self.cohort = cohort
    self.counts = counts
    self.audit = audit
    self.warnings = warnings
    self.provenance = provenance
  }

  /// A measurement of the recognition cost over all subjects.
  package func recognition(_ quantity: Quantity, target: Double? = nil) -> MetricValue? {
    recognition.first {
      $0.quantity == quantity && $0.group == "all"
        && (target == nil || abs(($0.target ?? 0) - target!) < 1e-12)
    }
  }
}

/// The record of one cell: what the store needs to reuse it, and reports to place it.
package protocol StoredRecord: VersionedRecord, Sendable {
  var key: Cell { get }
  var inputHash: String { get }
  var fingerprint: CellFingerprint? { get }
  var isSynthetic: Bool { get }
  /// Who was evaluated, or attacked.
  var counts: EvaluationCounts { get }
  var provenance: Provenance { get }
}
