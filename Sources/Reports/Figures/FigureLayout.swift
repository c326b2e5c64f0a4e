// Where everything of a figure stands, once for SVG and PGFPlots, so that both are the same picture.
// Lengths are big points (1/72 inch), y runs downwards.

/// The width of a figure on paper.
package enum FigureWidth: Double, Sendable {
  /// A column of IEEEtran, 252 TeX points, less a hair, so that no box is overfull.
  case column = 251
  /// Both columns, 516 TeX points.
  case full = 514
}

/// A figure laid out.
struct FigureLayout {
  /// A panel: its plot area, and what stands around it.
  struct Panel {
    let plot: Plot
    /// Names the panel in the figure: "0-1".
    let id: String
    var title: [String] = []
    var xName: [String] = []
    var yName: [String] = []
    /// Ticks with the texts that are shown; empty: the line alone.
    var xTicks: [PlotAxis.Tick] = []
    var yTicks: [PlotAxis.Tick] = []
    /// Top left corner of the plot area.
    var x = 0.0
    var y = 0.0
    var width = 0.0
    var height = 0.0
    /// The widest tick label of its own y axis.
    var tickRoom = 0.0
    /// Middles of the baselines of labels of points, by index of their layers.
    var labels: [Int: (x: Double, y: Double)] = [:]
    /// Of marks that stand side by side, by their x.
    var spreads: [Double: Spread] = [:]

    /// The place of a point; far outside ones stay finite.
    func place(_ point: PlotPoint) -> (x: Double, y: Double) {
      (
        x + plot.xAxis.position(plot.xAxis.near(point.x)) * width + shift(point),
        y + (1 - plot.yAxis.position(plot.yAxis.near(point.y))) * height
      )
    }

    /// The part of a line that shows: indices of its points.
    func visible(_ points: [PlotPoint]) -> [Int] { Decimation.visible(points.map(place)) }

    /// Whether the label of an upright guide stands left of it: at the right there is no room.
    func labelsLeft(of x: Double, _ label: String) -> Bool {
      let room = (1 - plot.xAxis.position(x)) * width
      return SVGCanvas.width(label, size: FigureText.small) + 3 > room
    }

    /// Baselines of the lines of the title, of the x axis and of the y axis: (x, y) of their middles.
    func titlePlace(_ i: Int) -> (x: Double, y: Double) {
      (x + width / 2, y - 4 - Double(title.count - 1 - i) * FigureText.line)
    }
    func xNamePlace(_ i: Int) -> (x: Double, y: Double) {
      (x + width / 2, y + height + 18.5 + Double(i) * FigureText.line)
    }
    func yNamePlace(_ i: Int) -> (x: Double, y: Double) {
      (x - tickRoom - 7 - Double(yName.count - 1 - i) * FigureText.line, y + height / 2)
    }
  }

  /// An entry of a legend: a sample of the style, and its text.
  struct Entry {
    let style: SeriesStyle
    let lines: [String]
    /// Left end of the sample.
    var x: Double
    /// Middle of the first line.
    var y: Double

    static let sample = 17.0
    static let gap = 4.0
    func baseline(_ i: Int) -> (x: Double, y: Double) {
      (x + Self.sample + Self.gap, y + 0.35 * FigureText.small + Double(i) * FigureText.line)
    }
  }

  let width: Double
  private(set) var height = 0.0
  private(set) var panels: [Panel] = []
  private(set) var legend: [Entry] = []
  /// Middle of the baseline of the mark of synthetic data; nil: data are real.
  private(set) var mark: (x: Double, y: Double)?

  static let syntheticMark = "SYNTHETIC DATA"
  /// Panels beside each other; more go on below.
  private static let mostColumns = 4
  private static let edge = 1.5
  private static let right = 7.0

  init(_ figure: Figure) {
    width = figure.width.rawValue
    if figure.isSynthetic { mark = (width / 2, 7) }
    let rows = figure.panels.flatMap { row in
      stride(from: 0, to: row.count, by: Self.mostColumns).map {
        Array(row[$0..<min($0 + Self.mostColumns, row.count)])
      }
    }
    let columns = max(1, rows.map(\.count).max() ?? 1)
    let isSingle = rows.joined().count == 1
    // Without tick texts, which need the sizes of the plots.
    let names = rows.map { row in row.indices.map { Self.showsY(row, $0) } }
    let tickRooms = (0..<columns).map { c in
      rows.indices.compactMap { r in
        c < rows[r].count && names[r][c] ? Self.tickRoom(rows[r][c], width) : nil
      }.max() ?? 0
    }
    var heights: [Double] = []
    let nameRooms = (0..<columns).map { c in
      rows.indices.contains { r in
        c < rows[r].count && names[r][c] && !rows[r][c].yAxis.label.isEmpty
      } ? FigureText.line + 4 : 0
    }
    // Names of y axes may need a second line; heights follow from widths, so assume them first.
    func plotWidth(_ extra: [Double]) -> Double {
      let lefts = zip(zip(tickRooms, nameRooms).map(+), extra).map(+)
      return
        (width - 2 * Self.edge - lefts.reduce(0) { $0 + max($1 + 4, 4) }
        - Double(columns) * Self.right) / Double(columns)
    }
    var extra = [Double](repeating: 0, count: columns)
    for row in rows {
      let height = row.map { $0.height ?? Self.usualHeight(plotWidth(extra)) }.max() ?? 0
      heights.append(height)
      for (c, plot) in row.enumerated() where nameRooms[c] > 0 {
        if Self.name(plot.yAxis, height + 8).count > 1 { extra[c] = FigureText.line }
      }
    }
    let plotWidth = plotWidth(extra)
    let common = Self.commonLegend(rows)
    let titles = Self.titles(rows, width: plotWidth + 12)

    var y = Self.edge + (figure.isSynthetic ? FigureText.line : 0)
    for (r, row) in rows.enumerated() {
      var x = Self.edge
      var made: [Panel] = []
      for c in row.indices {
        let plot = row[c]
        var panel = Panel(plot: plot, id: "\(r)-\(c)")
        (panel.width, panel.height, panel.tickRoom) = (
          plotWidth, heights[r], Self.tickRoom(plot, width)
        )
        let left = max(tickRooms[c] + nameRooms[c] + extra[c] + 4, 4)
        panel.x = x + left
        if !isSingle && !plot.title.isEmpty {
          panel.title = titles[r][c]
        }
        if plot.message == nil {
          panel.label(showsY: names[r][c], columnWidth: width)
          if names[r][c] { panel.yName = Self.name(plot.yAxis, panel.height + 8) }
        }
        made.append(panel)
        x += left + plotWidth + Self.right
      }
      let titleLines = made.map(\.title.count).max() ?? 0
      y += titleLines > 0 ? Double(titleLines) * FigureText.line + 3 : 3
      for i in made.indices {
        made[i].y = y
        made[i].spreads = made[i].spreadsOfMarks()
        made[i].labels = made[i].placedLabels()
      }
      panels += made
      y += heights[r]
      let isShared = row.allSatisfy { $0.xAxis.isShared || $0.message != nil }
      let lines = made.map(\.xName.count).max() ?? 0
      y += isShared ? 3 : 12 + Double(lines) * FigureText.line + 1
      if common == nil {
        y += addLegends(of: row, below: y, beside: made, isLast: r == rows.count - 1)
      }
      if r < rows.count - 1 && !isShared { y += 2 }
    }
    if let common, !common.isEmpty {
      y += add(common, x: Self.edge + 2, y: y + 1, width: width - 2 * Self.edge - 4, most: 4)
    }
    height = (y + Self.edge).rounded(.up)
  }

  /// The titles of all panels, in lines.
  private static func titles(_ rows: [[Plot]], width: Double) -> [[[String]]] {
    var all = FigureText.lines(
      rows.joined().map(\.title), size: FigureText.name, width: width / FigureText.bold)[...]
    return rows.map { row in
      defer { all = all.dropFirst(row.count) }
      return Array(all.prefix(row.count))
    }
  }

  /// What is added below a row: each legend below its panel.
  private mutating func addLegends(
    of row: [Plot], below y: Double, beside panels: [Panel], isLast: Bool
  ) -> Double {
    var most = 0.0
    for (c, plot) in row.enumerated() where !plot.legend.isEmpty {
      let first = c == 0 ? Self.edge + 2 : panels[c - 1].x + panels[c - 1].width + Self.right
      let end = c == row.count - 1 ? width - Self.edge : panels[c].x + panels[c].width
      most = max(most, add(plot.legend, x: first, y: y + 1, width: end - first, most: 2))
    }
    return most > 0 ? most + (isLast ? 0 : 4) : 0
  }

  /// Lays out entries in as many columns as fit; returns their height.
  private mutating func add(
    _ entries: [LegendEntry], x: Double, y: Double, width: Double, most: Int
  ) -> Double {
    let own = Entry.sample + Entry.gap
    let needed = entries.map { SVGCanvas.width($0.text, size: FigureText.small) + own + 8 }.max()!
    let columns = max(1, min(most, entries.count, Int(width / needed)))
    let cell = columns == 1 ? width : min(width / Double(columns), needed + 12)
    let used = columns == 1 ? min(width, needed) : cell * Double(columns)
    let start = x + (width - used) / 2
    let texts = FigureText.lines(
      entries.map(\.text), size: FigureText.small, width: cell - own, most: 3)
    var top = y
    for first in stride(from: 0, to: entries.count, by: columns) {
      let row = entries[first..<min(first + columns, entries.count)]
      var lines = 1
      for (c, entry) in row.enumerated() {
        let texts = texts[first + c]
        lines = max(lines, texts.count)
        legend.append(
          Entry(
            style: entry.style, lines: texts, x: start + Double(c) * cell,
            y: top + FigureText.line / 2))
      }
      top += Double(lines) * FigureText.line
    }
    return top - y + 1
  }

  /// The legend that all panels have; nil: they differ.
  private static func commonLegend(_ rows: [[Plot]]) -> [LegendEntry]? {
    let legends = rows.joined().map(\.legend).filter { !$0.isEmpty }
    guard let longest = legends.max(by: { $0.count < $1.count }) else { return [] }
    // A panel that lacks a series has less to name.
    let areParts = legends.allSatisfy { legend in legend.allSatisfy(longest.contains) }
    let isBelowAll = rows.joined().count == 1 || legends.count > 1
    return areParts && isBelowAll ? longest : nil
  }

  /// Whether a panel names its y axis: not where its neighbour has the same.
  private static func showsY(_ row: [Plot], _ c: Int) -> Bool {
    if row[c].message != nil { return false }
    return c == 0 || row[c - 1].message != nil || row[c - 1].yAxis != row[c].yAxis
  }

  /// The widest tick label of the y axis; names are cut.
  private static func tickRoom(_ plot: Plot, _ width: Double) -> Double {
    plot.yAxis.ticks.map { min(FigureText.width($0), Self.longestName(width)) }.max() ?? 0
  }

  /// Room for a name on a y axis; longer ones are cut.
  static func longestName(_ width: FigureWidth) -> Double { longestName(width.rawValue) }

  fileprivate static func longestName(_ width: Double) -> Double { min(0.46 * width, 200) }

  private static func usualHeight(_ width: Double) -> Double { min(128, max(82, 0.62 * width)) }

  private static func name(_ axis: PlotAxis, _ height: Double) -> [String] {
    axis.label.isEmpty
      ? [] : FigureText.lines(axis.label, size: FigureText.name, width: height, most: 2)
  }
}

extension FigureLayout.Panel {
  /// Sets the texts of the axes, so that neighbours do not overlap.
  fileprivate mutating func label(showsY: Bool, columnWidth: Double) {
    yTicks = plot.yAxis.ticks
    if !showsY {
      for i in yTicks.indices { (yTicks[i].text, yTicks[i].superscript) = ("", "") }
    } else if case .categories = plot.yAxis.scale {
      let texts = FigureText.cut(
        yTicks.map(\.text), size: FigureText.small,
        width: FigureLayout.longestName(columnWidth) + 0.1)
      for i in yTicks.indices { yTicks[i].text = texts[i] }
    } else {
      yTicks = Self.thinned(yTicks, keeping: guides.y) { first, second in
        abs(plot.yAxis.position(second.value) - plot.yAxis.position(first.value)) * height
          >= FigureText.line - 0.5
      }
    }
    xTicks = plot.xAxis.ticks
    if plot.xAxis.isShared {
      for i in xTicks.indices { (xTicks[i].text, xTicks[i].superscript) = ("", "") }
    } else {
      xTicks = Self.thinned(xTicks, keeping: guides.x) { first, second in
        (plot.xAxis.position(second.value) - plot.xAxis.position(first.value)) * width
          >= (FigureText.width(first) + FigureText.width(second)) / 2 + 1.5
      }
      xName = FigureText.lines(plot.xAxis.label, size: FigureText.name, width: width + 16)
    }
  }

  /// Where guides without a label of their own stand, which the axes have to name.
  private var guides: (x: [Double], y: [Double]) {
    var guides: (x: [Double], y: [Double]) = ([], [])
    for layer in plot.layers {
      if case .verticalGuide(let x, "") = layer { guides.x.append(x) }
      if case .horizontalGuide(let y, "") = layer { guides.y.append(y) }
    }
    return guides
  }

  /// Every second, third, … text alone, until neighbours fit; if it can be with those at the guides.
  private static func thinned(
    _ ticks: [PlotAxis.Tick], keeping guides: [Double],
    _ fits: (PlotAxis.Tick, PlotAxis.Tick) -> Bool
  ) -> [PlotAxis.Tick] {
    let guided = ticks.firstIndex { tick in
      guides.contains { abs($0 - tick.value) <= 1e-9 * abs(tick.value) }
    }
    for step in 1...max(1, ticks.count) {
      let first = (guided ?? 0) % step
      let shown = stride(from: first, to: ticks.count, by: step).map { ticks[$0] }
      if zip(shown, shown.dropFirst()).allSatisfy(fits) {
        var result = ticks
        for i in result.indices where i % step != first {
          (result[i].text, result[i].superscript) = ("", "")
        }
        return result
      }
    }
    return ticks
  }
}

extension Figure {
  /// What fits on a page with a caption.
  private static let tallest = 600.0

  /// The figure; where it is longer than a page, parts of its rows: "NAME", "NAME-2", ….
  var pages: [Figure] {
    if FigureLayout(self).height <= Self.tallest { return [self] }
    // Rows that share an axis stay together.
    var blocks: [[[Plot]]] = [[]]
    for row in panels {
      blocks[blocks.count - 1].append(row)
      if !row.contains(where: \.xAxis.isShared) { blocks.append([]) }
    }
    blocks.removeAll(where: \.isEmpty)
    func part(_ rows: [[Plot]]) -> Figure {
      var part = self
      part.panels = rows
      return part
    }
    var parts: [Figure] = []
    for block in blocks {
      if let last = parts.last, FigureLayout(part(last.panels + block)).height <= Self.tallest {
        parts[parts.count - 1].panels += block
      } else {
        parts.append(part(block))
      }
    }
    for i in parts.indices where parts.count > 1 {
      if i > 0 { parts[i].name += "-\(i + 1)" }
      parts[i].title += ", part \(i + 1) of \(parts.count)"
    }
    return parts
  }
}
