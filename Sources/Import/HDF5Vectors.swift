import Datasets
import HDF5

/// A matrix [rows, dimension] of an HDF5 file.
struct DatasetVectors: VectorSource {
  let dataset: HDF5Dataset

  var rows: Int { dataset.rows }
  var dimension: Int { dataset.columns }
  var origin: String { "\(dataset.file): '\(dataset.path)'" }
  var blockRows: Int { dataset.preferredBlockRows }

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

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let values = try dataset.columns(range)
    precondition(values.count == range.count * dimension)
    target.update(from: values, count: values.count)
  }
}

/// A field of several numbers of a table.
struct FieldVectors: VectorSource {
  let dataset: HDF5Dataset
  let field: HDF5Entry.Field

  var rows: Int { dataset.rows }
  var dimension: Int { field.elements }
  var origin: String { "\(dataset.file): '\(dataset.path)/\(field.name)'" }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let values = try dataset.numbers(
      field: field.name, elements: field.elements, rows: range)
    precondition(values.count == range.count * dimension)
    target.update(from: values, count: values.count)
  }
}
