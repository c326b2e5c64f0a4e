/// What the program asks of the process that reads one HDF5 file for it: one question, one answer, in
/// turn.
package enum HDF5Question: Codable, Sendable {
  /// Opens the file; the first question, and asked once.
  case open(String)
  /// All datasets with their shapes and types.
  case entries
  /// Whether every link on a path exists.
  case contains(String)
  /// Attributes that are single values, of each of some objects.
  case attributes(of: [String])
  /// Shape, type and storage of a dataset.
  case description(of: String)
  /// Rows of a dataset of numbers, its further axes flattened.
  case rows(of: String, Range<Int>)
  /// All values of datasets of numbers, one dataset after the other, which have so many together.
  case values(of: [String], count: Int)
  /// Columns of a matrix of numbers, one after the other.
  case columns(of: String, Range<Int>)
  /// Numbers of fields of a table, those of a record side by side.
  case fields(of: String, [String], Range<Int>)
  /// Labels, one per row.
  case labels(of: String, HDF5Labels)

  /// The dataset that is asked about, for messages.
  package var dataset: String? {
    switch self {
    case .open, .entries: nil
    case .attributes(let objects): objects.count == 1 ? objects[0] : nil
    case .values(let paths, _): paths.count == 1 ? paths[0] : nil
    case .contains(let path), .description(let path), .rows(let path, _),
      .columns(let path, _), .fields(let path, _, _), .labels(let path, _):
      path
    }
  }
}

/// Where in a dataset the labels of its rows are.
package enum HDF5Labels: Codable, Sendable {
  /// A vector of texts or numbers.
  case vector(allowsFractions: Bool, allowsMissing: Bool)
  /// A column of a matrix of numbers.
  case column(Int, allowsFractions: Bool)
  /// An element of a field of a table.
  case field(String, element: Int, allowsFractions: Bool)
  /// Bit fields, e.g. Booleans of PyTables.
  case bits
  /// References to texts: cell arrays of MATLAB.
  case references
  /// A matrix of characters, [characters, rows].
  case characters
}

/// What an answer begins with.
package enum HDF5Answer: Codable, Sendable {
  case opened
  case truth(Bool)
  case entries([HDF5Entry])
  case attributes([[String: String]])
  case description(HDF5Description)
  /// So many float32 values follow.
  case floats(Int)
  /// So many texts follow, in packets (`HDF5Channel.send(texts:)`).
  case texts(Int)
  case failed(HDF5Error)
}

/// Shape, type and storage of a dataset that may be read.
package struct HDF5Description: Codable, Sendable {
  /// Extent of each axis; empty for a scalar.
  package let shape: [Int]
  /// Extent of a chunk; nil for contiguous and compact storage.
  package let chunk: [Int]?
  /// Names of the filters of a chunked dataset, in writing order.
  package let filters: [String]
  /// Element type in words.
  package let typeName: String
  /// Whether its elements can be read as float32.
  package let isNumeric: Bool
  /// Bytes of the file that its values take; less than they are where they are compressed or were never
  /// written.
  package let storedBytes: Int
  /// Byte of the file at which its values begin; nil where they are not in one piece, or were never
  /// written.
  package let offset: Int?

  package init(
    shape: [Int], chunk: [Int]?, filters: [String], typeName: String, isNumeric: Bool,
    storedBytes: Int, offset: Int? = nil
  ) {
    (self.shape, self.chunk, self.filters) = (shape, chunk, filters)
    (self.typeName, self.isNumeric, self.storedBytes) = (typeName, isNumeric, storedBytes)
    self.offset = offset
  }

  /// Whether its sizes are such as the reader lets through, which products of them rely on.
  package var isSound: Bool {
    storedBytes >= 0 && (offset ?? 0) >= 0 && elements(shape) != nil
      && shape.count <= HDF5Limits.rank
      && (chunk.map { elements($0) != nil && $0.count == shape.count } ?? true)
  }
}

extension HDF5Entry {
  /// Whether its sizes are such as the reader lets through, which products of them rely on.
  package var isSound: Bool {
    shape.allSatisfy { $0 >= 0 }
      && fields.allSatisfy { (elements($0.shape) ?? .max) <= HDF5Limits.fieldElements }
  }
}

/// Product of the lengths of axes; nil where one is negative or the product is more than is read.
private func elements(_ shape: [Int]) -> Int? {
  var product = 1
  for length in shape {
    guard length >= 0 else { return nil }
    let (next, overflow) = product.multipliedReportingOverflow(by: max(1, length))
    guard !overflow, next <= HDF5Limits.elements else { return nil }
    product = next
  }
  return product
}

/// Limits of what is read at all.
package enum HDF5Limits {
  package static let rank = 4
  /// Elements of one dataset (64 GiB of float32).
  package static let elements = 1 << 34
  /// Bytes of one uncompressed chunk.
  package static let chunkBytes = 1 << 30
  /// Bytes of one fixed-length string.
  package static let stringBytes = 1 << 16
  /// Bytes of values for each that is stored: more than gzip can do to anything.
  package static let compression = 1_100
  /// Labels of one dataset, and bytes of all of them.
  package static let labels = 1 << 26
  package static let labelBytes = 1 << 30
  /// Elements of one record's field.
  package static let fieldElements = 1 << 24
  /// Values that are read at once (1 GiB of float32).
  package static let valuesAtOnce = 1 << 28
  /// Objects looked at when the datasets of a file are listed, and depth of its groups.
  package static let objects = 500_000
  package static let depth = 32
}
