/// How well a number tells two lots of people apart: the chance that one of the first has the larger
/// value than one of the second, ties half (definitions 1.4), with DeLong's standard error.
///
/// 0.5: not at all. Few people make the interval wide; with one of either side there is none.
package struct RankContrast: Sendable, Equatable {
  package let first: Int
  package let second: Int
  package let firstMedian: Double
  package let secondMedian: Double
  package let area: Double
  /// 95 %, normal, cut off at 0 and 1; nil where a side has one value, or nothing varies.
  package let interval: ClosedRange<Double>?

  /// - Returns: nil where one of the sides is empty.
  package init?(_ first: [Double], _ second: [Double]) {
    if first.isEmpty || second.isEmpty { return nil }
    self.first = first.count
    self.second = second.count
    firstMedian = quantile(0.5, ofSorted: first.sorted())
    secondMedian = quantile(0.5, ofSorted: second.sorted())
    func share(below value: Double, _ others: [Double]) -> Double {
      others.reduce(0.0) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) } / Double(others.count)
    }
    // Placements of each value among those of the other side; their mean is the area.
    let above = first.map { share(below: $0, second) }
    let below = second.map { 1 - share(below: $0, first) }
    let area = above.reduce(0, +) / Double(above.count)
    self.area = area
    guard first.count > 1, second.count > 1 else {
      interval = nil
      return
    }
    let error =
      (variance(above) / Double(above.count) + variance(below) / Double(below.count))
      .squareRoot()
    interval =
      error > 0
      ? max(0, area - normalQuantile975 * error)...min(1, area + normalQuantile975 * error) : nil
  }
}
