// Figure of the output scale: latency over the number of people, and what lies beyond.
import Foundation
import Records
import Results
import Specs

/// Median latency of verification and of identification over the number of people, both axes
/// logarithmic, to a million.
///
/// - Parameter title: of the experiment; empty: not known.
package func scaleFigure(_ costs: [CostRecord], title: String = "") -> Figure {
  let costs = costs.filter { $0.scale != nil }
  func panel(_ task: ScalePoint.Task, _ title: String) -> Plot {
    var lines: [(name: String, line: ScaleLine)] = []
    for cost in costs {
      let place = [cost.key.dataset, cost.key.extractor, cost.key.preset ?? ""]
      // Zipf's pattern is in the table: its lines lie on the others.
      for line in ScaleLine.all(of: cost.scale!) where line.task == task && line.pattern != .zipf {
        let name = "\(line.precision.rawValue) \(line.state.rawValue)"
        lines.append((costs.count > 1 ? "\(place.joined(separator: " ")) \(name)" : name, line))
      }
    }
    let sizes = lines.flatMap { $0.line.points.map { Double($0.people) } }
    let ends = lines.compactMap { $0.line.latency?.value(at: ScaleLine.million) }
    let values = lines.flatMap { $0.line.points.map(\.latency.p50) } + ends
    var plot = Plot(
      title: title,
      xAxis: PlotAxis(
        "People", scale: .log, range: PlotAxis.decades(around: sizes + [Double(ScaleLine.million)])),
      yAxis: PlotAxis("Seconds", scale: .log, range: PlotAxis.decades(around: values)))
    for (i, (name, line)) in lines.enumerated() {
      let style = SeriesStyle.series(i)
      var bare = style
      bare.marker = .none
      if let fit = line.latency {
        let first = log10(Double(line.points[0].people))
        let last = log10(Double(max(ScaleLine.million, line.points.last!.people)))
        // A straight line is bent on these axes.
        plot.layers.append(
          .line(
            (0...24).map { k in
              let people = pow(10, first + (last - first) * Double(k) / 24)
              return PlotPoint(people, fit.fixed + fit.slope * people)
            }, bare))
      }
      plot.layers.append(
        .points(line.points.map { PlotPoint(Double($0.people), $0.latency.p50) }, style))
      plot.legend.append(LegendEntry(name, style))
    }
    return plot
  }
  return Figure(
    name: "scale", title: "Latency over the number of people",
    caption: [
      "Markers: measured median latency of one request, verification with uniform requests.",
      CaptionSentence(
        "Lines: fixed + slope × people, of verification a constant, fitted to the markers; extrapolated "
          + "beyond the last. After a start there is none.",
        where: \.hasLines),
      "Templates are jittered copies of a few trained ones.",
    ],
    isSynthetic: costs.contains(where: \.isSynthetic),
    panels: [
      [panel(.verification, "Verification"), panel(.identification, "Identification")]
    ], provenance: ProvenanceSummary(of: costs.map(\.provenance), title: title))
}
