// Marks that share an x stand side by side on paper; the data keep their x.
extension FigureLayout.Panel {
  /// Where marks of one x stand: the middle of them right of it, and the step from mark to mark, in big
  /// points.
  struct Spread {
    let middle: Double
    let step: Double
  }

  /// Wanted from mark to mark: they touch and do not cover each other.
  private static let step = 2 * SeriesStyle.markerRadius + 0.2
  /// The share of the way to the next x that marks of one x may take.
  private static let share = 0.4

  /// How far to the right of its x a point is drawn, in big points.
  func shift(_ point: PlotPoint) -> Double {
    guard let aside = point.aside, let spread = spreads[point.x] else { return 0 }
    return spread.middle + aside * spread.step
  }

  /// The spread at each x that has marks side by side: on either side as far as wanted, less where the next x
  /// or the frame is near, so that no mark lies on the frame or behind the middle between two x.
  func spreadsOfMarks() -> [Double: Spread] {
    var farthest: [Double: Double] = [:]
    for point in plot.layers.flatMap(\.marks) where plot.xAxis.range.contains(point.x) {
      guard let aside = point.aside else { continue }
      farthest[point.x] = max(farthest[point.x] ?? 0, abs(aside))
    }
    let places = farthest.keys.map { plot.xAxis.position($0) * width }.sorted()
    var spreads: [Double: Spread] = [:]
    for (x, most) in farthest where most > 0 {
      let own = plot.xAxis.position(x) * width
      func room(_ neighbour: Double?, frame: Double) -> Double {
        let free = min(most * Self.step, frame - SeriesStyle.markerRadius - 0.5)
        return max(0, min(neighbour.map { Self.share * abs($0 - own) } ?? free, free))
      }
      let left = room(places.last { $0 < own }, frame: own)
      let right = room(places.first { $0 > own }, frame: width - own)
      spreads[x] = Spread(middle: (right - left) / 2, step: (left + right) / (2 * most))
    }
    return spreads
  }
}

extension PlotLayer {
  /// Marks that may stand side by side with others.
  fileprivate var marks: [PlotPoint] {
    switch self {
    case .interval(let point, _, _, _): [point]
    case .points(let points, _): points
    default: []
    }
  }
}
