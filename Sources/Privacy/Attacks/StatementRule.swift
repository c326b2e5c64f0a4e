// The sentence that may be said of a system (definitions 3.4): inference is "prevented" only when
// the upper 95 % bound of the two-sided AUC is below 0.60 for each of A1 to A8.

import AttackReports

/// Bound of the statement rule on the two-sided AUC.
package let preventionBound = 0.60

/// One sentence about a system, made from its attacks.
///
/// - Parameters:
///   - system: name as printed.
///   - attribute: what is inferred, e.g. "gender".
///   - outcomes: all variants; A0 is not looked at.
///   - omitted: attacks that were not run; an inapplicable one does not stand in the way.
package func statement(
  system: String, attribute: String, outcomes: [AttackOutcome], omitted: [OmittedAttack]
) -> String {
  let inference = attribute.prefix(1).uppercased() + attribute.dropFirst() + " inference"
  let adaptive = outcomes.filter { $0.attack != .a0 }
  guard let strongest = AttackReport.strongest(adaptive) else {
    return "\(inference) from \(system) was not tested: no adaptive attack was run"
  }
  let described =
    "\(strongest.attack.rawValue) (\(strongest.attack.summary), \(strongest.name))"
  let area = strongest.twoSidedAUC
  let figures =
    "AUC \(fixed(area.value)) [\(fixed(area.lower)), \(fixed(area.upper))], balanced accuracy "
    + "\(percent(strongest.balancedAccuracy.value)) [\(percent(strongest.balancedAccuracy.lower)), "
    + "\(percent(strongest.balancedAccuracy.upper))], \(strongest.targets) targets"
  let widest = adaptive.map(\.twoSidedAUC.upper).max()!
  if widest < preventionBound {
    let missing = omitted.filter { $0.attack != .a0 && !$0.isInapplicable }.map(\.attack.rawValue)
    if missing.isEmpty {
      return
        "\(inference) from \(system) is prevented: the upper 95 % bound of the two-sided AUC stays "
        + "below \(fixed(preventionBound)) in all adaptive attacks (largest \(fixed(widest))); the "
        + "strongest is \(described): \(figures)"
    }
    return
      "\(inference) from \(system) is not shown to be prevented: the attacks that were run stay "
      + "below AUC \(fixed(preventionBound)), but \(missing.joined(separator: ", ")) could not be "
      + "run; the strongest is \(described): \(figures)"
  }
  // The winner's own bound forgets that it was chosen; without replicates there is no other.
  let winner = StrongestAttack(outcomes)
  if winner.map(\.isPossible) ?? (area.lower > 0.5) {
    let bound =
      winner.map {
        $0.variants > 1
          ? "; allowing for the choice among \($0.variants) variants, at least AUC "
            + fixed($0.lowerBound) : ""
      } ?? ""
    return "\(inference) from \(system) is possible: the strongest attack is \(described) with "
      + figures + bound
  }
  return
    "\(inference) from \(system) is not shown to be prevented: the strongest attack is \(described) "
    + "with \(figures), which neither excludes chance nor stays below \(fixed(preventionBound))"
}

/// Two decimals, rounded half away from zero.
private func fixed(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let digits = String(hundredths % 100)
  return "\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits)"
}

/// A fraction as percent with one decimal.
private func percent(_ fraction: Double) -> String {
  let tenths = Int((fraction * 1000).rounded())
  return "\(tenths / 10).\(tenths % 10) %"
}
