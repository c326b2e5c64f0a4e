/// A small grey-scale map, row-major.
package struct HeatMap: Sendable, Equatable {
  package let height: Int
  package let width: Int
  package let values: [Double]

  package init(height: Int, width: Int, values: [Double]) {
    precondition(values.count == height * width, "\(values.count) values for \(height)x\(width)")
    self.height = height
    self.width = width
    self.values = values
  }

  /// (v - min)/(max - min); zeros where all values are equal.
  package func scaledToUnit() -> HeatMap {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    return HeatMap(
      height: height, width: width,
      values: high > low
        ? values.map { ($0 - low) / (high - low) } : values.map { _ in 0 })
  }

  /// Bilinear resampling with half-pixel centres and clamped edges (align_corners = false).
  package func resampled(height newHeight: Int, width newWidth: Int) -> HeatMap {
    let rows = HeatMap.places(newHeight, from: height)
    let columns = HeatMap.places(newWidth, from: width)
    var result: [Double] = []
    result.reserveCapacity(newHeight * newWidth)
    for y in rows {
      for x in columns {
        let top =
          (1 - x.share) * values[y.low * width + x.low] + x.share * values[y.low * width + x.high]
        let bottom =
          (1 - x.share) * values[y.high * width + x.low]
          + x.share * values[y.high * width + x.high]
        result.append((1 - y.share) * top + y.share * bottom)
      }
    }
    return HeatMap(height: newHeight, width: newWidth, values: result)
  }

  /// For each new position the two old ones around it and the share of the second.
  private static func places(
    _ count: Int, from old: Int
  ) -> [(low: Int, high: Int, share: Double)] {
    (0..<count).map { i in
      let position = min(
        max((Double(i) + 0.5) * Double(old) / Double(count) - 0.5, 0), Double(old - 1))
      let low = Int(position.rounded(.down))
      return (low, min(low + 1, old - 1), position - Double(low))
    }
  }
}
