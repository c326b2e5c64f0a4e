import Configurations

/// Everything that learning curves follow from, apart from the code (definitions 6.9).
package struct LearningInputs: Sendable, Encodable, Hashable {
  package let division: DivisionInputs
  package let enrolment: EnrolmentInputs
  package let settings: LearningCurvesSpec
  package let bootstrap: BootstrapSpec
  /// Seed of the trainings.
  package let seed: UInt64
  /// Identities of those who are observed since the records name them, and their false non-matches.
  package let worst: [String: Int]

  /// - Precondition: networks are trained with the inputs.
  package init(_ inputs: CellInputs, _ settings: LearningCurvesSpec, worst: [String: Int]) {
    division = inputs.division
    enrolment = inputs.enrolment!
    self.settings = settings
    bootstrap = inputs.evaluation.bootstrap
    seed = inputs.seed
    self.worst = worst
  }
}
