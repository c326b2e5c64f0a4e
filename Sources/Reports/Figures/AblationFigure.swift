// The ablation as a picture: what a smaller reference costs in recognition, and what it hides.
import AttackReports
import Foundation
import Records
import Results
import Specs

/// FNMR, and where networks were attacked the strongest attack, over the bytes of a reference.
package func ablationFigure(_ records: ExperimentRecords) -> Figure {
  let places = records.ablatedPlaces
  let base = places.first?.base.preset ?? ""
  let numbers = (places.first?.networks ?? []).map { "\($0.number) \($0.name)" }
  return Figure(
    name: "ablation", title: "Which network is enough",
    caption: [
      CaptionSentence(
        "Bytes of a stored reference against FNMR at FMR = "
          + "\(places.first?.query.target.map(CellFormat.target) ?? ""), and against the two-sided AUC of the "
          + "strongest attack on gender where networks were attacked. Axes of bytes, and of rates where none is "
          + "0, are logarithmic."),
      CaptionSentence(
        "Bars: 95 % intervals; they say how far estimates can be told apart.", where: \.hasIntervals
      ),
      CaptionSentence(
        "The line joins the networks that no other beats in both directions by their estimates (Pareto "
          + "set).", where: \.hasLines), .sideBySide,
      "Base: \(base).", "\(numbers.joined(separator: ", ")).",
    ],
    isSynthetic: records.results.isSynthetic,
    panels: places.map { place in
      [recognition(place, records), attack(place)].compactMap { $0 }
    },
    provenance: records.results.provenance)
}

/// Indices of the points that no other point is at most as large as in both directions and smaller in
/// one, by x and then by y.
package func paretoSet(_ points: [PlotPoint]) -> [Int] {
  points.indices.filter { i in
    !points.contains { other in
      other.x <= points[i].x && other.y <= points[i].y && other != points[i]
    }
  }.sorted { (points[$0].x, points[$0].y, $0) < (points[$1].x, points[$1].y, $1) }
}

/// One network in a panel.
private struct Entry {
  let network: AblatedNetwork
  let value: Double
  let bounds: ClosedRange<Double>?
}

private func recognition(_ place: AblatedPlace, _ records: ExperimentRecords) -> Plot {
  let entries = place.networks.compactMap { network in
    network.fnmr.value.map { value in
      Entry(
        network: network, value: value,
        bounds: network.fnmr.lower.flatMap { lower in network.fnmr.upper.map { lower...$0 } })
    }
  }
  let traditional = records.results.at(place.place, place.base.baseline).summary(place.query).value
  let axis = PlotAxis(
    "FNMR at FMR \(place.query.target.map(CellFormat.target) ?? "")",
    scale: isLogarithmic(entries) ? .log : .linear, range: range(entries, and: traditional))
  var plot = panel(place, entries, axis)
  if let value = traditional, axis.range.contains(value) {
    plot.layers.insert(.horizontalGuide(y: value, label: ""), at: 0)
    var style = SeriesStyle.baseline
    (style.colour, style.dash, style.width, style.marker) = ("#777777", "1.5 2.5", 0.9, .none)
    plot.legend.append(LegendEntry("Traditional, \(4 * place.networks[0].dims[0]) bytes", style))
  }
  return plot
}

/// Rates span decades; one of 0 has no place on a logarithmic axis.
private func isLogarithmic(_ entries: [Entry]) -> Bool { entries.allSatisfy { $0.value > 0 } }

/// Whole decades around all intervals, but no more than two below the smallest rate; from 0 on where a rate is 0.
private func range(_ entries: [Entry], and traditional: Double?) -> ClosedRange<Double> {
  let others = traditional.map { [$0] } ?? []
  let highest = (entries.map { $0.bounds?.upperBound ?? $0.value } + others).max() ?? 1
  guard let smallest = entries.map(\.value).min(), isLogarithmic(entries) else {
    return 0...max(min(1, highest * 1.12), 1e-4)
  }
  let ends = entries.map { $0.bounds?.lowerBound ?? $0.value } + others
  let lowest = max(ends.filter { $0 > 0 }.min() ?? smallest, smallest / 100)
  return pow(10, floor(log10(lowest) + 1e-9))...pow(10, ceil(log10(highest) - 1e-9) + 0.05)
}

private func attack(_ place: AblatedPlace) -> Plot? {
  let entries = place.networks.compactMap { network in
    network.attack.map { strongest in
      let area = strongest.attack.twoSidedAUC
      return Entry(
        network: network, value: area.value,
        bounds: area.lower <= area.upper ? area.lower...area.upper : nil)
    }
  }
  if entries.isEmpty { return nil }
  var plot = panel(place, entries, PlotAxis("Two-sided AUC, strongest attack", range: 0.45...1.03))
  plot.layers.insert(.horizontalGuide(y: 0.5, label: "chance"), at: 0)
  return plot
}

private enum AblationStyle {
  static let others = SeriesStyle(colour: "#9a9a9a", marker: .diamond, width: 0)
  static let pareto = SeriesStyle(colour: "#1b4f9c", marker: .circle)
  static let base = SeriesStyle(colour: "#222222", marker: .square, width: 0)
}

private func panel(_ place: AblatedPlace, _ entries: [Entry], _ axis: PlotAxis) -> Plot {
  let bytes = place.networks.map { Double($0.bytes) }
  var plot = Plot(
    title: place.place.title,
    xAxis: PlotAxis(
      "Bytes of a reference", scale: .log,
      range: (bytes.min() ?? 1) / 2...(bytes.max() ?? 1) * 2.5),
    yAxis: axis)
  if entries.isEmpty {
    plot.message = "not measured"
    return plot
  }
  let pareto = paretoSet(entries.map { PlotPoint(Double($0.network.bytes), $0.value) })
  let places = entries.map { markPlace(of: $0, among: entries) }
  plot.layers.append(.line(pareto.map { places[$0] }, AblationStyle.pareto))
  for (i, entry) in entries.enumerated() {
    let isBase = entry.network.system.configuration == place.base
    let style =
      isBase
      ? AblationStyle.base : pareto.contains(i) ? AblationStyle.pareto : AblationStyle.others
    if let bounds = entry.bounds {
      plot.layers.append(
        .interval(places[i], lower: bounds.lowerBound, upper: bounds.upperBound, style))
    } else {
      plot.layers.append(.points([places[i]], style))
    }
    // Neighbours have their numbers on opposite sides.
    let isBelow = i % 2 == 1
    let end = isBelow ? entry.bounds?.lowerBound : entry.bounds?.upperBound
    var label = places[i]
    label.y = end ?? entry.value
    plot.layers.append(.label(label, "\(entry.network.number)", isBelow: isBelow))
  }
  plot.legend = [
    LegendEntry("Pareto set", AblationStyle.pareto),
    LegendEntry("Base: \(place.base.preset ?? "")", AblationStyle.base),
    LegendEntry("Others", AblationStyle.others),
  ]
  return plot
}

/// Where a network stands: at its bytes, those of equal bytes side by side.
private func markPlace(of entry: Entry, among entries: [Entry]) -> PlotPoint {
  let equals = entries.filter { $0.network.bytes == entry.network.bytes }
  let rank = equals.firstIndex { $0.network.number == entry.network.number }!
  return PlotPoint(Double(entry.network.bytes), entry.value, aside: Double(rank))
}
