import Datasets
import HDF5

/// An HDF5 file of any layout: datasets, fields of tables, blocks of pandas, matrices and cells of
/// MATLAB.
final class HDF5Source: SourceFile {
  let path: String
  let file: HDF5File
  /// What is below `group`, paths as the file has them.
  let entries: [HDF5Entry]
  /// Names of columns are relative to this group ("train/"); "": to the file.
  let group: String
  let attributes: [String: String]
  let columns: [SourceColumn]
  private let places: [String: Place]
  private var known: [String: [String: String]] = [:]

  /// Where the values of a column are.
  private enum Place {
    case dataset(HDF5Entry)
    case field(HDF5Entry, HDF5Entry.Field, element: Int)
    /// A column of a matrix that pandas names elsewhere.
    case item(HDF5Entry, column: Int)
  }

  /// - Parameter group: takes what is below it alone, under names relative to it; "": everything.
  /// - Throws: errors of the library; `ImportError` for a group that holds nothing.
  init(_ path: String, group: String = "") throws {
    self.path = path
    file = try HDF5File(path: path)
    let prefix = group.split(separator: "/").joined(separator: "/")
    self.group = prefix.isEmpty ? "" : prefix + "/"
    // What MATLAB's cells refer to, and indices of pandas, are no columns.
    let all = try file.entries().filter {
      !$0.path.hasPrefix("#") && !$0.path.contains("_i_table/")
    }
    entries = all.filter { [prefix = self.group] in prefix.isEmpty || $0.path.hasPrefix(prefix) }
    if entries.isEmpty {
      throw ImportError(
        path, prefix.isEmpty ? nil : prefix,
        "holds no datasets" + (all.isEmpty ? "" : "; the file holds \(examples(all.map(\.path)))"))
    }
    attributes = try file.attributes().filter {
      ["dataset", "model", "license", "synthetic"].contains($0.key)
    }
    (columns, places) = try Self.columns(of: entries, below: self.group, in: file)
  }

  /// Names, and what they lead to.
  private static func columns(
    of entries: [HDF5Entry], below group: String, in file: HDF5File
  ) throws -> ([SourceColumn], [String: Place]) {
    var columns: [SourceColumn] = []
    var places: [String: Place] = [:]
    func add(_ path: String, _ summary: String, isMatrix: Bool = false, _ place: Place) {
      let name = String(path.dropFirst(group.count))
      if places.updateValue(place, forKey: name) == nil {
        columns.append(SourceColumn(name: name, summary: summary, isMatrix: isMatrix))
      }
    }
    for entry in entries {
      if entry.kind != .table {
        add(
          entry.path, "\(entry.typeName) \(entry.shape)", isMatrix: entry.isMatrix, .dataset(entry))
        continue
      }
      for field in entry.fields {
        let path = "\(entry.path)/\(field.name)"
        add(
          path, "field, \(field.typeName) \(entry.shape + field.shape)",
          isMatrix: field.kind == .numbers && field.typeName.hasPrefix("float")
            && field.elements > 1,
          .field(entry, field, element: 0))
        guard field.elements > 1, field.elements <= 16 else { continue }
        for element in 0..<field.elements {
          add(
            "\(path)/\(element)", "value \(element) of a field, \(field.typeName)",
            .field(entry, field, element: element))
        }
      }
    }
    for (path, entry, column) in try pandasItems(entries, file) {
      add(path, "\(entry.typeName) [\(entry.shape[0])]", .item(entry, column: column))
    }
    return (columns, places)
  }

  /// Names of the columns of a matrix of a data frame in pandas' fixed format: `df/block1_items` are those
  /// of `df/block1_values`; nil for any other dataset.
  private static func columnNames(
    of values: HDF5Entry, _ byPath: [String: HDF5Entry], _ file: HDF5File
  ) throws -> [String]? {
    guard values.kind == .numbers, values.shape.count == 2, values.path.hasSuffix("_values"),
      let items = byPath[values.path.dropLast("values".count) + "items"], items.kind == .text,
      items.shape == [values.shape[1]]
    else { return nil }
    return try file.dataset(items.path).labels()
  }

  static func byPath(_ entries: [HDF5Entry]) -> [String: HDF5Entry] {
    Dictionary(entries.map { ($0.path, $0) }) { first, _ in first }
  }

  /// Columns of data frames in pandas' fixed format, by name.
  private static func pandasItems(_ entries: [HDF5Entry], _ file: HDF5File) throws -> [(
    path: String, entry: HDF5Entry, column: Int
  )] {
    let byPath = Self.byPath(entries)
    var items: [(String, HDF5Entry, Int)] = []
    for entry in entries where entry.shape.count == 2 && entry.shape[1] <= 64 {
      guard let names = try columnNames(of: entry, byPath, file) else { continue }
      let folder = entry.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
      for (column, name) in names.enumerated() { items.append((folder + name, entry, column)) }
    }
    return items
  }

  /// Attributes of groups and datasets, each asked for once; many at a time.
  func attributes(of objects: [String]) throws -> [[String: String]] {
    let unknown = objects.filter { known[$0] == nil }
    for start in stride(from: 0, to: unknown.count, by: 1_024) {
      let some = Array(unknown[start..<min(unknown.count, start + 1_024)])
      for (object, values) in zip(some, try file.attributes(of: some)) { known[object] = values }
    }
    return objects.map { known[$0] ?? [:] }
  }

  func labels(_ column: String, allowsFractions: Bool) throws -> [String] {
    switch places[column] {
    case nil: throw missing(column)
    case .item(let entry, let index):
      return try file.dataset(entry.path).labels(column: index, allowsFractions: allowsFractions)
    case .field(let entry, let field, let element):
      return try file.dataset(entry.path).labels(
        field: field.name, element: element, allowsFractions: allowsFractions)
    case .dataset(let entry):
      return try labels(entry, column, allowsFractions: allowsFractions)
    }
  }

  private func labels(_ entry: HDF5Entry, _ column: String, allowsFractions: Bool) throws
    -> [String]
  {
    let dataset = try file.dataset(entry.path)
    if let matlab = entry.matlabClass {
      switch matlab {
      case "char": return try dataset.characterRows()
      case "cell": return try dataset.referencedTexts()
      case "string", "categorical", "table", "datetime":
        throw ImportError(
          path, column,
          "is a MATLAB \(matlab), which is an object of its own; save cellstr(\(entry.name)) instead"
        )
      default: break
      }
    }
    switch entry.kind {
    case .bitField: return try dataset.bits()
    case .references: return try dataset.referencedTexts()
    case .numbers, .text, .enumeration:
      return try dataset.labels(allowsFractions: allowsFractions, allowsMissing: true)
    case .table, .other:
      throw ImportError(
        path, column,
        entry.path.contains("block")
          ? "is a block of Python objects that pandas pickled, which is not read; save the labels as"
            + " df[['identity', 'gender']].to_csv('labels.csv') and name that with --labels, or the"
            + " frame with to_hdf(…, format='table', data_columns=['identity', 'gender'])"
          : "is \(entry.typeName), expected text or whole numbers, one per row")
    }
  }

  func vectors(_ column: String?, isTransposed: Bool, labels: Set<String>) throws -> (
    column: String, source: any VectorSource
  ) {
    let name = try column ?? usualVectors()
    switch places[name] {
    case nil: throw missing(name)
    case .item: throw ImportError(path, name, "is one column of numbers, expected a matrix")
    case .field(let entry, let field, _):
      guard field.kind == .numbers, !isTransposed else {
        throw ImportError(
          path, name,
          isTransposed
            ? "is a field of a table, which is not transposed; leave out --transpose"
            : "is a field of \(field.typeName), expected numbers")
      }
      return (name, FieldVectors(dataset: try file.dataset(entry.path), field: field))
    case .dataset(let entry):
      return (name, try vectors(entry, isTransposed: isTransposed))
    }
  }

  /// MATLAB stores the transpose of what it shows.
  private func vectors(_ entry: HDF5Entry, isTransposed: Bool) throws -> any VectorSource {
    guard entry.kind == .numbers else {
      throw ImportError(
        path, entry.path,
        "is \(entry.typeName), expected numbers [rows, dimension]"
          + (entry.kind == .table
            ? "; name one of its fields (\(examples(entry.fields.map { "\(entry.path)/\($0.name)" })))"
            : ""))
    }
    let dataset = try file.dataset(entry.path)
    guard entry.shape.count >= 2, entry.shape.dropFirst().count(where: { $0 != 1 }) <= 1 else {
      throw ImportError(
        path, entry.path,
        "has the shape \(entry.shape), expected [rows, dimension]; save x.reshape(len(x), -1)")
    }
    if isTransposed != (entry.matlabClass != nil) {
      guard entry.shape.count == 2 else {
        throw ImportError(
          path, entry.path, "has the shape \(entry.shape), of which only two axes are transposed")
      }
      return TransposedVectors(dataset: dataset)
    }
    if let names = try Self.columnNames(of: entry, Self.byPath(entries), file) {
      return NamedColumnVectors(dataset, names: names)
    }
    return DatasetVectors(dataset: dataset)
  }
}

extension HDF5Entry {
  /// The last component of the path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Whether it looks like vectors: floats along two axes.
  var isMatrix: Bool {
    kind == .numbers && typeName.hasPrefix("float") && shape.count { $0 > 1 } == 2
      && shape.count <= 4
  }
}
