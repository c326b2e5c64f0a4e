/// Lines of a bounded number of points that look the same on paper.
enum Decimation {
  /// Half the width of the thinnest printed dot, in big points: nothing is moved by more.
  static let tolerance = 0.06
  /// Lines of fewer points are left alone.
  private static let few = 60

  /// Indices of the points that draw the same line, ascending, with the first and the last.
  ///
  /// Of consecutive points within a tenth of a point of width the first, the last, the lowest and the
  /// highest stay; of the rest those that lie further than the tolerance from the line between points that
  /// stay (Ramer, Douglas and Peucker).
  ///
  /// - Parameter places: on paper, in big points.
  static func visible(_ places: [(x: Double, y: Double)]) -> [Int] {
    if places.count <= few { return Array(places.indices) }
    let kept = extremes(places)
    var stays = [Bool](repeating: false, count: kept.count)
    stays[0] = true
    stays[kept.count - 1] = true
    var open = [(0, kept.count - 1)]
    while let (first, last) = open.popLast() {
      guard last > first + 1 else { continue }
      var (farthest, most) = (first, tolerance)
      for k in (first + 1)..<last {
        let distance = distance(places[kept[k]], places[kept[first]], places[kept[last]])
        if distance > most { (farthest, most) = (k, distance) }
      }
      if farthest == first { continue }
      stays[farthest] = true
      open += [(first, farthest), (farthest, last)]
    }
    return kept.indices.filter { stays[$0] }.map { kept[$0] }
  }

  private static func extremes(_ places: [(x: Double, y: Double)]) -> [Int] {
    func column(_ i: Int) -> Double { (places[i].x * 10).rounded(.down) }
    var kept: [Int] = []
    var first = 0
    while first < places.count {
      var end = first + 1
      while end < places.count, column(end) == column(first) { end += 1 }
      let run = first..<end
      let low = run.min { places[$0].y < places[$1].y }!
      let high = run.max { places[$0].y < places[$1].y }!
      kept += Set([first, low, high, end - 1]).sorted()
      first = end
    }
    return kept
  }

  /// From a point to the segment between two others.
  private static func distance(
    _ p: (x: Double, y: Double), _ a: (x: Double, y: Double), _ b: (x: Double, y: Double)
  ) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = dx * dx + dy * dy
    let t = square > 0 ? min(1, max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / square)) : 0
    let (ex, ey) = (p.x - a.x - t * dx, p.y - a.y - t * dy)
    return (ex * ex + ey * ey).squareRoot()
  }

  /// Points of which one stays of those that cover each other, within a quarter of a point.
  static func distinct(_ places: [(x: Double, y: Double)], from most: Int = 1500) -> [Int] {
    if places.count <= most { return Array(places.indices) }
    var seen = Set<SIMD2<Int>>()
    return places.indices.filter {
      seen.insert([Int((places[$0].x * 4).rounded()), Int((places[$0].y * 4).rounded())]).inserted
    }
  }
}
