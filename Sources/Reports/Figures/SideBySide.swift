// Marks that share an x stand side by side on paper; the data keep their x.
extension FigureLayout.Panel {
  /// Where marks of one x stand: the middle of them right of it, and the step from mark to mark, in big
  /// points; `order` holds the ranks that marks have there, ascending.
  struct Spread {
    let order: [Double]
    let middle: Double
    let step: Double
  }

  /// Wanted from mark to mark: they touch and do not cover each other.
  private static let step = 2 * SeriesStyle.markerRadius + 0.2
  /// The share of the way to the next x that marks of one x may take.
  private static let share = 0.4

  /// How far to the right of its x a point is drawn, in big points.
  func shift(_ point: PlotPoint) -> Double {
    guard let aside = point.aside, let spread = spreads[point.x],
      let place = spread.order.firstIndex(of: aside)
    else { return 0 }
    return spread.middle + (Double(place) - Double(spread.order.count - 1) / 2) * spread.step
  }

  /// The spread at each x that has marks side by side: on either side as far as wanted, less where the next x
  /// or the frame is near, so that no mark lies on the frame or behind the middle between two x.
  func spreadsOfMarks() -> [Double: Spread] {
    let ranks = plot.ranksAside
    let places = ranks.keys.map { plot.xAxis.position($0) * width }.sorted()
    var spreads: [Double: Spread] = [:]
    for (x, own) in ranks where own.count > 1 {
      let (order, most) = (own.sorted(), Double(own.count - 1) / 2)
      let own = plot.xAxis.position(x) * width
      func room(_ neighbour: Double?, frame: Double) -> Double {
        let free = min(most * Self.step, frame - SeriesStyle.markerRadius - 0.5)
        return max(0, min(neighbour.map { Self.share * abs($0 - own) } ?? free, free))
      }
      let left = room(places.last { $0 < own }, frame: own)
      let right = room(places.first { $0 > own }, frame: width - own)
      spreads[x] = Spread(
        order: order, middle: (right - left) / 2, step: (left + right) / (2 * most))
    }
    return spreads
  }
}

extension Plot {
  /// The ranks of marks at each x that has marks side by side; one alone stands at its x.
  var ranksAside: [Double: Set<Double>] {
    var ranks: [Double: Set<Double>] = [:]
    for point in layers.flatMap(\.marks) where xAxis.range.contains(point.x) {
      if let aside = point.aside { ranks[point.x, default: []].insert(aside) }
    }
    return ranks
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
