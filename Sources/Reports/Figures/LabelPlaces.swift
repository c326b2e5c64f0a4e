/// Where the labels of points stand: beside their points and never on each other, as far as there is room.
extension FigureLayout.Panel {
  /// Middle of the baseline of each label, by index of its layer.
  func placedLabels() -> [Int: (x: Double, y: Double)] {
    var places: [Int: (x: Double, y: Double)] = [:]
    var taken: [(x: Double, y: Double, width: Double)] = []
    let range = plot.yAxis.range
    let step = FigureText.small * 0.9
    for (i, layer) in plot.layers.enumerated() {
      guard case .label(let point, let text, let isBelow) = layer else { continue }
      let inside = min(max(point.y, range.lowerBound), range.upperBound)
      let at = place(PlotPoint(point.x, inside))
      let width = SVGCanvas.width(text, size: FigureText.small)
      // The side that was asked for, the other one, then farther away.
      let choices = (0..<6).flatMap { k -> [Double] in
        let (above, below) = (at.y - 3.2 - Double(k) * step, at.y + 8.5 + Double(k) * step)
        return isBelow ? [below, above] : [above, below]
      }.filter { $0 - 5 > y && $0 + 1 < y + height }
      let free = choices.first { choice in
        taken.allSatisfy {
          abs($0.x - at.x) >= ($0.width + width) / 2 || abs($0.y - choice) >= step
        }
      }
      let baseline = free ?? choices.first ?? at.y
      places[i] = (at.x, baseline)
      taken.append((at.x, baseline, width))
    }
    return places
  }
}
