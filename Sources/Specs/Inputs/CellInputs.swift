import Biometrics
import Configurations

/// Everything that the numbers of one cell follow from, apart from the code.
///
/// The stages of a run are handed this value and never the spec: what is not in it cannot reach a
/// number. The fingerprint of a cell is taken over the same value, whole (`CellFingerprint`), so that
/// equal fingerprints mean equal numbers whatever a stage reads. What a cell does not need is nil or
/// a neutral value here; a spec may then say anything there without a cell being done again.
package struct CellInputs: Sendable, Encodable, Hashable {
  /// The cell; its names stand in records.
  package let cell: Cell
  package let division: DivisionInputs
  package let audit: AuditInputs
  /// Nil where no networks are trained.
  package let enrolment: EnrolmentInputs?
  /// Nil where the cell is evaluated.
  package var attack: AttackInputs?
  /// Seed of training and schemes; 0 where there are none.
  package var seed: UInt64
  package let evaluation: EvaluationInputs
  /// What score blocks hold beside the probes; partly for the sake of other cells.
  package let columns: [String]

  /// The files that the cell reads, each once.
  package var datasets: [DatasetInputs] {
    [division.evaluated, division.cohort, division.development, attack?.attacker]
      .compactMap(\.self).distinct()
  }
}

/// One file of embeddings: its bytes, and how they are read.
package struct DatasetInputs: Sendable, Encodable, Hashable {
  package let dataset: String
  package let extractor: String
  /// SHA-256 of the file.
  package let sha256: String
  /// How the file is read; the path is empty, for it may change.
  package let reading: EmbeddingSource

  /// "LFW/ArcFace".
  package var name: String { Self.name(dataset, extractor) }

  package static func name(_ dataset: String, _ extractor: String) -> String {
    "\(dataset)/\(extractor)"
  }
}

/// Who trains, who develops, who is enrolled and compared.
package struct DivisionInputs: Sendable, Encodable, Hashable {
  package let evaluated: DatasetInputs
  /// Whose people train; nil: nothing is trained.
  package let cohort: DatasetInputs?
  /// Whose people set thresholds and early stopping; nil: nothing is set.
  package let development: DatasetInputs?
  /// Paths are empty, and so are names of datasets that are not read.
  package let partition: PartitionScheme
  /// SHA-256 of the file that lists the division; nil: none does.
  package let split: String?
  package let limits: LimitsSpec
  /// Share of male rows that the cohort is cut down to, after its limit; nil: as it is.
  package let cohortMaleShare: Double?
  package let reference: ReferenceSelection
  package let enrolled: EnrolledSubjects
  package let unlabelled: UnlabelledRule
  /// Whether those who train or develop and look like an enrolled one of another name are left out.
  package let dropsNearDuplicates: Bool
  /// Seed of splits, references, limits and what an attacker draws, the same in all repeats; 0 where
  /// nothing is drawn.
  package let seed: UInt64
}

/// Which divisions are refused; changes no score.
package struct AuditInputs: Sendable, Encodable, Hashable {
  package let refusesNearDuplicates: Bool
  /// Whether people may stand in several parts.
  package let allowOverlap: Bool
  /// Whether files whose vectors all have length 1 are: raw ones are asked for.
  package let refusesUnitVectors: Bool
}

/// What networks are trained with.
package struct EnrolmentInputs: Sendable, Encodable, Hashable {
  package let training: TrainingConfiguration
  package let kde: KDEConfiguration
  /// The balancing factor, or those that each person's factor is chosen among.
  package let balancingFactors: [Double]
}

/// What becomes of scores.
package struct EvaluationInputs: Sendable, Encodable, Hashable {
  package let conventions: [EvaluationConvention]
  /// FMR targets.
  package let operatingPoints: [Double]
  /// FPIR targets of one-to-many searches; nil: none are made.
  package let identification: [Double]?
  package let bootstrap: BootstrapSpec
  /// "gender" or the name of a label column.
  package let groups: String
  /// What an attacker does with what is observed; nil: the cell is evaluated.
  package let audit: AttackSpec.Audit?
}

/// What an attacker observes, and of which system.
package struct AttackInputs: Sendable, Encodable, Hashable {
  package let attacker: DatasetInputs
  package let observation: AttackSpec.Observation
  /// The attacked scheme; nil: MOTE.
  package var scheme: ProtectionRecipe?
}
