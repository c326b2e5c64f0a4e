import Files

/// Writes the tidy table of a document: full precision, base units, one row per number.
///
/// Header first; where the numbers come from stands beside the file (`TableMetadata`).
/// Numbers are the shortest text that reads back to the same float64; empty means not available.
package enum CSVWriter {
  package static let columns = [
    "dataset", "extractor", "system", "preset", "balancing_factor", "group", "convention",
    "quantity", "rule", "target", "value", "lower", "upper", "interval_method", "numerator",
    "denominator", "threshold", "attained_fmr", "repeats", "sd_over_repeats", "people_with_errors",
    "largest_share_of_one", "without_one_lower", "without_one_upper", "published", "difference",
    "published_in_interval", "synthetic", "note",
  ]

  /// The first column of tables that gather several experiments.
  package static let experiment = "experiment"

  package static func text(_ document: ReportDocument) -> String {
    let namesExperiments = document.tidy.contains { $0.experiment != nil }
    var lines = [((namesExperiments ? [experiment] : []) + columns).joined(separator: ",")]
    lines += document.tidy.map { row in
      csvRow((namesExperiments ? [row.experiment ?? ""] : []) + row.csvFields)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension TidyRow {
  /// Fields in the order of `CSVWriter.columns`.
  fileprivate var csvFields: [String] {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    func text(_ value: Int?) -> String { value.map(String.init) ?? "" }
    return [
      dataset, extractor, system, preset ?? "", balancingRule ?? text(balancingFactor), group,
      convention,
      quantity, rule ?? "", text(target), text(value), text(lower), text(upper),
      intervalMethod ?? "", text(numerator), text(denominator), text(threshold),
      text(attainedFMR), "\(repeats)", text(spread), text(influence?.people),
      text(influence?.largestShare), text(influence?.withoutOne?.lowerBound),
      text(influence?.withoutOne?.upperBound), text(published), text(difference),
      isPublishedInside.map { $0 ? "true" : "false" } ?? "", isSynthetic ? "true" : "false", note,
    ]
  }
}
