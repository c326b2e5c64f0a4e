// Figure beside Table 5: what identification costs.
import Foundation
import Records
import Specs

/// Latency and memory over the size of the gallery, from cost records.
///
/// - Parameter title: of the experiment; empty: not known.
package func identificationFigure(_ costs: [CostRecord], title: String = "") -> Figure {
  func panel(_ title: String, _ label: String, _ value: (GalleryCost) -> Double) -> Plot {
    let all = costs.flatMap(\.galleries)
    let values = all.map(value).filter { $0 > 0 }
    let sizes = all.map { Double($0.references) }
    var plot = Plot(
      title: title,
      xAxis: PlotAxis("References", scale: .log, range: PlotAxis.decades(around: sizes)),
      yAxis: PlotAxis(label, scale: .log, range: PlotAxis.decades(around: values)))
    var series = 0
    for cost in costs {
      let name = [cost.key.dataset, cost.key.extractor, "MOTE", cost.key.preset ?? ""]
      add(&plot, cost, "mote", name.joined(separator: " "), .series(series), value)
      series += 1
    }
    if let first = costs.first {
      add(&plot, first, "traditional", "Traditional", .baseline, value)
    }
    return plot
  }
  func add(
    _ plot: inout Plot, _ cost: CostRecord, _ system: String, _ name: String,
    _ style: SeriesStyle, _ value: (GalleryCost) -> Double
  ) {
    let points = cost.galleries.filter { $0.system == system }
    let measured = points.filter { !$0.isExtrapolated }
    var line = style
    line.marker = .none
    plot.layers.append(
      .line(points.map { PlotPoint(Double($0.references), value($0)) }, line))
    plot.layers.append(
      .points(measured.map { PlotPoint(Double($0.references), value($0)) }, style))
    plot.legend.append(LegendEntry(name, style))
  }
  return Figure(
    name: "identification", title: "Identification: one probe against a gallery, one core",
    caption: [
      CaptionSentence(
        "Median latency of one probe against all references, and memory of the references. "
          + "Markers: measured"
          + (costs.flatMap(\.galleries).contains(where: \.isExtrapolated)
            ? "; lines without marker: extrapolated in proportion." : "."))
    ],
    isSynthetic: costs.contains(where: \.isSynthetic),
    panels: [
      [panel("Latency", "Seconds", \.seconds), panel("Memory", "GB") { Double($0.bytes) / 1e9 }]
    ], provenance: ProvenanceSummary(of: costs.map(\.provenance), title: title))
}
