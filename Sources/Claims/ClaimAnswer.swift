import Results
import Specs

/// The answer to one claim under one reading (configuration and convention) at one place.
package struct ClaimAnswer: Sendable, Hashable {
  package enum Answer: Sendable, Hashable {
    /// The interval lies wholly inside the region.
    case holds
    /// The interval lies wholly outside.
    case doesNotHold
    /// Neither.
    case cannotBeToldApart
    /// Nothing can be said, and why.
    case notTestable(String)
    /// Figures stand side by side; no answer belongs to them.
    case compared

    /// The answer of a claim with two parts that must both pass.
    ///
    /// - Precondition: both are testable.
    func and(_ other: Answer) -> Answer {
      switch (self, other) {
      case (.holds, .holds): .holds
      case (.doesNotHold, _), (_, .doesNotHold): .doesNotHold
      default: .cannotBeToldApart
      }
    }
  }

  package var claim: Claim
  package var dataset: String
  package var extractor: String
  /// The system; over several factors without one.
  package var configuration: SystemConfiguration
  /// Name of the evaluation convention; of attacks the training cohort, as in the CSV of Table 3;
  /// empty where nothing was evaluated.
  package var convention: String
  package var answer: Answer
  /// Nil where there is no value.
  package var estimate: Double?
  /// Ends of the interval that the answer rests on; nil: not known.
  package var lower: Double?
  package var upper: Double?
  package var intervalMethod: String?
  /// The region with its numbers: the paper's gap of this cell stands in.
  package var region: ClaimRegion
  /// The border at which the claim would just hold; nil where no interval tells.
  package var smallestMargin: Double?
  /// Repeats behind the estimate.
  package var repeats = 1
  /// What the estimate is of, where the statistic chooses among several; else empty.
  package var note = ""
  package var isSynthetic = false
  /// The place has no records that could answer, whatever the reading.
  package var isUnrecorded = false
  /// Whose records answer, where those of several experiments are gathered.
  package var experiment: String?
  /// Cells whose records the answer was made from.
  package var cells: [Cell]

  init(
    _ claim: Claim, _ place: Place, _ configuration: SystemConfiguration, convention: String = "",
    answer: Answer, cells: [Cell] = []
  ) {
    self.claim = claim
    dataset = place.dataset
    extractor = place.extractor
    self.configuration = configuration
    self.convention = convention
    self.answer = answer
    region = claim.region
    self.cells = cells
  }

  /// Where it was asked.
  package var at: Place { Place(dataset: dataset, extractor: extractor) }

  /// Whether it was made on development people, whom choices may follow.
  package var isOnDevelopment: Bool { cells.contains { $0.evaluated == .development } }

  /// Whether it counts where several experiments are gathered: real people, none of development.
  package var isCounted: Bool { !isSynthetic && !isOnDevelopment }

  /// Why it cannot be tested; nil: it can.
  package var reason: String? {
    if case .notTestable(let reason) = answer { reason } else { nil }
  }

  /// Gives the answer that an interval gives for a region.
  mutating func judge(
    _ estimate: Double, lower: Double?, upper: Double?, method: String?, region: ClaimRegion
  ) {
    self.estimate = estimate
    (self.lower, self.upper, intervalMethod) = (lower, upper, method)
    self.region = region
    answer = region.answer(lower: lower, upper: upper)
    smallestMargin = region.smallestMargin(lower: lower, upper: upper)
  }
}
