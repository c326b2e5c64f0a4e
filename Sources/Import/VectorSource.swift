/// Vectors of some part of a dataset, read block by block.
protocol VectorSource {
  /// Vectors, and values of each.
  var rows: Int { get }
  var dimension: Int { get }
  /// Where they are, for messages: "features.npz: 'emb'".
  var origin: String { get }
  /// Rows that are read at once.
  var blockRows: Int { get }
  /// Reads rows as float32, one after the other.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws
  /// - Throws: the error of rows that were declared and never written.
  func expectWritten() throws
}

extension VectorSource {
  /// About 8 MiB.
  var blockRows: Int { max(1, (8 << 20) / max(1, dimension * 4)) }

  func expectWritten() throws {}
}

/// The first rows of vectors, where the rest was never filled.
struct FirstRows: VectorSource {
  let base: any VectorSource
  let rows: Int

  var dimension: Int { base.dimension }
  var origin: String { base.origin }
  var blockRows: Int { base.blockRows }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    try base.read(range, into: target)
  }
}
