import Configurations

/// A table or figure of an experiment: what `outputs` can name, in the order in which they are
/// written.
package enum ReportOutput: String, Sendable, Codable, CaseIterable {
  case table1
  case table2
  case figure3
  /// Gender inference as the paper prints it.
  case table3
  /// The audit: adaptive attackers against the same systems.
  case table3b
  case table4
  /// Figures over the balancing factor.
  case sweep
  /// Thresholds shared, per group, per subject and from the development set.
  case calibration
  /// One-to-many searches: misses at fixed shares of searches that return somebody wrongly.
  case identification
  /// Figure: score differences by gender.
  case attackDistributions = "attack-distributions"
  /// Figure: success over the size of the attacker's gallery.
  case attackGallery = "attack-gallery"
  /// The curve of readings, what each switch moves, and how many readings each claim holds in.
  case readings
  /// From cost records (`Harness measure`), with the figure of identification.
  case table5
  /// From cost records: latency and memory over the number of people, with a figure.
  case scale
  /// From records of heat maps (`Harness explain`): contact sheets, attention, likeness, deletion.
  case figure4
  /// Recognition, strongest attack and costs over networks and regularisation, with a figure.
  case ablation
  /// Synthetic samples beside real ones, from their own records (a run or `Harness kde`).
  case kde
  /// Losses, learning rate and rejected real images over the epochs of single trainings, from their own
  /// records (`Harness learning-curves`).
  case learningCurves = "learning-curves"
  /// The paper's claims and what the records answer; made from whatever there is.
  case claims
  /// One HTML page with the other outputs.
  case report
}

extension ReportOutput {
  /// Outputs made from attacked cells.
  package static let ofAttacks: Set<ReportOutput> = [
    .table3, .table3b, .attackDistributions, .attackGallery,
  ]
  /// Outputs made from evaluated cells.
  package static let ofEvaluations: Set<ReportOutput> = [
    .table1, .table2, .figure3, .table4, .sweep, .calibration, .identification, .readings, .table5,
    .scale, .figure4, .ablation,
  ]
}

extension SpecReader {
  /// Precision of the model-templates to save; nil: none.
  mutating func templatePrecision(_ top: SpecFields<TopLevelKey>) -> WeightPrecision? {
    let precision: WeightPrecision? = choice(top, .templatePrecision)
    return boolean(top, .saveTemplates) == true ? precision ?? .float32 : nil
  }
}
