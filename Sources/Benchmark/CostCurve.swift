import Configurations
import Foundation
import Reports

/// How the time per item of ours grows with one size, from the CSV.
package struct CostCurve: Sendable {
  package let workload: Workload
  /// Median seconds per item by size, in order of size.
  package let points: [(size: Int, seconds: Spread)]
  /// The line through the logarithms of all points; nil with fewer than two sizes.
  package let law: PowerLaw?

  package init(_ workload: Workload, _ set: MeasurementSet) {
    self.workload = workload
    points = workload.contestants.compactMap { contestant in
      guard let size = contestant.size, let spread = set.spread(workload, contestant.name)
      else { return nil }
      return (size, spread)
    }.sorted { $0.size < $1.size }
    law = PowerLaw(points.map { (Double($0.size), $0.seconds.median) })
  }

  /// The slope in words, with what the line does not say.
  package var sentence: String {
    guard let law else { return "Fewer than two sizes were measured: no slope." }
    return "Log-log slope \(String(format: "%.2f", law.slope)) over "
      + "\(grouped(Int(law.smallestSize))) to \(grouped(Int(law.largestSize))) "
      + "\(workload.sizeName ?? "") (1 is proportional); the line misses no point by more than "
      + "\(String(format: "%.0f", law.largestDeviation * 100)) %."
  }

  /// The curve as one panel: medians with their range, and the fitted line; both axes logarithmic.
  package var plot: Plot {
    let costs = points.flatMap { [$0.seconds.minimum, $0.seconds.maximum] }
    var plot = Plot(
      title: workload.title,
      xAxis: PlotAxis(
        workload.sizeName ?? "size", scale: .log,
        range: PlotAxis.decades(around: points.map { Double($0.size) })
      ),
      yAxis: PlotAxis(
        "CPU seconds per \(workload.item.rawValue)", scale: .log,
        range: PlotAxis.decades(around: costs)))
    guard let law else {
      plot.message = "fewer than two sizes"
      return plot
    }
    let line = [law.smallestSize, law.largestSize].map { PlotPoint($0, law.cost(at: $0)) }
    var lineStyle = SeriesStyle.baseline
    lineStyle.marker = .none
    plot.layers.append(.line(line, lineStyle))
    let measured = SeriesStyle.series(0)
    for point in points {
      plot.layers.append(
        .interval(
          PlotPoint(Double(point.size), point.seconds.median), lower: point.seconds.minimum,
          upper: point.seconds.maximum, measured))
    }
    plot.layers.append(
      .points(points.map { PlotPoint(Double($0.size), $0.seconds.median) }, measured))
    var marker = measured
    marker.width = 0
    plot.legend = [
      LegendEntry("measured: median and range", marker),
      LegendEntry("slope \(String(format: "%.2f", law.slope))", lineStyle),
    ]
    return plot
  }

  /// Markdown of the curve.
  var blocks: [String] {
    var table = Table(
      name: workload.name, title: workload.title, caption: "", isSynthetic: false,
      columns: [
        TableColumn(workload.sizeName ?? "size"),
        TableColumn("Time per \(workload.item.rawValue)"), TableColumn("Per size unit"),
      ])
    for point in points {
      table.rows.append(
        TableRow([
          TableCell(grouped(point.size)), TableCell(Figures.seconds(point.seconds)),
          TableCell(Figures.seconds(point.seconds.median / Double(point.size))),
        ]))
    }
    return [
      "### \(workload.title)", "\(workload.details) \(sentence)", MarkdownWriter.grid(table),
    ]
  }
}
