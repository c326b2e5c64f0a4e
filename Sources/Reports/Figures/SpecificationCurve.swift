// The curve of readings (definitions 12.1), after Simonsohn, Simmons and Nelson (2020): sorted
// estimates with their intervals above a matrix that says what each reading chooses.
import Biometrics
import Records
import Results
import Specs

/// The curve of every statistic at every place, where two readings or more have a value.
package func specificationCurves(_ records: ExperimentRecords) -> [Figure] {
  ReadingResults.all(records).flatMap { results in
    ReadingStatistic.allCases.compactMap { statistic in
      let curve = SpecificationCurve(records: records, results: results, statistic: statistic)
      return curve.points.count > 1 ? curve.figure() : nil
    }
  }
}

/// One figure.
private struct SpecificationCurve {
  let records: ExperimentRecords
  let results: ReadingResults
  let statistic: ReadingStatistic
  let points: [ReadingResults.Point]

  init(records: ExperimentRecords, results: ReadingResults, statistic: ReadingStatistic) {
    (self.records, self.results, self.statistic) = (records, results, statistic)
    points = results.curve(statistic)
  }

  // Styles differ in lightness and in form, for print in grey.
  private static let base = SeriesStyle(colour: "#000000", marker: .diamond, width: 0)
  private static let oneSwitch = SeriesStyle(colour: "#1b4f9c", marker: .circle, width: 0)
  private static let sampled = SeriesStyle(colour: "#d98a2b", marker: .triangle, width: 0)
  private static let traditional = SeriesStyle(colour: "#777777", marker: .square, width: 0)
  private static let chosen = SeriesStyle(colour: "#222222", marker: .circle, width: 0)
  private static let otherName = SeriesStyle(colour: "#b5b5b5", marker: .circle, width: 0)
  private static let stripe = SeriesStyle(colour: "#777777", width: 0)

  func figure() -> Figure {
    let place = results.place
    let isAttack = statistic.quantity == nil
    return Figure(
      name: "readings-\(statistic.rawValue)-\(place.dataset)-\(place.extractor)",
      title: "Readings: \(statistic.title), \(place.dataset), \(place.extractor)",
      caption: caption,
      isSynthetic: isAttack ? records.attacks.isSynthetic : records.results.isSynthetic,
      panels: [[estimates()], [matrix()]],
      provenance: isAttack ? records.attacks.provenance : records.results.provenance,
      width: points.count > 25 ? .full : .column)
  }

  private var caption: [CaptionSentence] {
    let missing = results.missing(statistic)
    let repeats = points.map(\.estimate.repeats).max() ?? 1
    let repeatsText = repeats > 1 ? ", means over up to \(repeats) trainings" : ""
    let hasIntervals = points.contains { $0.estimate.lower != nil }
    var sentences: [CaptionSentence] = [
      CaptionSentence(
        "\(statistic.description(results)) under \(points.count) readings of the paper, sorted, "
          + (hasIntervals ? "with 95 % intervals of each reading by itself" : "without intervals")
          + "\(repeatsText); below, what each chooses."),
      CaptionSentence(
        "The readings share their people and draws, so differences between them are better known than "
          + "the intervals suggest.", where: \.hasIntervals),
    ]
    if let null = statistic.null {
      sentences.append(
        CaptionSentence(
          "Dotted: \(null == 0 ? "no difference" : "chance").", where: \.hasGuides))
    }
    if statistic == .strongestAUC {
      sentences.append(
        CaptionSentence(
          "An interval is that of the winner, which does not pay for its choice.",
          where: \.hasIntervals))
    }
    if points.contains(where: { $0.estimate.lower == nil }) {
      sentences.append(
        CaptionSentence("A point without bar has no interval.", where: \.hasIntervals))
    }
    if !missing.isEmpty {
      sentences.append(
        CaptionSentence(
          "Without a value: "
            + missing.map { "\($0.reading.name) (\(CaptionSentence.plain($0.reason)))" }.joined(
              separator: "; ") + "."))
    }
    return sentences
  }

  // MARK: - Estimates

  private func estimates() -> Plot {
    var layers: [PlotLayer] = statistic.null.map { [.horizontalGuide(y: $0, label: "")] } ?? []
    var values = statistic.null.map { [$0] } ?? []
    for (x, point) in points.enumerated() where statistic == .fnmr {
      guard let other = results.traditional(.fnmr, beside: point.readings[0]) else { continue }
      layers.append(.points([PlotPoint(Double(x), other.value)], Self.traditional))
      values.append(other.value)
    }
    for (x, point) in points.enumerated() {
      let (x, estimate, style) = (Double(x), point.estimate, style(of: point))
      if let lower = estimate.lower, let upper = estimate.upper {
        layers.append(
          .interval(PlotPoint(x, estimate.value), lower: lower, upper: upper, style))
        values += [lower, upper]
      } else {
        layers.append(.points([PlotPoint(x, estimate.value)], style))
      }
      values.append(estimate.value)
    }
    var plot = Plot(
      title: "", xAxis: ranks, yAxis: PlotAxis(statistic.axis, range: range(values)),
      layers: layers)
    plot.height = 120
    plot.xAxis.isShared = true
    return plot
  }

  private func style(of point: ReadingResults.Point) -> SeriesStyle {
    let fewest = point.readings.map(\.choices.count).min()!
    return fewest == 0 ? Self.base : fewest == 1 ? Self.oneSwitch : Self.sampled
  }

  private func range(_ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let room = max(high - low, 1e-6) * 0.06
    return (low - room)...(high + room)
  }

  /// Every fifth rank is named.
  private var ranks: PlotAxis {
    PlotAxis(
      "Readings by estimate",
      categories: points.indices.map { $0 == 0 || ($0 + 1) % 5 == 0 ? "\($0 + 1)" : "" })
  }

  // MARK: - Matrix

  /// A line of the matrix: what a reading can choose.
  private struct Line {
    let label: String
    let isChosen: (Reading) -> Bool
  }

  /// The lines in groups: the bases, then a group for each switch that some reading of the curve
  /// changes, with what the base has at its end.
  private var groups: [[Line]] {
    let readings = points.flatMap(\.readings)
    var groups = [
      results.readings.bases.map { base in Line(label: "base: \(base)") { $0.base == base } }
    ]
    for own in results.readings.switches {
      func option(_ reading: Reading) -> String? {
        reading.choices.first { $0.name == own.name }?.option
      }
      guard readings.contains(where: { option($0) != nil }) else { continue }
      groups.append(
        own.options.filter { name in readings.contains { option($0) == name } }.map { name in
          Line(label: "\(own.name): \(name)") { option($0) == name }
        } + [Line(label: "as base") { option($0) == nil }])
    }
    return groups
  }

  private func matrix() -> Plot {
    let lines = groups.flatMap(\.self)
    // The first line stands on top, at the upper end of the axis.
    func height(_ line: Int) -> Double { Double(lines.count - 1 - line) }
    var layers: [PlotLayer] = []
    var first = 0
    for (g, group) in groups.enumerated() {
      if g % 2 == 1 {
        let (upper, lower) = (height(first) + 0.5, height(first + group.count - 1) - 0.5)
        let ends = [ranks.range.lowerBound, ranks.range.upperBound]
        layers.append(.band(x: ends, lower: [lower, lower], upper: [upper, upper], Self.stripe))
      }
      first += group.count
    }
    var (dots, others): ([PlotPoint], [PlotPoint]) = ([], [])
    for (x, point) in points.enumerated() {
      for (i, line) in lines.enumerated() {
        let dot = PlotPoint(Double(x), height(i))
        if line.isChosen(point.readings[0]) {
          dots.append(dot)
        } else if point.readings.contains(where: line.isChosen) {
          others.append(dot)
        }
      }
    }
    layers += [.points(others, Self.otherName), .points(dots, Self.chosen)]
    var plot = Plot(
      title: "", xAxis: ranks, yAxis: PlotAxis("", categories: lines.map(\.label).reversed()),
      layers: layers, legend: legend(hasOthers: !others.isEmpty))
    plot.height = 8.4 * Double(lines.count)
    return plot
  }

  private func legend(hasOthers: Bool) -> [LegendEntry] {
    var entries = [
      LegendEntry("a base", Self.base), LegendEntry("one switch changed", Self.oneSwitch),
      LegendEntry("several changed, sampled from the product", Self.sampled),
    ].filter { entry in points.contains { style(of: $0) == entry.style } }
    if statistic == .fnmr { entries.append(LegendEntry("traditional", Self.traditional)) }
    if hasOthers {
      entries.append(LegendEntry("the same settings by another name", Self.otherName))
    }
    return entries
  }
}
