/// Where the labels of points stand: beside their points, and on no other label, interval or point as far as
/// there is room.
extension FigureLayout.Panel {
  /// A rectangle on paper.
  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// Middle of the baseline of each label, by index of its layer.
  func placedLabels() -> [Int: (x: Double, y: Double)] {
    var places: [Int: (x: Double, y: Double)] = [:]
    var taken = plot.layers.flatMap(obstacles)
    let range = plot.yAxis.range
    for (i, layer) in plot.layers.enumerated() {
      guard case .label(let point, let text, let isBelow) = layer else { continue }
      let at = place(
        PlotPoint(
          point.x, min(max(point.y, range.lowerBound), range.upperBound), aside: point.aside))
      let half = SVGCanvas.width(text, size: FigureText.small) / 2
      func box(_ place: (x: Double, y: Double)) -> Box {
        Box(
          left: place.x - half, right: place.x + half, top: place.y - 0.72 * FigureText.small,
          bottom: place.y)
      }
      let choices = choices(at, half: half, isBelow: isBelow).filter {
        let own = box($0)
        return own.top > y + 0.5 && own.bottom < y + height - 0.5 && own.left > x
          && own.right < x + width
      }
      let free = choices.first { choice in !taken.contains { $0.overlaps(box(choice)) } }
      let chosen = free ?? choices.first ?? (at.x, at.y)
      places[i] = chosen
      taken.append(box(chosen))
    }
    return places
  }

  /// The side that was asked for, the other one, beside, then farther and farther away.
  private func choices(
    _ at: (x: Double, y: Double), half: Double, isBelow: Bool
  ) -> [(x: Double, y: Double)] {
    var choices: [(x: Double, y: Double)] = []
    for k in 0..<7 {
      let away = Double(k) * 3.5
      let (above, below) = ((at.x, at.y - 3.2 - away), (at.x, at.y + 8.2 + away))
      choices += isBelow ? [below, above] : [above, below]
      if k > 1 { continue }
      for dy in [2.5, 8, -3] {
        choices += [(at.x + half + 3, at.y + dy), (at.x - half - 3, at.y + dy)]
      }
    }
    return choices
  }

  /// What a layer covers: marks and intervals.
  private func obstacles(_ layer: PlotLayer) -> [Box] {
    let r = SeriesStyle.markerRadius
    func box(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Box {
      Box(
        left: min(a.x, b.x) - r, right: max(a.x, b.x) + r, top: min(a.y, b.y) - r,
        bottom: max(a.y, b.y) + r)
    }
    switch layer {
    case .interval(let point, let lower, let upper, _):
      let ends = [lower, upper, point.y].map { place(PlotPoint(point.x, $0, aside: point.aside)) }
      return [box(ends[0], ends[1]), box(ends[2], ends[2])]
    case .points(let points, _) where points.count < 200:
      return points.map { box(place($0), place($0)) }
    default: return []
    }
  }
}
