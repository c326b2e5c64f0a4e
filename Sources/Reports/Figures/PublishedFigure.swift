// The paper's values beside ours, a line per cell.
import Results

/// A figure per convention of a document that has published values: ours with its interval, the published
/// one, and the line between them. Long ones have a figure per dataset.
///
/// - Parameter name: file stem of the figure of the default convention.
package func publishedFigures(_ document: ReportDocument, name: String) -> [Figure] {
  let rows = document.tidy.filter {
    $0.published != nil && $0.value != nil && $0.experiment == nil
  }
  return rows.map(\.convention).distinct().flatMap { convention -> [Figure] in
    let own = rows.filter { $0.convention == convention }
    let isLong = PublishedFigure.rows(own).count > PublishedFigure.longest
    let parts =
      isLong
      ? own.map(\.dataset).distinct().map { dataset in own.filter { $0.dataset == dataset } }
      : [own]
    return parts.map { rows in
      PublishedFigure(
        document: document, name: name, convention: convention, cells: rows,
        dataset: isLong ? rows[0].dataset : nil
      ).figure()
    }
  }
}

/// The figure of one convention.
private struct PublishedFigure {
  /// Lines that fit on a page.
  static let longest = 54

  let document: ReportDocument
  let name: String
  let convention: String
  let cells: [TidyRow]
  let dataset: String?

  private static let ours = SeriesStyle(colour: "#1b4f9c", marker: .circle, width: 0)
  private static let paper = SeriesStyle(colour: "#d95f02", marker: .diamond, width: 0)
  private static let distance = SeriesStyle(colour: "#9a9a9a", width: 1.6)

  func figure() -> Figure {
    // Attacked cells name a cohort there.
    let isUsual = convention.hasPrefix("cohort")
    return Figure(
      name: name + (isUsual ? "" : ConventionText.suffix(convention))
        + (dataset.map { "-\($0)" } ?? ""),
      title: "The paper's values beside ours, \(document.title)"
        + (isUsual ? "" : ConventionText.addition(convention)) + (dataset.map { ", \($0)" } ?? ""),
      caption: [
        "\(place)Circles: ours.",
        CaptionSentence("Bars: 95 % intervals of ours, where there is one.", where: \.hasIntervals),
        CaptionSentence(
          "Diamonds: as published. Lines "
            + "join the two values of a cell. Published values have no interval, and the comparisons behind "
            + "them need not be those that were run here."),
      ],
      isSynthetic: document.isSynthetic,
      panels: [cells.map(\.quantity).distinct().map(panel)], provenance: document.provenance,
      width: hasLongNames ? .full : nil)
  }

  /// Whether names of cells would be cut in a column.
  private var hasLongNames: Bool {
    Self.rows(cells).contains {
      SVGCanvas.width($0, size: FigureText.small) > FigureLayout.longestName(.column)
    }
  }

  /// A cell's name: what tells it from others of the figure. Rows of a table of factors name these, too.
  private static func label(_ row: TidyRow, among cells: [TidyRow]) -> String {
    let isMOTE = row.system == "mote"
    let system =
      [isMOTE ? "MOTE" : row.system, row.preset.map { isMOTE ? "(\($0))" : "" } ?? ""]
      .filter { !$0.isEmpty }.joined(separator: " ")
    let factor = row.quantity == "fdr" || row.quantity == "igarbe" ? row.balancingFactor : nil
    func telling(_ part: (TidyRow) -> String) -> String {
      Set(cells.map(part)).count > 1 ? part(row) : ""
    }
    let parts = [
      telling(\.dataset), telling(\.extractor), system, telling(\.group),
      factor.map { "factor \($0)" } ?? "",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Distinct lines, top to bottom.
  static func rows(_ cells: [TidyRow]) -> [String] {
    cells.map { label($0, among: cells) }.distinct()
  }

  /// Datasets and extractors, where lines need not tell them: "LFW, ArcFace. ".
  private var place: String {
    let parts = [cells.map(\.dataset).distinct(), cells.map(\.extractor).distinct()]
    let only = parts.filter { $0.count == 1 }.joined()
    return only.isEmpty ? "" : only.joined(separator: ", ") + ". "
  }

  private func panel(_ quantity: String) -> Plot {
    let labels = Self.rows(cells)
    let own = cells.filter { $0.quantity == quantity }
    var layers: [PlotLayer] = []
    for cell in own {
      // The first line stands on top.
      let y = Double(labels.count - 1 - labels.firstIndex(of: Self.label(cell, among: cells))!)
      let (value, published) = (cell.value!, cell.published!)
      layers.append(.line([PlotPoint(value, y), PlotPoint(published, y)], Self.distance))
      if let lower = cell.lower, let upper = cell.upper {
        layers.append(
          .horizontalInterval(y: y, value: value, lower: lower, upper: upper, Self.ours))
      } else {
        layers.append(.points([PlotPoint(value, y)], Self.ours))
      }
      layers.append(.points([PlotPoint(published, y)], Self.paper))
    }
    let values = own.flatMap { [$0.value, $0.published, $0.lower, $0.upper].compactMap { $0 } }
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let room = max(high - low, 1e-4) * 0.06
    let target = own.lazy.compactMap(\.target).first.map { " at FMR \(CellFormat.target($0))" }
    var plot = Plot(
      title: "",
      xAxis: PlotAxis(title(quantity) + (target ?? ""), range: (low - room)...(high + room)),
      yAxis: PlotAxis("", categories: labels.reversed()), layers: layers,
      legend: [LegendEntry("ours", Self.ours), LegendEntry("published", Self.paper)])
    plot.height = max(30, 9.2 * Double(labels.count))
    return plot
  }

  private func title(_ quantity: String) -> String {
    let names = [
      "fnmr": "FNMR", "fdr": "FDR (1 is fair)", "igarbe": "iGARBE (1 is fair)",
      "accuracy": "Accuracy", "gender-attack-balanced-accuracy": "Balanced accuracy of the attack",
    ]
    return names[quantity] ?? quantity
  }
}
