import Datasets
import Foundation
import HDF5
import Kernels

/// Data of a full-size training case, drawn with SplitMix64 as the fixtures' README describes.
///
/// The numbers of the recipe stand in three sentences of the file, e.g.
/// "SplitMix64 seeds 1000..1007, see README; cast to float32",
/// "4 x 128 rows, SplitMix64 seeds 2000..2003 in [-0.1,0.1), +-0.08 on the first 8 columns (+ where
/// y=1), y = (row % 3 == 0); cast to float32" and "64 rows, seed 3000, same recipe".
struct TrainingRecipe {
  var initialSeed: UInt64
  var batchRows: [Int]
  var batchSeed: UInt64
  var low: Double
  var high: Double
  var shift: Double
  var shiftedColumns: Int
  var modulus: Int
  var validationRows: Int
  var validationSeed: UInt64

  init(initial: String, batches: String, validation: String) throws {
    initialSeed = UInt64(try Self.count(after: #"seeds?\s+"#, in: initial))
    let count = try Self.count(after: #"^\s*"#, in: batches)
    let rows = try Self.count(after: #"^\s*\d+\s*x\s*"#, in: batches)
    batchRows = [Int](repeating: rows, count: count)
    batchSeed = UInt64(try Self.count(after: #"seeds?\s+"#, in: batches))
    // What a sentence leaves out is as the README has it.
    low = (try? Self.number(after: #"\[\s*"#, in: batches)) ?? -0.1
    high = (try? Self.number(after: #"\[[^,]*,\s*"#, in: batches)) ?? 0.1
    shift = (try? Self.number(after: #"\+-\s*"#, in: batches)) ?? 0.08
    shiftedColumns = (try? Self.count(after: #"first\s+"#, in: batches)) ?? 8
    modulus = (try? Self.count(after: #"row\s*%\s*"#, in: batches)) ?? 3
    validationRows = try Self.count(after: #"^\s*"#, in: validation)
    validationSeed = UInt64(try Self.count(after: #"seeds?\s+"#, in: validation))
    guard count > 0, rows > 0, modulus > 0, validationRows > 0, high > low else {
      throw FixtureError.wrongType(expected: "a SplitMix64 recipe", found: "'\(batches)'")
    }
  }

  /// The number that follows a pattern.
  private static func number(after pattern: String, in text: String) throws -> Double {
    guard
      let match = text.range(
        of: pattern + #"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?"#, options: .regularExpression),
      let prefix = text.range(of: pattern, options: .regularExpression, range: match),
      let value = Double(text[prefix.upperBound..<match.upperBound])
    else {
      throw FixtureError.wrongType(expected: "a number after /\(pattern)/", found: "'\(text)'")
    }
    return value
  }

  /// A whole number from 0 on that follows a pattern.
  private static func count(after pattern: String, in text: String) throws -> Int {
    let value = try number(after: pattern, in: text)
    guard let count = Int(exactly: value), count >= 0 else {
      throw FixtureError.wrongType(expected: "a count after /\(pattern)/", found: "\(value)")
    }
    return count
  }

  /// Layer k: weight from seed base + 2k, bias from base + 2k + 1, in +-1/sqrt(fan_in), as float32.
  func initialParameters(_ shape: NetworkShape) -> [Double] {
    (0..<shape.layerCount).flatMap { k -> [Double] in
      let bound = 1 / Double(shape.dims[k]).squareRoot()
      let seed = initialSeed + 2 * UInt64(k)
      let units = shape.dims[k + 1]
      return splitMixUniform(seed: seed, count: shape.dims[k] * units, low: -bound, high: bound)
        + splitMixUniform(seed: seed + 1, count: units, low: -bound, high: bound)
    }.map { Double(Float($0)) }
  }

  func batches(dimension: Int) -> [(x: [[Double]], y: [Double])] {
    batchRows.enumerated().map { k, rows in
      self.rows(rows, seed: batchSeed + UInt64(k), dimension: dimension)
    }
  }

  func validation(dimension: Int) -> (x: [[Double]], y: [Double]) {
    rows(validationRows, seed: validationSeed, dimension: dimension)
  }

  private func rows(_ n: Int, seed: UInt64, dimension d: Int) -> (x: [[Double]], y: [Double]) {
    let values = splitMixUniform(seed: seed, count: n * d, low: low, high: high)
    let y = (0..<n).map { $0 % modulus == 0 ? 1.0 : 0.0 }
    let x = (0..<n).map { row in
      (0..<d).map { column in
        let moved = column < shiftedColumns ? shift * (2 * y[row] - 1) : 0
        return Double(Float(values[row * d + column] + moved))
      }
    }
    return (x, y)
  }
}

/// Reads the final weights that lie beside a full-size case.
enum TrainingWeights {
  /// Datasets fc1.weight, fc1.bias, fc2.weight, …, float32, flat in the order of `NetworkShape`.
  static func read(_ file: URL, shape: NetworkShape) throws -> [Double] {
    let weights = try HDF5File(path: file.path)
    return try (0..<shape.layerCount).flatMap { k in
      let (inputs, outputs) = (shape.dims[k], shape.dims[k + 1])
      return try [("weight", inputs * outputs), ("bias", outputs)].flatMap { part, count in
        let name = "fc\(k + 1).\(part)"
        let values = try weights.read(name)
        guard values.rows * values.columns == count else {
          throw FixtureError.wrongType(
            expected: "\(count) values in '\(name)'", found: "\(values.rows) x \(values.columns)")
        }
        return (0..<count).map { Double(values.base[$0]) }
      }
    }
  }
}
