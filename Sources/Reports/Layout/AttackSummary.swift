import AttackReports
import Biometrics
import Configurations
import Records
import Specs

/// One variant of one attack over the repeats of a cell: means, and the hull of the intervals.
struct AttackSummary {
  let attack: AttackKind
  let variant: String
  let training: TrainingSource?
  let repeats: Int
  let balancedAccuracy: Estimate
  let twoSidedAUC: Estimate
  let auc: Estimate
  let accuracy: Double
  let majorityRate: Double
  let recallFirst: Double
  let recallSecond: Double
  let sharePredictedFirst: Double
  let ties: Int
  let targets: Int
  let targetsOfFirst: Int
  /// Largest over the repeats: the weakest evidence.
  let pValue: Double
  let decisionPValue: Double
  /// All decisions are the same in every repeat.
  let isCollapsed: Bool

  private init?(_ outcomes: [AttackOutcome]) {
    guard let first = outcomes.first else { return nil }
    func mean(_ value: (AttackOutcome) -> Double) -> Double {
      outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
    }
    func hull(_ estimate: (AttackOutcome) -> Estimate) -> Estimate {
      let all = outcomes.map(estimate)
      return Estimate(
        value: all.reduce(0) { $0 + $1.value } / Double(all.count),
        lower: all.map(\.lower).min()!, upper: all.map(\.upper).max()!)
    }
    attack = first.attack
    variant = first.variant
    training = first.training
    repeats = outcomes.count
    balancedAccuracy = hull(\.balancedAccuracy)
    twoSidedAUC = hull(\.twoSidedAUC)
    auc = hull(\.auc)
    accuracy = mean(\.accuracy)
    majorityRate = mean(\.majorityRate)
    recallFirst = mean(\.recallFirst)
    recallSecond = mean(\.recallSecond)
    sharePredictedFirst = mean(\.sharePredictedFirst)
    ties = outcomes.reduce(0) { $0 + $1.ties }
    targets = first.targets
    targetsOfFirst = first.targetsOfFirst
    pValue = outcomes.map(\.pValue).max()!
    decisionPValue = outcomes.map(\.decisionPValue).max()!
    isCollapsed = outcomes.allSatisfy(\.isCollapsed)
  }

  /// Every variant of an attack, in the order of the records.
  static func variants(_ attack: AttackKind, in reports: [AttackReport]) -> [AttackSummary] {
    let outcomes = reports.first?.outcomes.filter { $0.attack == attack } ?? []
    return outcomes.compactMap { outcome in
      AttackSummary(
        reports.compactMap { $0.outcome(attack, outcome.variant, outcome.training) })
    }
  }

  /// The variant with the largest mean two-sided AUC; the first of equals. Nil where the attack was
  /// not carried out.
  ///
  /// - Parameter training: of trained attacks those that learnt from it; nil: all.
  static func strongest(
    _ attack: AttackKind, _ training: TrainingSource? = nil, in reports: [AttackReport]
  ) -> AttackSummary? {
    variants(attack, in: reports)
      .filter { training == nil || $0.training == nil || $0.training == training }
      .reduce(nil) { best, next in
        next.twoSidedAUC.value > (best?.twoSidedAUC.value ?? 0) ? next : best
      }
  }

  /// The paper's attack: larger mean score, on the scale the paper reads.
  static func printed(in reports: [AttackReport]) -> AttackSummary? {
    variants(.a0, in: reports).first
  }
}

/// Cells of tables of attacks.
enum AttackCells {
  static let share = CellFormat(shift: 2, decimals: 2, boundDecimals: 1)
  static let area = CellFormat(decimals: 3, boundDecimals: 3)

  static func cell(_ estimate: Estimate, _ format: CellFormat) -> TableCell {
    TableCell(
      format.text(estimate.value), detail: format.interval(estimate.lower, estimate.upper))
  }

  /// Why there is no value.
  static func absent(_ attack: AttackKind, in reports: [AttackReport]) -> TableCell {
    guard let report = reports.first else {
      return TableCell(CellFormat.absent, footnotes: ["not run"])
    }
    let omitted = report.omitted.first { $0.attack == attack }
    return TableCell(
      CellFormat.absent, footnotes: omitted.map { ["\(attack.rawValue): \($0.reason)"] } ?? [])
  }

  /// A p-value with as many digits as it has.
  static func pValue(_ value: Double) -> TableCell {
    TableCell(value < 0.0001 ? CellFormat.scientific(value) : CellFormat(decimals: 4).text(value))
  }

  /// Recognition cost; `n/a` with its reason where it cannot be measured.
  static func recognition(
    _ quantity: Quantity, target: Double? = nil, in records: [AttackRecord]
  ) -> TableCell {
    let found = records.compactMap { $0.recognition(quantity, target: target) }
    let values = found.compactMap(\.value)
    guard !values.isEmpty else {
      return TableCell(
        found.isEmpty ? CellFormat.absent : CellFormat.notAvailable,
        footnotes: found.compactMap(\.note))
    }
    let lower = found.compactMap(\.lower).min()
    let upper = found.compactMap(\.upper).max()
    return TableCell(
      CellFormat.rate.text(values.reduce(0, +) / Double(values.count)),
      detail: lower.map { CellFormat.rate.interval($0, upper!) } ?? "")
  }
}

extension CellFormat {
  /// Whole percent.
  static let percent = CellFormat(shift: 2, decimals: 0)
}

extension TidyRow {
  /// A number of an attack.
  init(
    _ quantity: String, _ value: Double?, interval: Estimate? = nil, rule: String,
    dataset: String, extractor: String, system: AttackedSystem, group: String = "all",
    repeats: Int, numerator: Int? = nil, denominator: Int? = nil,
    published: PublishedValue? = nil, isSynthetic: Bool, note: String = ""
  ) {
    self.dataset = dataset
    self.extractor = extractor
    self.system = system.configuration.system
    preset = system.configuration.preset
    balancingFactor = system.configuration.balancingFactor
    self.group = group
    convention = system.cohortMaleShare.map { "cohort-male-\($0)" } ?? "cohort-as-is"
    self.quantity = quantity
    self.rule = rule
    self.value = value
    lower = interval?.lower
    upper = interval?.upper
    intervalMethod = interval == nil ? nil : "target-bootstrap"
    self.numerator = numerator
    self.denominator = denominator
    self.repeats = repeats
    self.published = published?.value
    difference = published?.value.flatMap { other in value.map { $0 - other } }
    isPublishedInside = interval.flatMap { published?.mayLie(in: $0.lower, $0.upper) }
    self.isSynthetic = isSynthetic
    self.note = note
  }
}
