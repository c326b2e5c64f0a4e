// The sentence of the statement rule; the rule itself is `InferenceVerdict`.
import AttackReports
import Configurations

/// One sentence about a system, without full stop.
///
/// - Parameters:
///   - system: name as printed.
///   - reports: of its repeats; at least one, all of one question.
package func statement(of system: String, in reports: [AttackReport]) -> String {
  let attribute = reports[0].attribute
  let inference =
    attribute.prefix(1).uppercased() + attribute.dropFirst() + " inference from \(system) "
  let adaptive = RepeatedAttack.all(in: reports).filter { $0.attack != .a0 }
  guard let strongest = RepeatedAttack.strongest(adaptive),
    let largest = adaptive.map(\.twoSidedAUC.upper).max()
  else {
    return inference + "was not tested: no adaptive attack was run"
  }
  let described = "\(strongest.attack.rawValue) (\(strongest.attack.summary), \(strongest.name))"
  let (area, accuracy) = (CellFormat.twoDecimals, CellFormat.percentTenths)
  func text(_ estimate: Estimate, _ format: CellFormat, unit: String = "") -> String {
    let (value, lower, upper) = (
      format.text(estimate.value) + unit, format.text(estimate.lower) + unit,
      format.text(estimate.upper) + unit
    )
    return "\(value) [\(lower), \(upper)]"
  }
  let figures =
    "AUC \(text(strongest.twoSidedAUC, area)), balanced accuracy "
    + "\(text(strongest.balancedAccuracy, accuracy, unit: " %")), \(reports[0].targets) targets"
    + (reports.count > 1 ? ", mean of \(reports.count) repeats" : "")
  let bound = area.text(InferenceVerdict.bound)
  let finding =
    switch InferenceVerdict(of: reports) {
    case .prevented:
      "is prevented: the upper 95 % bound of the two-sided AUC stays below \(bound) in all "
        + "adaptive attacks (largest \(area.text(largest))); the strongest is \(described): "
        + figures
    case .notShown(let missing):
      "is not shown to be prevented: the attacks that were run stay below AUC \(bound), but "
        + "\(missing.map(\.rawValue).joined(separator: ", ")) could not be run; the strongest "
        + "is \(described): \(figures)"
    case .possible:
      "is possible: the strongest attack is \(described) with \(figures)" + choice(reports, area)
    case .undecided:
      "is not shown to be prevented: the strongest attack is \(described) with \(figures), "
        + "which neither excludes chance nor stays below \(bound)"
    case .notTested: "was not tested: no adaptive attack was run"
    }
  return inference + finding
}

/// What the choice of the strongest attack costs: "; allowing for …", empty for a single variant.
private func choice(_ reports: [AttackReport], _ format: CellFormat) -> String {
  guard let winner = StrongestAttack(in: reports), winner.variants > 1 else { return "" }
  return "; allowing for the choice among \(winner.variants) variants, at least AUC "
    + format.text(winner.lowerBound)
}
