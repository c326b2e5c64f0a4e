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

/// Columns of a matrix [rows, columns] whose columns have names: a data frame of pandas.
struct NamedColumnVectors: VectorSource {
  let dataset: HDF5Dataset
  /// Columns that are taken, in this order.
  private let columns: [Int]
  private let words: String

  var rows: Int { dataset.rows }
  var dimension: Int { columns.count }
  var origin: String { "\(dataset.file): '\(dataset.path)', \(words)" }
  var blockRows: Int { dataset.preferredBlockRows }
  func expectWritten() throws { try dataset.expectWritten() }

  /// The columns that are called alike but for a number ("e0" to "e511", "0" to "511") are the vector,
  /// in order of the number; others (an age, a quality) are no part of it. Columns without numbers are
  /// taken as they are stored.
  init(_ dataset: HDF5Dataset, names: [String]) {
    self.dataset = dataset
    var series: [Substring: [(number: Int, column: Int)]] = [:]
    for (column, name) in names.enumerated() {
      guard let (_, stem, digits) = name.wholeMatch(of: /(.*?)([0-9]+)/)?.output,
        let number = Int(digits)
      else { continue }
      series[stem, default: []].append((number, column))
    }
    let longest = series.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
    guard let longest, longest.value.count > 1,
      Set(longest.value.map(\.number)).count == longest.value.count
    else {
      columns = Array(names.indices)
      words = "columns as they are stored, \(examples(names))"
      return
    }
    let taken = longest.value.sorted { $0.number < $1.number }
    let own = taken.map(\.column)
    let others = names.indices.filter { !own.contains($0) }.map { names[$0] }
    words =
      "columns '\(names[own[0]])' to '\(names[own[own.count - 1]])' by number"
      + (others.isEmpty ? "" : ", without \(examples(others))")
    columns = own
  }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let stored = dataset.columns
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * stored) { block in
      try dataset.read(rows: range, into: block.baseAddress!, stride: stored)
      for row in 0..<range.count {
        for (place, column) in columns.enumerated() {
          target[row * columns.count + place] = block[row * stored + column]
        }
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
      field: field.name, elements: field.elements, rows: range)
    precondition(values.count == range.count * dimension)
    target.update(from: values, count: values.count)
  }
}
