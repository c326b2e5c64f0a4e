import Biometrics

/// Sentences on how to read the cells, for the captions of all tables.
enum ReadingNotes {
  static func repeats(_ count: Int) -> String {
    count > 1
      ? "Values are means over \(count) repeats, ± their standard deviation; counts, where there are any, are sums."
      : "One repeat."
  }

  /// "1 of 3 repeats" where a run has not come to the others; empty where all are there.
  static func missingRepeats(_ found: Int, of expected: Int) -> [String] {
    found < expected ? ["\(found) of \(expected) repeats"] : []
  }

  static func attackRepeats(_ count: Int) -> String {
    count > 1
      ? "Values are means over \(count) repeats, ± their standard deviation; a drawn target brings all "
        + "its models."
      : "One repeat."
  }

  /// How the intervals of some quantities were made: "Brackets: 95 % interval (FNMR: …)."
  static func interval(_ quantities: [Quantity]) -> String {
    let methods = quantities.map(\.intervalMethod).distinct().map { method in
      let titles = quantities.filter { $0.intervalMethod == method }.map(\.title)
      return (quantities.count > 1 ? titles.joined(separator: ", ") + ": " : "") + method.phrase
    }
    return "Brackets: 95 % interval (\(methods.joined(separator: "; "))); the CSV file names each."
  }
  static let bold = "Bold: the best value of an extractor in its row, with all that tie as printed."
  static let paired =
    "Brackets: 95 % interval (\(PairedDifference.method.phrase)) of the element-wise differences, made "
    + "with the same draws of subjects; * marks intervals that exclude 0 and hold the difference."
  /// What the largest of several differences says.
  static let largest =
    "“At least”: lower bound that holds with 95 % certainty for all of them at once, so that the "
    + "choice is paid for; “p”: of none lying above 0; both by max-T over the same draws of subjects."

  /// What published values and differences are, where a table has them; beside synthetic data, that
  /// they say nothing.
  static func published(_ rows: [TidyRow], isSynthetic: Bool) -> [String] {
    guard rows.contains(where: { $0.published != nil }) else { return [] }
    let meaning =
      "“published” is the paper's printed value, “difference” is reproduced − published; “inside” "
      + "means that the published value, as far as its rounding tells, lies in our interval."
    return [meaning]
      + (isSynthetic
        ? ["The data are synthetic: published values and differences only show the layout."] : [])
  }
}

extension Quantity {
  /// As headings and sentences name it.
  var title: String {
    switch self {
    case .fnmr: "FNMR"
    case .fmr: "FMR"
    case .eer: "EER"
    case .auc: "AUC"
    case .accuracy: "accuracy"
    case .balancedAccuracy: "balanced accuracy"
    case .fdr: "FDR"
    case .igarbe: "iGARBE"
    case .inequityRate: "inequity rate"
    case .fnir: "FNIR"
    case .fpir: "FPIR"
    }
  }
}

extension IntervalMethod {
  /// A few words for captions.
  fileprivate var phrase: String {
    switch self {
    case .percentile: "percentiles of the subject bootstrap"
    case .basic: "reflected percentiles of the subject bootstrap"
    case .recentred: "percentiles of the subject bootstrap, recentred at the estimate"
    case .bca: "BCa of the subject bootstrap"
    case .wilson:
      "Wilson's with the effective trials of the subject bootstrap; no error: 3/n of n people"
    case .doubleOrNothing: "percentiles of double-or-nothing weights"
    case .ruleOf3: "3/n of n people"
    }
  }
}
