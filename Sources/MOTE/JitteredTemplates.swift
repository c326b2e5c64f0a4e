import Configurations
import Kernels

/// As many different people as wanted from a few trained ones: person i is trained person i mod t, every
/// weight times 1 + 0.01 z with standard normal z from a table, at a place that is drawn for person i.
///
/// For measuring time and memory, not error rates: networks have the sizes and the share of active
/// units of trained ones, and no two files hold the same bytes.
package struct JitteredTemplates: Sendable {
  package let trained: [MoteReference]
  private let table: [Float]
  private let seed: UInt64

  /// Standard deviation of a weight's factor.
  package static let deviation: Float = 0.01

  /// - Precondition: there is a trained one, and all have one shape.
  package init(_ trained: [MoteReference], seed: UInt64) {
    self.trained = trained
    self.seed = seed
    var normal = NormalStream(CounterRNG(seed: seed, purpose: .measuring))
    table = (0..<(2 * trained[0].weights.count)).map { _ in Float(normal.next()) }
  }

  package static func identity(_ i: Int) -> String { "person \(i)" }

  /// The network of person `i`.
  package func reference(_ i: Int) -> MoteReference {
    let base = trained[i % trained.count]
    var rng = CounterRNG(
      seed: seed, purpose: .measuring, subject: UInt32(truncatingIfNeeded: i), step: 1)
    let start = rng.index(below: base.weights.count)
    let weights = [Float](unsafeUninitializedCapacity: base.weights.count) { target, count in
      base.weights.withUnsafeBufferPointer { weights in
        table.withUnsafeBufferPointer { table in
          for j in 0..<weights.count {
            target[j] = weights[j] * (1 + Self.deviation * table[start + j])
          }
        }
      }
      count = base.weights.count
    }
    return MoteReference(shape: base.shape, weights: weights)
  }

  /// Writes the first `count` people to a file of model-templates, a block at a time.
  ///
  /// - Parameter check: asked before every block; what it throws ends the writing, and no file is left.
  /// - Throws: `HDF5Error`, `FileError`.
  package func write(
    _ count: Int, precision: WeightPrecision, to path: String, check: () throws -> Void
  ) throws {
    let writer = try ModelTemplateWriter(
      path: path, shape: trained[0].shape, precision: precision, count: count)
    let block = 64
    for first in stride(from: 0, to: count, by: block) {
      try check()
      let rows = first..<min(first + block, count)
      try writer.write(rows.map(reference), at: first)
      for i in rows {
        writer.describe(row: i, identity: Self.identity(i), fold: 0, referenceRow: -1)
      }
    }
    try writer.finish(attributes: ["jitter": "\(Self.deviation)", "trained": "\(trained.count)"])
  }
}
