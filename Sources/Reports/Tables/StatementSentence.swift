// The sentence of the statement rule; the rule itself is `InferenceVerdict`.
import AttackReports
import Configurations

extension AttackReport {
  /// One sentence about a system, without full stop.
  ///
  /// - Parameter system: name as printed.
  package func statement(of system: String) -> String {
    let inference =
      attribute.prefix(1).uppercased() + attribute.dropFirst() + " inference from \(system) "
    guard let strongest = strongestAttack, let largest = largestBound else {
      return inference + "was not tested: no adaptive attack was run"
    }
    let described =
      "\(strongest.attack.rawValue) (\(strongest.attack.summary), \(strongest.name))"
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
      + "\(text(strongest.balancedAccuracy, accuracy, unit: " %")), \(strongest.targets) targets"
    let bound = area.text(InferenceVerdict.bound)
    let finding =
      switch verdict {
      case .prevented:
        "is prevented: the upper 95 % bound of the two-sided AUC stays below \(bound) in all "
          + "adaptive attacks (largest \(area.text(largest))); the strongest is \(described): "
          + figures
      case .notShown(let missing):
        "is not shown to be prevented: the attacks that were run stay below AUC \(bound), but "
          + "\(missing.map(\.rawValue).joined(separator: ", ")) could not be run; the strongest "
          + "is \(described): \(figures)"
      case .possible:
        "is possible: the strongest attack is \(described) with \(figures)"
      case .undecided:
        "is not shown to be prevented: the strongest attack is \(described) with \(figures), "
          + "which neither excludes chance nor stays below \(bound)"
      case .notTested: "was not tested: no adaptive attack was run"
      }
    return inference + finding
  }
}
