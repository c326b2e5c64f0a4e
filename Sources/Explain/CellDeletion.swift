// Deletion in closed form (definitions 7): cells of the feature maps are set to their mean over all images
// of the file, and the score is computed again by the tail alone.
import Configurations
import Kernels

/// The feature maps of a mean image: what a deleted cell becomes.
package struct MeanMaps: Sendable {
  private let values: [Double]

  /// - Parameters:
  ///   - images: number of images, at least one.
  ///   - maps: of each, all of one shape.
  package init(images: Int, _ maps: (Int) throws -> FeatureMaps) rethrows {
    var sums = try maps(0).values
    for i in 1..<max(1, images) {
      let values = try maps(i).values
      for k in sums.indices { sums[k] += values[k] }
    }
    values = sums.map { $0 / Double(images) }
  }

  /// Maps in which some cells of all channels are those of the mean image.
  package func deleting(_ cells: some Sequence<Int>, from maps: FeatureMaps) throws -> FeatureMaps {
    var changed = maps.values
    for cell in cells {
      for channel in 0..<maps.channels {
        changed[channel * maps.area + cell] = values[channel * maps.area + cell]
      }
    }
    return try FeatureMaps(
      channels: maps.channels, height: maps.height, width: maps.width, values: changed)
  }
}

/// Which cells are deleted.
package enum DeletedCells: String, Sendable, CaseIterable {
  case strongest = "most relevant"
  case weakest = "least relevant"
  case random = "random cells"
  case randomSquare = "random square"
  /// The control that a map must beat to say more than where a face has its nose.
  case noseSquare = "square on the nose"

  /// Draws over which a random choice is averaged.
  package static let draws = 20

  /// Whether chance chooses.
  package var isDrawn: Bool { self == .random || self == .randomSquare }

  /// The choices of side² cells; one where nothing is drawn, none where the nose is not known.
  ///
  /// - Parameters:
  ///   - map: of the explained score.
  ///   - side: of the square, in cells.
  ///   - nose: tip of the nose as shares of the face's width and height.
  package func choices(
    _ map: HeatMap, side: Int, nose: (x: Double, y: Double)?, seed: UInt64, unit: UInt32
  ) -> [[Int]] {
    let count = side * side
    func square(_ row: Int, _ column: Int) -> [Int] {
      (0..<count).map { (row + $0 / side) * map.width + column + $0 % side }
    }
    func generator(_ draw: Int) -> CounterRNG {
      CounterRNG(
        seed: seed, purpose: .permutation, subject: unit,
        step: UInt32(draw * DeletedCells.allCases.count + (self == .random ? 0 : 1)))
    }
    switch self {
    case .strongest: return [map.strongest(count: count)]
    case .weakest:
      let turned = HeatMap(height: map.height, width: map.width, values: map.values.map { -$0 })
      return [turned.strongest(count: count)]
    case .random:
      return (0..<Self.draws).map { draw in
        var rng = generator(draw)
        var cells = Array(map.values.indices)
        rng.shuffle(&cells)
        return Array(cells.prefix(count))
      }
    case .randomSquare:
      return (0..<Self.draws).map { draw in
        var rng = generator(draw)
        return square(
          rng.index(below: map.height - side + 1), rng.index(below: map.width - side + 1))
      }
    case .noseSquare:
      guard let nose else { return [] }
      // The square whose centre is nearest to the nose.
      func start(_ share: Double, _ extent: Int) -> Int {
        min(max(Int((share * Double(extent) - Double(side) / 2).rounded()), 0), extent - side)
      }
      return [square(start(nose.y, map.height), start(nose.x, map.width))]
    }
  }
}
