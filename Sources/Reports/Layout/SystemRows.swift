import Biometrics
import Records
import Results

/// Lines of the CSV file about one system.
extension SystemResults {
  /// The line of a measured (or missing) value.
  func tidyRow(_ query: MeasurementQuery, published: PublishedValue? = nil) -> TidyRow {
    let summary = summary(query)
    var row = tidyRow(query, repeats: summary.repeats)
    row.rule = summary.rule ?? row.rule
    row.target = summary.target ?? row.target
    row.value = summary.value
    row.lower = summary.lower
    row.upper = summary.upper
    row.intervalMethod = summary.intervalMethod
    row.numerator = summary.numerator
    row.denominator = summary.denominator
    row.threshold = summary.threshold
    row.attainedFMR = summary.attainedFMR
    row.spread = summary.spread
    row.influence = summary.influence
    row.published = published?.value
    row.isPublishedInside = summary.contains(published)
    let isCompared = published != nil && summary.value != nil
    let share = isCompared ? results.publishedShare(place) : nil
    row.note = (summary.notes + [share].compactMap { $0 }).joined(separator: "; ")
    return row
  }

  /// The line of a paired difference; `system` names both systems.
  func tidyRow(
    _ query: MeasurementQuery, _ difference: SystemDifference, system: String
  ) -> TidyRow {
    var row = tidyRow(query, repeats: difference.repeats)
    row.system = system
    row.quantity = "\(query.quantity)-difference"
    row.value = difference.value
    row.lower = difference.lower
    row.upper = difference.upper
    row.intervalMethod = difference.intervalMethod
    row.spread = difference.spread
    row.note = difference.note ?? ""
    return row
  }

  /// The line of the difference from the traditional system; nil where there is none.
  func tidyDifference(_ query: MeasurementQuery) -> TidyRow? {
    guard !configuration.isTraditional, let difference = difference(query) else { return nil }
    return tidyRow(
      query, difference,
      system: "\(configuration.csvName) - \(configuration.baseline.csvName)")
  }

  /// The line of the largest of several differences: what it is of, its size in the wanted direction
  /// and the bound below it; `name` says what was chosen, e.g. "difference-best-factor".
  func tidyRow(
    _ query: MeasurementQuery, _ largest: LargestDifference, _ name: String, system: String,
    note: String
  ) -> TidyRow {
    var row = tidyRow(query, repeats: results.repeats)
    row.system = system
    row.quantity = "\(query.quantity)-\(name)"
    row.value = largest.size
    row.lower = largest.lowerBound
    row.intervalMethod = largest.lowerBound == nil ? nil : largest.method
    row.note = ([note] + [largest.pValue.map { "p \($0)" }].compactMap { $0 })
      .joined(separator: "; ")
    return row
  }

  /// What every line of a query has; no value yet.
  private func tidyRow(_ query: MeasurementQuery, repeats: Int) -> TidyRow {
    TidyRow(
      dataset: place.dataset, extractor: place.extractor, system: configuration.csvName,
      preset: configuration.preset, balancingFactor: configuration.balancingFactor,
      balancingRule: configuration.balancingRule, group: query.group,
      convention: query.convention, quantity: query.quantity.rawValue,
      rule: query.rules.first?.name, target: query.target, repeats: repeats,
      isSynthetic: results.isSynthetic)
  }
}

extension CellLayout {
  /// The paired difference from another system, or why one of them has no record.
  ///
  /// - Parameter other: nil: the traditional one with the same references.
  func paired(
    _ system: SystemResults, _ query: MeasurementQuery, minus other: SystemConfiguration? = nil
  ) -> TableCell {
    let other = other ?? system.configuration.baseline
    let missing = [system, system.results.at(system.place, other)].first(where: \.records.isEmpty)
    if let missing {
      return TableCell(
        CellFormat.absent, footnotes: ["\(missing.configuration.title): \(missing.absence)"])
    }
    return paired(system.difference(query, minus: other))
  }
}
