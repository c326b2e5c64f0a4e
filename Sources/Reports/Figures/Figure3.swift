// Figure 3 of the paper: ROC curves, MOTE against traditional; and the same as DET curves.
import Biometrics
import Foundation
import Records
import Results
import Specs

/// The curves of the conventions that the records hold: `figure3`, `figure3-det`, then
/// `figure3-paper-compatible` and others.
package func figure3(_ results: RecordSet) -> [Figure] {
  let conventions = ordered(
    results.records.flatMap { $0.curves.filter { !$0.value.isEmpty }.keys },
    first: ConventionText.usual)
  return conventions.flatMap { convention in
    CurveFigure.Kind.allCases.map {
      CurveFigure(results: results, convention: convention, kind: $0).figure()
    }
  }
}

/// The curves of one convention.
private struct CurveFigure {
  enum Kind: CaseIterable {
    /// True match rate over false match rate.
    case roc
    /// FNMR over FMR, both on axes on which normal scores give straight lines.
    case det
  }

  let results: RecordSet
  let convention: String
  let kind: Kind

  private var configurations: [SystemConfiguration] { results.mainConfigurations }

  func figure() -> Figure {
    let isROC = kind == .roc
    return Figure(
      name: "figure3" + (isROC ? "" : "-det") + ConventionText.suffix(convention),
      title: (isROC ? "Figure 3: ROC curves" : "DET curves")
        + ", MOTE against traditional" + ConventionText.addition(convention),
      caption: caption, isSynthetic: results.isSynthetic,
      panels: results.extractors.map { extractor in
        results.datasets.map { panel(Place(dataset: $0, extractor: extractor)) }
      }, provenance: results.provenance,
      // Many systems need room for the legend.
      width: configurations.count > 7 ? .full : nil)
  }

  private func curves(_ records: [EvaluationRecord]) -> [ROCStaircase] {
    records.compactMap { ROCStaircase($0, convention: convention) }
  }

  private var allCurves: [ROCStaircase] {
    curves(
      configurations.flatMap { configuration in
        results.places.flatMap { results.records($0, configuration) }
      })
  }

  // MARK: - Axes

  /// From one false match of the largest set of comparisons on.
  private var lowestFMR: Double {
    roundedDown(min(allCurves.map(\.left).min() ?? 1e-5, 1e-2))
  }

  private var axes: (x: PlotAxis, y: PlotAxis) {
    switch kind {
    case .roc:
      // The lowest true match rate at FMR ≥ 1e-4: what the shared y axis must show.
      let lowest =
        allCurves.flatMap { curve in
          curve.points.filter { $0.fmr >= 1e-4 }.map { 1 - $0.fnmr }
        }.min() ?? 0
      let lowerEnd = PlotAxis.lowerEnd(below: lowest)
      // Further left all curves lie below the panel.
      let first =
        allCurves.flatMap { curve in
          curve.points.filter { 1 - $0.fnmr >= lowerEnd }.map(\.fmr)
        }.min() ?? lowestFMR
      return (
        PlotAxis("False match rate", scale: .log, range: roundedDown(min(first, 1e-2))...1),
        PlotAxis("True match rate", range: lowerEnd...1)
      )
    case .det:
      let rates = allCurves.flatMap { $0.points.map(\.fnmr) }
      let lowest = rates.filter { $0 > 0 }.min() ?? 1e-3
      let highest = rates.filter { $0 < 1 }.max() ?? 0.5
      let top = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4].first { $0 >= highest } ?? 0.6
      return (
        PlotAxis("FMR in %", scale: .probit, range: lowestFMR...0.4),
        PlotAxis(
          "FNMR in %", scale: .probit,
          range: min(roundedDown(lowest), 0.2 * top)...top)
      )
    }
  }

  /// 1, 2 or 5 times a power of ten, at most the value.
  private func roundedDown(_ value: Double) -> Double {
    let power = pow(10, floor(log10(value) + 1e-9))
    return [5.0, 2, 1].map { $0 * power }.first { $0 <= value * (1 + 1e-9) } ?? power
  }

  // MARK: - Panels

  private func panel(_ place: Place) -> Plot {
    let (xAxis, yAxis) = axes
    var plot = Plot(title: place.title, xAxis: xAxis, yAxis: yAxis)
    plot.layers.append(.verticalGuide(x: 0.001, label: ""))
    var bands: [PlotLayer] = []
    var lines: [PlotLayer] = []
    let styles = SeriesStyle.styles(of: configurations)
    for (i, configuration) in configurations.enumerated() {
      var style = styles[i]
      let records = results.records(place, configuration)
      let curves = curves(records)
      guard !curves.isEmpty else { continue }
      if curves.count > 1 { (style.width, style.opacity) = (1, 0.75) }
      for curve in curves {
        if curves.count == 1 { bands += band(curve, style) }
        lines.append(.line(curve.corners.map { point($0.fmr, $0.fnmr) }, style.lineAlone))
      }
      if curves.count == 1 {
        lines += marks(curves[0], style, shift: Double(i) / Double(configurations.count))
      }
      if curves.count > 1 || curves[0].band.isEmpty {
        lines += bars(records, style, aside: Double(i))
      }
      plot.legend.append(LegendEntry(legend(configuration, records), style))
    }
    plot.layers += bands + lines
    if plot.legend.isEmpty { plot.message = "not run" }
    return plot
  }

  private func point(_ fmr: Double, _ fnmr: Double) -> PlotPoint {
    PlotPoint(fmr, kind == .roc ? 1 - fnmr : fnmr)
  }

  private func band(_ curve: ROCStaircase, _ style: SeriesStyle) -> [PlotLayer] {
    guard curve.band.count > 1 else { return [] }
    let ends = curve.band.map { (point($0.fmr, $0.lower).y, point($0.fmr, $0.upper).y) }
    return [
      .band(
        x: curve.band.map(\.fmr), lower: ends.map { min($0.0, $0.1) },
        upper: ends.map { max($0.0, $0.1) }, style)
    ]
  }

  /// Marks on the curve, one a decade, those of different systems beside each other.
  private func marks(_ curve: ROCStaircase, _ style: SeriesStyle, shift: Double) -> [PlotLayer] {
    let places = (-8...0).map { pow(10, Double($0) - 1 + shift) }.filter {
      $0 >= curve.left && $0 < 1
    }
    return [.points(places.map { point($0, curve.fnmr(at: $0)) }, style.pointsAlone)]
  }

  /// Intervals of the operating points, side by side.
  private func bars(
    _ records: [EvaluationRecord], _ style: SeriesStyle, aside: Double
  ) -> [PlotLayer] {
    results.targets(of: .fnmr, convention: convention).compactMap { target in
      let found = CellSummary(
        MeasurementQuery(.fnmr, convention: convention, target: target), in: records)
      guard let value = found.value, let lower = found.lower, let upper = found.upper else {
        return nil
      }
      var mark = point(target, value)
      mark.aside = aside
      let ends = [point(target, lower).y, point(target, upper).y]
      return .interval(mark, lower: ends.min()!, upper: ends.max()!, style)
    }
  }

  // MARK: - Texts

  private var caption: [CaptionSentence] {
    let what =
      kind == .roc
      ? "True match rate over false match rate (logarithmic)"
      : "False non-match rate over false match rate, both on axes of normal deviates"
    let mean = results.repeats > 1 ? ", mean over repeats" : ""
    var sentences: [CaptionSentence] = [
      CaptionSentence(
        "\(what), \(convention) convention, one panel per dataset and extractor. Curves are the staircases of "
          + "the comparisons and begin at one false match."),
      kind == .roc
        ? "Legend: area under the whole curve\(mean)\(areaIntervals)."
        : "Legend: equal error rate\(mean).",
    ]
    if results.repeats > 1 {
      sentences += [
        CaptionSentence(
          "Thin lines are single repeats; they have no common band, as their records hold no replicates "
            + "of whole curves."),
        CaptionSentence(
          "Bars: mean over repeats at the operating points with its 95 % interval (people and "
            + "trainings).", where: \.hasIntervals),
      ]
    } else {
      sentences += [
        CaptionSentence(
          "Bands: pointwise 95 % intervals of the FNMR (subject bootstrap), where enough errors give "
            + "one.", where: \.hasBands),
        CaptionSentence("No bands: the records hold no intervals of whole curves.") {
          !$0.hasBands
        },
        CaptionSentence(
          "Bars: 95 % intervals at the operating points, where they have one.",
          where: \.hasIntervals),
      ]
    }
    return sentences + [
      .sideBySide,
      CaptionSentence(
        "The dotted line marks FMR 1e-3, the operating point of Table 2.", where: \.hasGuides),
    ]
  }

  /// What the caption says of the intervals of the areas: all have one, or the reasons why not.
  private var areaIntervals: String {
    let areas = results.places.flatMap { place in
      configurations.map { summary(.auc, results.records(place, $0)) }
    }.filter { $0.value != nil }
    let without = areas.filter { $0.lower == nil }
    if without.isEmpty { return " with its 95 % interval" }
    let some = without.count < areas.count ? " with its 95 % interval where it has one" : ""
    let notes = without.flatMap(\.notes).map(CaptionSentence.plain).distinct()
    return some + notes.map { " (\($0))" }.joined()
  }

  private func summary(_ quantity: Quantity, _ records: [EvaluationRecord]) -> CellSummary {
    CellSummary(MeasurementQuery(quantity, convention: convention), in: records)
  }

  /// "MOTE (paper), AUC 0.9912 [0.9890, 0.9930]".
  private func legend(_ configuration: SystemConfiguration, _ records: [EvaluationRecord]) -> String
  {
    let isROC = kind == .roc
    // In the unit of the axes.
    let (name, format) = isROC ? ("AUC", CellFormat.area) : ("EER", CellFormat.percentHundredths)
    let found = summary(isROC ? .auc : .eer, records)
    guard let value = found.value else { return "\(configuration.title), \(name) n/a" }
    let interval = found.lower.map { " " + format.interval($0, found.upper!) } ?? ""
    return "\(configuration.title), \(name) \(format.text(value))\(isROC ? "" : " %")\(interval)"
  }
}
