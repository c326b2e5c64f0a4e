import Datasets
import Explain
import Foundation
import HDF5Library
import Kernels
import TestSupport

/// A file of maps with a small depthwise tail, to be spoilt in one place.
struct MadeUpMaps {
  var images = 4
  var channels = 3
  var size = 2
  var dimension = 5
  var people = ["a", "a", "b", "b"]
  /// Datasets that are not written.
  var without: Set<String> = []
  /// Maps as (image, row, column, channel).
  var channelsLast = false
  /// Rows and columns of the written maps exchanged.
  var isTransposed = false
  var half = false
  var faces: [Int]?
  /// Value of every pixel.
  var pixel: Float = 128
  /// Place of every nose, x and y; nil: no landmarks.
  var nose: (Float, Float)?
  /// In the place of the first weight of the last layer.
  var firstWeight: Float?

  private func draws(_ count: Int, _ seed: UInt64) -> [Float] {
    var rng = CounterRNG(seed: seed, purpose: .syntheticDataset)
    return (0..<count).map { _ in Float(rng.uniform() - 0.3) }
  }

  /// The tail that is written.
  func tail() throws -> BackboneTail {
    let area = size * size
    func doubles(_ count: Int, _ seed: UInt64) -> [Double] { draws(count, seed).map(Double.init) }
    return .depthwise(
      try DepthwiseTail(
        kernel: doubles(channels * area, 2), kernelBiases: doubles(channels, 3),
        weights: doubles(dimension * channels, 4), biases: doubles(dimension, 5)))
  }

  /// Maps of image i.
  func maps(_ i: Int) throws -> FeatureMaps {
    let values = draws(channels * size * size, 100 + UInt64(i))
    return try FeatureMaps(
      channels: channels, height: size, width: size,
      values: values.map { half ? Double(Float16($0)) : Double($0) })
  }

  /// Writes the file into a folder.
  func write(in folder: URL) throws -> String {
    let path = folder.appendingPathComponent("maps.h5").path
    let area = size * size
    let writer = try HDF5Writer(path: path)
    let shape = channelsLast ? [images, size, size, channels] : [images, channels, size, size]
    try writer.create("maps", half ? .float16 : .float32, shape: shape)
    try writer.create("embedding", .float32, shape: [images, dimension])
    for i in 0..<images {
      let maps = try maps(i)
      var values = maps.values.map(Float.init)
      if channelsLast {
        values = (0..<(area * channels)).map {
          Float(maps.values[($0 % channels) * area + $0 / channels])
        }
      } else if isTransposed {
        values = (0..<values.count).map {
          let cell = $0 % area
          return Float(maps.values[$0 - cell + (cell % size) * size + cell / size])
        }
      }
      try writer.write("maps", rows: i..<(i + 1), from: values)
      try writer.write(
        "embedding", rows: i..<(i + 1), from: try tail().embedding(maps).map(Float.init))
    }
    try writer.writeStrings("identity", people)
    if let faces {
      try writer.create("face", .float32, shape: faces)
      let row = [Float](repeating: pixel, count: faces.dropFirst().reduce(1, *))
      for i in 0..<faces[0] { try writer.write("face", rows: i..<(i + 1), from: row) }
    }
    if let nose {
      try writer.create("landmarks", .float32, shape: [images, 5, 2])
      var row = [Float](repeating: 1, count: 10)
      (row[4], row[5]) = nose
      for i in 0..<images { try writer.write("landmarks", rows: i..<(i + 1), from: row) }
    }
    for (name, shape, seed) in [
      ("depthwise_weight", [channels, size, size], 2), ("depthwise_bias", [channels], 3),
      ("linear_weight", [dimension, channels], 4), ("linear_bias", [dimension], 5),
    ] where !without.contains(name) {
      try writer.create("tail/\(name)", .float32, shape: shape)
      var values = draws(shape.reduce(1, *), UInt64(seed))
      if name == "linear_weight", let firstWeight { values[0] = firstWeight }
      try writer.write("tail/\(name)", rows: 0..<shape[0], from: values)
    }
    try writer.finish()
    return path
  }
}
