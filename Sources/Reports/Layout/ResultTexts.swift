// How tables and file names call what the results hold.
import Results

extension FairnessVerdict {
  /// As printed.
  package var text: String {
    switch self {
    case .better: "better"
    case .worse: "worse"
    case .notDistinguishable: "not distinguishable"
    case .notTested: CellFormat.notAvailable
    }
  }
}

extension ThresholdRule {
  /// Label of a row of accuracies.
  var label: String {
    switch self {
    case .atHalf: "p ≥ 0.5"
    case .best: "best threshold"
    case .atFMR(let target): "at FMR \(CellFormat.target(target))"
    case .rejectAll: "reject all"
    case .operatingPoint, .other: name
    }
  }
}

extension PaperTarget {
  /// What names of files add for another target: "-at-1e-2".
  static func suffix(_ target: Double) -> String {
    isPaper(target) ? "" : "-at-\(CellFormat.target(target))"
  }
}

extension AttackQuestion {
  /// Part of file names; empty for gender. Other characters than letters, digits, "-", "_" and "." stand
  /// as "=" and their code ("<30" is "=3C30"), so that no two labels share a file.
  var suffix: String {
    if attribute == "gender" { return "" }
    return "-"
      + "\(attribute)-\(first)".unicodeScalars.map { scalar in
        let isPlain =
          scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "-_.".unicodeScalars.contains(scalar)
        return isPlain ? "\(scalar)" : "=" + String(scalar.value, radix: 16, uppercase: true)
      }.joined()
  }
}
