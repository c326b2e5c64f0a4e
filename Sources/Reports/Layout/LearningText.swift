import Biometrics
import Configurations
import Records
import Results
import Specs

/// What sentences say of the learning curves of a configuration.
struct LearningText {
  private let record: LearningRecord

  init(_ record: LearningRecord) { self.record = record }

  private var settings: LearningCurvesSpec { record.settings }
  private var training: ObservedTraining { record.training }

  /// Who is shown, and by what.
  var setting: String {
    let people = record.summary.people
    let chosen =
      settings.named.isEmpty
      ? "\(counted(people, "person", "people")) drawn by the seed, those with further images first"
      : "\(counted(people, "person", "people")) named in the spec"
    let source =
      settings.proxies == .cohort
      ? "cohort people, who are left out of the training altogether (no densities, no non-mated rows)"
      : "development people"
    return "\(chosen). \(grouped(training.proxies)) proxies from images of "
      + "\(grouped(training.proxyPeople)) \(source). \(networks) Thresholds: FMR \(CellFormat.target(settings.target)) among scores on "
      + "\(grouped(training.developmentRows)) development rows."
  }

  /// Whose networks these are.
  var networks: String {
    settings.proxies == .cohort
      ? "Networks are trained for this, without those people; a run has others."
      : "Networks are those of a run."
  }

  /// What was measured, and no more.
  var sentence: String {
    let name = record.key.configuration.title
    let people = record.chosenPeople
    func range(_ values: [Double], _ format: CellFormat, unit: String = "") -> String {
      let sorted = values.sorted()
      return
        "\(format.text(middle(sorted)))\(unit) (median; \(format.text(sorted[0])) to "
        + "\(format.text(sorted[sorted.count - 1]))\(unit))"
    }
    let restored = range(
      people.map { Double($0.course.restored.number) }, CellFormat(decimals: 0))
    let rates = range(people.map { record.rateShare($0.course.restored) }, .percent, unit: " %")
    let text =
      (training.patience == nil
        ? "\(name): without early stopping the last epoch stands, \(restored)"
        : "\(name): early stopping restores epoch \(restored)")
      + ", where the learning rate, as a share of its maximum, is \(rates)."
    // Without early stopping both are one network.
    if training.patience == nil { return text }
    return text
      + LearningThreshold.allCases.map { threshold in
        let others =
          [
            (record.summary.restoredMinusEnded, "those with which training ended"),
            (record.summary.restoredMinusLast, "those of the last epoch without patience"),
          ] as [(BothThresholds<MeanOverPeople>?, String)]
        let comparisons = others.compactMap { difference, other in
          difference.map { comparison(threshold.of($0), other) }
        }
        return " With \(threshold.name), \(comparisons.joined(separator: "; "))."
      }.joined()
  }

  /// The restored networks beside others, by proxies.
  private func comparison(_ difference: MeanOverPeople, _ other: String) -> String {
    let format = CellFormat(decimals: 3)
    guard let lower = difference.lower, let upper = difference.upper else {
      return "no interval says how these networks stand to \(other), "
        + "\(format.signed(difference.value)) (\(difference.note ?? "no interval"))"
    }
    let figures = "\(format.signed(difference.value)) \(format.interval(lower, upper))"
    return difference.note != nil || (lower <= 0 && upper >= 0)
      ? "proxies do not tell these networks apart from \(other), \(figures)"
      : "these networks reject \(lower > 0 ? "more" : "fewer") proxies than \(other), \(figures)"
  }
}
