import Configurations

/// Everything that a comparison of synthetic with real samples follows from, apart from the code
/// (definitions 14). Configurations that differ in their networks alone share it.
package struct KDEInputs: Sendable, Encodable, Hashable {
  package let division: DivisionInputs
  package let kde: KDEConfiguration
  /// Share of the cohort's people that the guard keeps out of the densities; nil: none.
  package let heldOutShare: Double?
  package let bootstrap: BootstrapSpec
  /// Seed of samples, swaps and folds.
  package let seed: UInt64

  /// Nil where no networks are trained.
  package init?(_ inputs: CellInputs) {
    guard let enrolment = inputs.enrolment else { return nil }
    division = inputs.division
    var kde = enrolment.kde
    // Validation samples are not compared.
    kde.validationSource = .cohort
    self.kde = kde
    heldOutShare = enrolment.training.heldOutShare
    bootstrap = inputs.evaluation.bootstrap
    seed = inputs.seed
  }
}
