/// Sentences on how to read the cells, for the captions of all tables.
enum ReadingNotes {
  static func repeats(_ count: Int) -> String {
    count > 1
      ? "Values are means over \(count) repeats, ± their standard deviation; counts are sums."
      : "One repeat."
  }
  static let interval =
    "Brackets: 95 % interval of the subject bootstrap unless the CSV file names another method."
  static let bold = "Bold: the best value of an extractor in its row, with all that tie as printed."
  static let paired =
    "The interval is the percentile interval of the element-wise differences of the bootstrap "
    + "replicates (same draws of subjects); * marks intervals that exclude 0."

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
