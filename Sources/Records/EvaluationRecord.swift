import Biometrics
import Foundation
import Specs

/// What enrolment cost and how it went, over the subjects of a cell.
package struct EnrolmentSummary: Sendable, Codable {
  package var enrolled = 0
  package var cohortRows = 0
  package var developmentRows = 0
  /// KDE bandwidth h by gender and fold, e.g. "male/0": 0.0412.
  package var bandwidths: [String: Double] = [:]
  /// The same of the densities that validation draws from.
  package var validationBandwidths: [String: Double] = [:]
  package var kdeRows: [String: Int] = [:]
  package var meanEpochs = 0.0
  /// Counted from 1, as all epochs.
  package var meanRestoredEpoch = 0.0
  package var meanValidationLoss = 0.0
  /// Mean seconds per subject; a timing, left out of comparisons between runs.
  package var meanSamplingSeconds = 0.0
  package var meanTrainingSeconds = 0.0
  /// Widths of the networks from input to logit; nil in records that do not tell.
  package var dims: [Int]?
  /// Networks trained for a person, where a guard trains several.
  package var meanAttempts: Double?
  /// How the factors were chosen, where each person has an own one.
  package var factorChoice: FactorChoiceSummary?
  package init() {}
}

/// The record of one evaluated cell: all that tables and figures are made from.
package struct EvaluationRecord: Sendable, Codable {
  package static let currentVersion = 3
  package var version = EvaluationRecord.currentVersion
  package var key: Cell
  /// Hash of everything that affects the numbers (spec part, data, stage versions).
  package var inputHash: String
  /// The parts behind the hash, from which a re-run tells what changed; nil in records made apart
  /// from a run.
  package var fingerprint: CellFingerprint?
  package var isSynthetic: Bool
  package var counts: EvaluationCounts
  /// Switches of the conventions that the measurements name; empty in records made apart from a run.
  package var conventions: [EvaluationConvention]
  package var measurements: [MetricValue]
  /// How many one-to-many searches were made; nil: none.
  package var identification: IdentificationCounts?
  /// ROC points by convention, thinned for plotting (never used for numbers).
  package var curves: [String: [CurvePoint]]
  /// Pointwise 95 % intervals of these by convention, and scores counted in bins (definitions 1.4); nil in
  /// records of earlier versions and those made apart from a run.
  package var bands: [String: [CurveBandPoint]]?
  package var histogram: ScoreHistogram?
  package var enrolment: EnrolmentSummary?
  /// Lines of the protocol audit, as printed.
  package var audit: [String]
  package var warnings: [String]
  package var provenance: Provenance

  package init(
    key: Cell, inputHash: String, isSynthetic: Bool, counts: EvaluationCounts,
    measurements: [MetricValue], curves: [String: [CurvePoint]], enrolment: EnrolmentSummary?,
    audit: [String], warnings: [String], provenance: Provenance,
    fingerprint: CellFingerprint? = nil, conventions: [EvaluationConvention] = []
  ) {
    self.key = key
    self.inputHash = inputHash
    self.isSynthetic = isSynthetic
    self.counts = counts
    self.conventions = conventions
    self.measurements = measurements
    self.curves = curves
    self.enrolment = enrolment
    self.audit = audit
    self.warnings = warnings
    self.provenance = provenance
    self.fingerprint = fingerprint
  }
}

/// Where a record comes from: enough to make it again.
package struct Provenance: Sendable, Codable {
  package var experiment = ""
  package var specPath = ""
  package var specHash = ""
  /// SHA-256 by file path of every dataset that was read.
  package var dataHashes: [String: String] = [:]
  package var revision = ""
  package var isDirty = false
  /// Versions: "swift", "hdf5", "openblas", "openblas-core", "kernels", …
  package var versions: [String: String] = [:]
  package var machine = ""
  package var seed: UInt64 = 0
  /// Keys of the spec that the command line set (`--set`), as given; nil: none.
  package var settings: [String]?
  /// The command line; nil where a record was made by a program.
  package var command: String?
  /// When the run began, and wall time from then until the record was complete; the only parts of a
  /// record that differ between equal runs.
  package var startedAt = ""
  package var wallSeconds = 0.0
  package init() {}
}
