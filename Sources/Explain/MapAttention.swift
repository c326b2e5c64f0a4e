// Where a map lies: its strongest cells and the regions of the face below them (definitions 7, 12).
import Configurations

extension HeatMap {
  /// Positions of the strongest floor(share · n) values, ties by position, ascending.
  package func strongest(_ share: Double) -> [Int] {
    strongest(count: Int(share * Double(values.count)))
  }

  /// Positions of the strongest `count` values, ties by position, ascending.
  package func strongest(count: Int) -> [Int] {
    // Sorted by value, then position: what a stable sort gives.
    let order = values.indices.sorted { a, b in
      values[a] != values[b] ? values[a] > values[b] : a < b
    }
    return order.prefix(count).sorted()
  }
}

/// How positions of an image are distributed over the regions of its face.
package struct RegionShares: Sendable, Equatable {
  /// Share of each region in the order of `FaceRegion.allCases`; they add up to 1.
  package let values: [Double]

  /// - Parameters:
  ///   - positions: pixels of the image; all of it gives what pixels drawn at random would.
  ///   - regions: of the image's pixels.
  package init(of positions: some Collection<Int>, in regions: ArraySlice<FaceRegion>) {
    var counts: [FaceRegion: Int] = [:]
    for position in positions { counts[regions[regions.startIndex + position], default: 0] += 1 }
    values = FaceRegion.allCases.map {
      Double(counts[$0] ?? 0) / Double(max(1, positions.count))
    }
  }

  /// Share of one region.
  package subscript(_ region: FaceRegion) -> Double {
    values[FaceRegion.allCases.firstIndex(of: region)!]
  }

  /// Share of some regions together.
  package func share(of regions: [FaceRegion]) -> Double { regions.reduce(0) { $0 + self[$1] } }
}
