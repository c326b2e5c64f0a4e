import Configurations
import Datasets
import HDF5

/// A matrix [rows, dimension] of an HDF5 file.
struct DatasetVectors: VectorSource {
  let dataset: HDF5Dataset

  var rows: Int { dataset.rows }
  var dimension: Int { dataset.columns }
  var origin: String { "\(dataset.file): '\(dataset.path)'" }
  var blockRows: Int { dataset.preferredBlockRows }
  func expectWritten() throws { try dataset.expectWritten() }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    try dataset.read(rows: range, into: target, stride: dimension)
  }
}

/// A matrix [dimension, rows] of an HDF5 file.
struct TransposedVectors: VectorSource {
  let dataset: HDF5Dataset

  var rows: Int { dataset.columns }
  var dimension: Int { dataset.rows }
  var origin: String { "\(dataset.file): '\(dataset.path)', transposed" }
  func expectWritten() throws { try dataset.expectWritten() }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let values = try dataset.columns(range)
    precondition(values.count == range.count * dimension)
    target.update(from: values, count: values.count)
  }
}

/// Vectors whose values stand in a column each, which have names: columns of the matrices of a data frame
/// of pandas, or fields of a table.
struct NamedColumnVectors: VectorSource {
  /// Where one value of all vectors is.
  enum Column {
    case ofMatrix(HDF5Entry, Int)
    case field(HDF5Entry, String)

    var entry: HDF5Entry {
      switch self {
      case .ofMatrix(let entry, _), .field(let entry, _): entry
      }
    }
  }

  /// Columns of one dataset, and which value each of them is.
  private struct Piece {
    let dataset: HDF5Dataset
    /// Of a table; nil: of a matrix.
    var fields: [String]?
    var columns: [Int] = []
    var targets: [Int] = []
    /// Values of a row as they are read.
    var stored: Int { fields?.count ?? dataset.columns }
  }

  private let pieces: [Piece]
  private let words: String
  let dimension: Int

  var rows: Int { pieces[0].dataset.rows }
  var origin: String { "\(pieces[0].dataset.file): \(words)" }
  var blockRows: Int { max(1, (8 << 20) / max(1, pieces.reduce(0) { $0 + $1.stored } * 4)) }
  func expectWritten() throws {
    for piece in pieces where piece.fields == nil { try piece.dataset.expectWritten() }
  }

  /// - Parameters:
  ///   - columns: of the vector, in order of its values; not none.
  ///   - words: which they are, for messages.
  init(_ file: HDF5File, _ columns: [Column], words: String) throws {
    var pieces: [Piece] = []
    var known: [String: Int] = [:]
    for (target, column) in columns.enumerated() {
      let entry = column.entry
      let index = known[entry.path] ?? pieces.count
      if index == pieces.count {
        known[entry.path] = index
        let isTable = entry.kind == .table
        pieces.append(Piece(dataset: try file.dataset(entry.path), fields: isTable ? [] : nil))
      }
      pieces[index].targets.append(target)
      switch column {
      case .ofMatrix(_, let place): pieces[index].columns.append(place)
      case .field(_, let name):
        pieces[index].columns.append(pieces[index].columns.count)
        pieces[index].fields?.append(name)
      }
    }
    for piece in pieces where piece.dataset.rows != pieces[0].dataset.rows {
      throw ImportError(
        file.path, piece.dataset.path,
        "has \(counted(piece.dataset.rows, "row")), '\(pieces[0].dataset.path)' of the same vectors"
          + " \(pieces[0].dataset.rows)")
    }
    (self.pieces, self.words, dimension) = (pieces, words, columns.count)
  }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    for piece in pieces {
      let stored = piece.stored
      func scatter(_ block: UnsafePointer<Float>) {
        for row in 0..<range.count {
          for (column, place) in zip(piece.columns, piece.targets) {
            target[row * dimension + place] = block[row * stored + column]
          }
        }
      }
      if let fields = piece.fields {
        let values = try piece.dataset.numbers(fields: fields, elements: stored, rows: range)
        precondition(values.count == range.count * stored)
        scatter(values)
        continue
      }
      try withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * stored) { block in
        try piece.dataset.read(rows: range, into: block.baseAddress!, stride: stored)
        scatter(UnsafePointer(block.baseAddress!))
      }
    }
  }
}

/// A field of several numbers of a table.
struct FieldVectors: VectorSource {
  let dataset: HDF5Dataset
  let field: HDF5Entry.Field

  var rows: Int { dataset.rows }
  var dimension: Int { field.elements }
  var origin: String {
    "\(dataset.file): '\(dataset.path)/\(field.name)'"
      // Their names are pickled.
      + (field.name.hasPrefix("values_block_")
        ? ", \(dimension) columns of pandas in the order in which it stored them, which may be that of"
          + " names as text (e0, e1, e10), with every other column of \(field.typeName); cosines do not"
          + " depend on the order, but files that meet must be made alike"
        : "")
  }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let values = try dataset.numbers(
      fields: [field.name], elements: field.elements, rows: range)
    precondition(values.count == range.count * dimension)
    target.update(from: values, count: values.count)
  }
}
