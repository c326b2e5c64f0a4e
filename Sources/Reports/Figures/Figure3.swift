// Figure 3 of the paper: ROC curves, MOTE against traditional.
import Biometrics
import Records
import Results
import Specs

/// The ROC figures of the conventions whose curves the records hold: `figure3`, then
/// `figure3-paper-compatible` and others.
package func figure3(_ results: RecordSet) -> [Figure] {
  ordered(
    results.records.flatMap { $0.curves.filter { !$0.value.isEmpty }.keys },
    first: ConventionText.usual
  ).map { convention in
    let lowest = lowestTMR(results, convention)
    return Figure(
      name: "figure3" + ConventionText.suffix(convention),
      title: "Figure 3: ROC curves, MOTE against traditional"
        + ConventionText.addition(convention),
      caption: "True match rate over false match rate (logarithmic), \(convention) convention, one "
        + "panel per dataset and extractor. Legend: area under the whole curve"
        + intervals(results, convention)
        + (results.repeats > 1 ? ", mean over repeats; thin lines are single repeats." : ".")
        + " The dotted line marks FMR 1e-3, the operating point of Table 2.",
      isSynthetic: results.isSynthetic,
      panels: results.extractors.map { extractor in
        results.datasets.map {
          panel(
            results, Place(dataset: $0, extractor: extractor), convention,
            lower: PlotAxis.lowerEnd(below: lowest))
        }
      }, provenance: results.provenance)
  }
}

private let fmrRange = 1e-5...1.0

private func panel(
  _ results: RecordSet, _ place: Place, _ convention: String, lower: Double
) -> Plot {
  var plot = Plot(
    title: place.title,
    xAxis: PlotAxis("False match rate", scale: .log, range: fmrRange),
    yAxis: PlotAxis("True match rate, 1 − FNMR", range: lower...1))
  plot.layers.append(.verticalGuide(x: 0.001, label: ""))
  let configurations = results.mainConfigurations
  for (configuration, usual) in zip(configurations, SeriesStyle.styles(of: configurations)) {
    var style = usual
    let records = results.records(place, configuration)
    let curves = records.compactMap { $0.curves[convention] }.filter { !$0.isEmpty }
    guard !curves.isEmpty else { continue }
    if curves.count > 1 {
      style.width = 1
      style.opacity = 0.7
    }
    plot.layers += curves.map { .line(rocLine($0), style) }
    plot.legend.append(
      LegendEntry(legend(configuration, records, convention), style))
  }
  if plot.legend.isEmpty { plot.message = "not run" }
  return plot
}

/// What the caption says of the intervals of the areas: all have one, or the reasons why not.
private func intervals(_ results: RecordSet, _ convention: String) -> String {
  let areas = results.places.flatMap { place in
    results.mainConfigurations.map { area(results.records(place, $0), convention) }
  }.filter { $0.value != nil }
  let without = areas.filter { $0.lower == nil }
  if without.isEmpty { return " with its 95 % interval" }
  let some = without.count < areas.count ? " with its 95 % interval where it has one" : ""
  return some + (without.flatMap(\.notes).distinct().map { " (\($0))" }).joined()
}

private func area(_ records: [EvaluationRecord], _ convention: String) -> CellSummary {
  CellSummary(MeasurementQuery(.auc, convention: convention), in: records)
}

/// "MOTE (paper)  AUC 0.9912 [0.9890, 0.9930]".
private func legend(
  _ configuration: SystemConfiguration, _ records: [EvaluationRecord], _ convention: String
) -> String {
  let area = area(records, convention)
  guard let value = area.value else { return "\(configuration.title), AUC n/a" }
  let interval = area.lower.map { " " + CellFormat.area.interval($0, area.upper!) } ?? ""
  return "\(configuration.title), AUC \(CellFormat.area.text(value))\(interval)"
}

/// The curve as a line on a logarithmic axis. Points with FMR 0 have no place there: the best true
/// match rate that they reach holds up to the first point with an error.
private func rocLine(_ curve: [CurvePoint]) -> [PlotPoint] {
  let points = curve.sorted { ($0.fmr, -$0.fnmr) < ($1.fmr, -$1.fnmr) }
  let withErrors = points.filter { $0.fmr > 0 }
  var line: [PlotPoint] = []
  if let last = points.last(where: { $0.fmr <= 0 }), let first = withErrors.first,
    first.fmr > fmrRange.lowerBound
  {
    line = [fmrRange.lowerBound, first.fmr].map { PlotPoint($0, 1 - last.fnmr) }
  }
  return line + withErrors.map { PlotPoint($0.fmr, 1 - $0.fnmr) }
}

/// The lowest true match rate at FMR >= 1e-4 over all curves: what the shared y axis must show.
private func lowestTMR(_ results: RecordSet, _ convention: String) -> Double {
  let curves = results.records.compactMap { $0.curves[convention] }
  return curves.flatMap { $0.filter { $0.fmr >= 1e-4 }.map { 1 - $0.fnmr } }.min() ?? 0
}
