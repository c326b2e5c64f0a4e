import Datasets
import HDF5

/// An HDF5 file of any layout: datasets, fields of tables, blocks of pandas, matrices and cells of
/// MATLAB.
final class HDF5Source: SourceFile {
  let path: String
  let file: HDF5File
  /// What is below `group`, paths as the file has them.
  let entries: [HDF5Entry]
  /// Everything in the file.
  private let all: [HDF5Entry]
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
    /// Columns that are the values of vectors, and which these are in words.
    case vector([NamedColumnVectors.Column], String)
  }

  /// - Parameter group: takes what is below it alone, under names relative to it; "": everything.
  /// - Throws: errors of the library; `ImportError` for a group that holds nothing.
  convenience init(_ path: String, group: String = "") throws {
    try self.init(try HDF5File(path: path), group: group)
  }

  /// What is below another group of the same file, which is not opened again.
  convenience init(_ other: HDF5Source, group: String) throws {
    try self.init(other.file, group: group)
  }

  private init(_ file: HDF5File, group: String) throws {
    (path, self.file) = (file.path, file)
    let prefix = group.split(separator: "/").joined(separator: "/")
    self.group = prefix.isEmpty ? "" : prefix + "/"
    all = try file.entries()
    // What MATLAB's cells refer to, and indices and names of categories of pandas, are no columns.
    let all = all.filter {
      !$0.path.hasPrefix("#") && !$0.path.contains("_i_table/")
        && !$0.path.hasSuffix("/meta/table")
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
    var indexOf: [String: Int] = [:]
    func add(
      _ path: String, _ summary: String, isMatrix: Bool = false, count: Int? = nil, _ place: Place
    ) {
      let name = String(path.dropFirst(group.count))
      if places.updateValue(place, forKey: name) == nil {
        indexOf[name] = columns.count
        columns.append(
          SourceColumn(name: name, summary: summary, isMatrix: isMatrix, labelCount: count))
      }
    }
    for entry in entries {
      if entry.kind != .table {
        add(
          entry.path, "\(entry.typeName) \(entry.shape)", isMatrix: entry.isMatrix,
          count: entry.matlabClass == "char" || entry.shape.count { $0 != 1 } > 1
            ? nil : entry.shape.reduce(1, *),
          .dataset(entry))
        continue
      }
      for field in entry.fields {
        let path = "\(entry.path)/\(field.name)"
        add(
          path, "field, \(field.typeName) \(entry.shape + field.shape)",
          isMatrix: field.kind == .numbers && field.typeName.hasPrefix("float")
            && field.elements > 1,
          count: field.elements == 1 ? entry.shape.first : nil, .field(entry, field, element: 0))
        guard field.elements > 1, field.elements <= 16 else { continue }
        for element in 0..<field.elements {
          add(
            "\(path)/\(element)", "value \(element) of a field, \(field.typeName)",
            count: entry.shape.first,
            .field(entry, field, element: element))
        }
      }
    }
    for frame in try frames(entries, file) + tables(entries) {
      let vectors = frame.vectors()
      for (stem, place, summary) in vectors {
        add("\(frame.folder)\(stem)*", summary, isMatrix: true, place)
      }
      for (name, column) in frame.columns {
        if case .ofMatrix(let entry, let index) = column {
          add(
            frame.folder + name, "\(entry.typeName) [\(entry.shape[0])]", count: entry.shape[0],
            .item(entry, column: index))
        }
        if isValue(name, vectors),
          let index = indexOf[String((frame.folder + name).dropFirst(group.count))]
        {
          columns[index].isValue = true
        }
      }
      // The matrices of pandas hold what it happened to put together.
      for path in Set(frame.columns.map(\.column.entry.path)).sorted() where !vectors.isEmpty {
        let name = String(path.dropFirst(group.count))
        guard let index = indexOf[name] else { continue }
        columns[index] = SourceColumn(
          name: name, summary: columns[index].summary, isMatrix: false)
        if vectors.count == 1 { places[name] = vectors[0].place }
      }
    }
    return (columns, places)
  }

  /// Whether a column is called like those of one of the vectors.
  private static func isValue(
    _ name: String, _ vectors: [(stem: String, place: Place, summary: String)]
  ) -> Bool {
    guard let stem = NumberedNames.split(name)?.stem else { return false }
    return vectors.contains { $0.stem == stem }
  }

  /// Columns that have names: those of a data frame in pandas' fixed format, or the fields of a table that
  /// hold one number.
  private struct Frame {
    /// "df/".
    let folder: String
    var columns: [(name: String, column: NamedColumnVectors.Column)] = []

    /// Vectors among them: columns that are called alike but for a number. Others (an age, a quality) are
    /// no part of them.
    func vectors() -> [(stem: String, place: Place, summary: String)] {
      let names = columns.map(\.name)
      return NumberedNames.groups(names).compactMap { group in
        let own = group.places.map { columns[$0] }
        guard own.count > 3, let first = own.first, let last = own.last,
          own.contains(where: { $0.column.typeName.hasPrefix("float") })
        else { return nil }
        let taken = Set(group.places)
        let others = names.indices.filter { !taken.contains($0) }.map { names[$0] }
        let words =
          "'\(folder)', columns '\(first.name)' to '\(last.name)' by number"
          + (group.missing.isEmpty
            ? ""
            : ", of which \(examples(group.missing.map { group.stem + String($0) }))"
              + " \(group.missing.count == 1 ? "is" : "are") not there")
          + (others.isEmpty ? "" : ", without \(examples(others))")
        return (
          group.stem, .vector(own.map(\.column), words),
          "\(own.count) columns, \(first.column.typeName) [\(first.column.entry.shape[0])]"
        )
      }
    }
  }

  /// Data frames in pandas' fixed format, all matrices of a frame together.
  private static func frames(_ entries: [HDF5Entry], _ file: HDF5File) throws -> [Frame] {
    let byPath = Self.byPath(entries)
    var frames: [String: Frame] = [:]
    for entry in entries {
      guard let names = try columnNames(of: entry, byPath, file) else { continue }
      let folder = entry.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
      frames[folder, default: Frame(folder: folder)].columns += names.enumerated().map {
        ($1, .ofMatrix(entry, $0))
      }
    }
    return frames.values.sorted { $0.folder < $1.folder }
  }

  private static func tables(_ entries: [HDF5Entry]) -> [Frame] {
    entries.filter { $0.kind == .table && $0.shape.count == 1 }.map { entry in
      Frame(
        folder: entry.path + "/",
        columns: entry.fields.filter { $0.kind == .numbers && $0.elements == 1 }
          .map { ($0.name, .field(entry, $0.name)) })
    }
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
    case .vector:
      throw ImportError(path, column, "is the columns of a vector, expected one label per row")
    case .item(let entry, let index):
      return try file.dataset(entry.path).labels(column: index, allowsFractions: allowsFractions)
    case .field(let entry, let field, let element):
      let labels = try file.dataset(entry.path).labels(
        field: field.name, element: element, allowsFractions: allowsFractions)
      return try categories(of: field.name, entry).map { names in
        labels.map { Int($0).map { names.indices.contains($0) ? names[$0] : "" } ?? $0 }
      } ?? labels
    case .dataset(let entry):
      return try labels(entry, column, allowsFractions: allowsFractions)
    }
  }

  /// Names of a categorical column of pandas, which stores their numbers: of `df/table/gender` in
  /// `df/meta/gender/meta/table`; nil: it is none.
  private func categories(of field: String, _ table: HDF5Entry) throws -> [String]? {
    let folder = table.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let path = "\(folder)meta/\(field)/meta/table"
    guard let names = all.first(where: { $0.path == path }), names.kind == .table,
      let values = names.fields.first(where: { $0.name == "values" || $0.name == "values_block_0" })
    else { return nil }
    return try file.dataset(path).labels(field: values.name)
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
    case .vector(let columns, let words):
      guard !isTransposed else {
        throw ImportError(
          path, name, "is columns with names, which are not transposed; leave out --transpose")
      }
      return (name, try NamedColumnVectors(file, columns, words: words))
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
      return try NamedColumnVectors(
        file, names.indices.map { .ofMatrix(entry, $0) },
        words: "'\(entry.path)', columns as they are stored, \(examples(names))")
    }
    return DatasetVectors(dataset: dataset)
  }
}

extension HDF5Entry {
  /// The last component of the path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Whether it numbers or names the rows or columns of a data frame of pandas: `df/axis1`,
  /// `df/block0_items`.
  var isFrameAxis: Bool {
    let bytes = path.utf8
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
    let name = bytes[start...]
    return name.starts(with: "axis".utf8)
      && name.dropFirst(4).first.map { (48...57).contains($0) } ?? false
      || name.starts(with: "block".utf8) && path.hasSuffix("_items")
  }

  /// Whether it looks like vectors: floats along two axes.
  var isMatrix: Bool {
    kind == .numbers && typeName.hasPrefix("float") && shape.count { $0 > 1 } == 2
      && shape.count <= 4
  }
}

extension NamedColumnVectors.Column {
  fileprivate var typeName: String {
    switch self {
    case .ofMatrix(let entry, _): entry.typeName
    case .field(let entry, let name): entry.fields.first { $0.name == name }?.typeName ?? ""
    }
  }
}
