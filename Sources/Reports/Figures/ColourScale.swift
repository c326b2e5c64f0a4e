/// A scale of colours for values from 0 to 1 whose lightness rises evenly, so that it survives grey printers,
/// and rises for readers with protanopia, deuteranopia or tritanopia, too: ten points of cividis (Nuñez,
/// Anderton, Renslow 2018), linear between them.
package enum ColourScale {
  private static let points: [SIMD3<Double>] = [
    [0x00, 0x22, 0x4E], [0x12, 0x35, 0x70], [0x3B, 0x49, 0x6C], [0x57, 0x5D, 0x6D],
    [0x70, 0x71, 0x73], [0x8A, 0x86, 0x78], [0xA5, 0x9C, 0x74], [0xC3, 0xB3, 0x69],
    [0xE1, 0xCC, 0x55], [0xFE, 0xE8, 0x38],
  ]

  /// Red, green and blue, 0 to 255.
  package static func colour(_ value: Double) -> SIMD3<Double> {
    let position = min(max(value, 0), 1) * Double(points.count - 1)
    let low = min(Int(position), points.count - 2)
    return points[low] + (points[low + 1] - points[low]) * (position - Double(low))
  }

  /// Lightness as grey printers see it, 0 to 255 (Rec. 601).
  package static func grey(_ colour: SIMD3<Double>) -> Double {
    0.299 * colour.x + 0.587 * colour.y + 0.114 * colour.z
  }
}

/// A small picture, RGB, row-major.
package struct Picture: Sendable {
  package let height: Int
  package let width: Int
  package private(set) var pixels: [UInt8]

  /// A picture of pixels that are given.
  package init(height: Int, width: Int, pixels: [UInt8]) {
    precondition(pixels.count == 3 * height * width)
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// A map from 0 to 1 in colours, resampled with half-pixel centres and clamped edges.
  package init(map: [Double], rows: Int, columns: Int, height: Int, width: Int) {
    self.height = height
    self.width = width
    pixels = []
    pixels.reserveCapacity(3 * height * width)
    func place(_ i: Int, _ count: Int, _ old: Int) -> (low: Int, high: Int, share: Double) {
      let position = (Double(i) + 0.5) * Double(old) / Double(count) - 0.5
      let clamped = min(max(position, 0), Double(old - 1))
      return (Int(clamped), min(Int(clamped) + 1, old - 1), clamped - Double(Int(clamped)))
    }
    for i in 0..<height {
      let y = place(i, height, rows)
      for j in 0..<width {
        let x = place(j, width, columns)
        let top =
          map[y.low * columns + x.low] * (1 - x.share) + map[y.low * columns + x.high] * x.share
        let bottom =
          map[y.high * columns + x.low] * (1 - x.share) + map[y.high * columns + x.high] * x.share
        append(ColourScale.colour(top * (1 - y.share) + bottom * y.share))
      }
    }
  }

  /// This picture in grey under another in colours: where the colours are dark the face is, too.
  package func overlaid(with colours: Picture) -> Picture {
    var result = Picture(height: height, width: width, pixels: pixels)
    for i in 0..<(height * width) {
      let own = SIMD3(
        Double(pixels[3 * i]), Double(pixels[3 * i + 1]), Double(pixels[3 * i + 2]))
      let grey = ColourScale.grey(own)
      for c in 0..<3 {
        result.pixels[3 * i + c] = UInt8(
          (0.5 * grey + 0.5 * Double(colours.pixels[3 * i + c])).rounded())
      }
    }
    return result
  }

  private mutating func append(_ colour: SIMD3<Double>) {
    for c in 0..<3 { pixels.append(UInt8(colour[c].rounded())) }
  }
}
