import Configurations
import Specs

/// How the enrolments of a unit went, in the order of its references; empty where nothing is trained.
package struct UnitOutcome: Sendable, Codable {
  package var enrolments: [SubjectEnrolment] = []
  /// Densities by gender and fold, e.g. "male/0": those that training drew from, and those that
  /// validation drew from.
  package var densities: [String: DensitySummary] = [:]
  package var validationDensities: [String: DensitySummary] = [:]
  /// Male ones of the synthetic samples that factors are chosen by; nil where there are none.
  package var maleSelection: Int?

  /// Library versions and kernels of scores that were taken over although they are not this run's;
  /// nil: all are.
  package var otherVersions: Set<String>?

  package init() {}

  /// What a record says of scores of other versions.
  package var warnings: [String] {
    (otherVersions ?? []).sorted().map { "some scores were made with other versions: \($0)" }
  }

  /// What the chosen ones of several candidates were.
  ///
  /// - Parameters:
  ///   - chosen: index into `candidates` of each reference.
  ///   - candidates: outcomes of the same unit.
  package init(choosing chosen: [Int], from candidates: [UnitOutcome]) {
    enrolments = chosen.enumerated().map { i, c in candidates[c].enrolments[i] }
    for candidate in candidates { merge(candidate) }
  }

  package mutating func append(_ other: UnitOutcome) {
    enrolments += other.enrolments
    merge(other)
  }

  private mutating func merge(_ other: UnitOutcome) {
    densities.merge(other.densities) { first, _ in first }
    validationDensities.merge(other.validationDensities) { first, _ in first }
    if let versions = other.otherVersions {
      otherVersions = (otherVersions ?? []).union(versions)
    }
  }
}

/// How one person's enrolment went.
package struct SubjectEnrolment: Sendable, Codable, Hashable {
  package var balancingFactor: Double
  package var training: TrainingCourse
  /// Wall time of drawing synthetic samples and of training.
  package var samplingSeconds: Double
  package var trainingSeconds: Double

  package init(
    balancingFactor: Double, training: TrainingCourse, samplingSeconds: Double,
    trainingSeconds: Double
  ) {
    self.balancingFactor = balancingFactor
    self.training = training
    self.samplingSeconds = samplingSeconds
    self.trainingSeconds = trainingSeconds
  }
}

/// An intra-subject density in two numbers.
package struct DensitySummary: Sendable, Codable, Hashable {
  /// h
  package var bandwidth: Double
  /// Residuals that it was made of.
  package var rows: Int

  package init(bandwidth: Double, rows: Int) {
    self.bandwidth = bandwidth
    self.rows = rows
  }
}
