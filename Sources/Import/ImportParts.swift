import Configurations
import Datasets
import Foundation

/// The file that a place of labels names, and the column within; nil: it names no file.
func fileOfPlace(_ place: String) -> (path: String, column: String?)? {
  func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }
  if isFile(place) { return (place, nil) }
  guard let colon = place.lastIndex(of: ":") else { return nil }
  let path = String(place[..<colon])
  return isFile(path) ? (path, String(place[place.index(after: colon)...])) : nil
}

/// The vectors that are imported, part by part, and labels beside them in their files.
struct ImportParts {
  /// Vectors of one column of one file.
  struct Part {
    let file: any SourceFile
    let column: String
    let vectors: any VectorSource
    /// Set where people are groups.
    let people: PersonGroups?
    /// Rows that the column has, filled or not.
    let storedRows: Int
  }

  let parts: [Part]
  private let request: ImportRequest

  var rows: Int { parts.reduce(0) { $0 + $1.vectors.rows } }
  var dimension: Int { parts[0].vectors.dimension }

  /// - Parameter opened: the input, where it is open already.
  /// - Throws: `ImportError` where parts do not fit together.
  init(_ request: ImportRequest, opened: (any SourceFile)? = nil) throws {
    self.request = request
    let labels = Set(
      request.identity + request.gender + request.filename + request.attributes.values)
    var parts: [Part] = []
    for path in request.inputs {
      for file in try Self.sources(
        opened ?? openSource(path, hasHeader: request.hasHeader), request)
      {
        parts += try Self.parts(of: file, request, labels: labels)
      }
    }
    guard let first = parts.first else { throw ImportError("import", nil, "names no file") }
    parts = try Self.filled(parts, request.rows)
    for part in parts where part.vectors.dimension != first.vectors.dimension {
      throw ImportError(
        part.file.path, part.column,
        "has vectors of \(part.vectors.dimension) values, \(first.vectors.origin) of"
          + " \(first.vectors.dimension); import them as datasets of their own")
    }
    for part in parts where part.vectors.rows == 0 || part.vectors.dimension == 0 {
      throw ImportError(
        part.file.path, part.column,
        "has \(part.vectors.rows) vectors of \(part.vectors.dimension) values: no data")
    }
    guard first.vectors.dimension <= 1 << 17,
      parts.reduce(0, { min(1 << 40, $0 + $1.vectors.rows) }) <= 1 << 31
    else {
      throw ImportError(
        first.file.path, first.column,
        "has vectors of \(first.vectors.dimension) values in \(first.vectors.rows) rows, more than is"
          + " read; is it stored transposed? then add --transpose")
    }
    self.parts = parts
  }

  /// A file, or its groups each by itself.
  private static func sources(
    _ file: any SourceFile, _ request: ImportRequest
  ) throws -> [any SourceFile] {
    if request.groups.isEmpty { return [file] }
    guard let source = file as? HDF5Source else {
      throw ImportError(file.path, nil, "has no groups; --under is for HDF5 files")
    }
    return try request.groups.map { try HDF5Source(source, group: $0) }
  }

  private static func parts(
    of file: any SourceFile, _ request: ImportRequest, labels: Set<String>
  ) throws -> [Part] {
    if let people = try people(of: file, request) {
      return [
        Part(
          file: file, column: "", vectors: people.vectors, people: people,
          storedRows: people.vectors.rows)
      ]
    }
    let columns: [String?] = request.embeddings.isEmpty ? [nil] : request.embeddings
    return try columns.map { wanted in
      let (column, vectors) = try file.vectors(
        wanted, isTransposed: request.isTransposed, labels: labels)
      return Part(
        file: file, column: column, vectors: vectors, people: nil, storedRows: vectors.rows)
    }
  }

  /// The first rows of each part, as many as `--rows` says.
  private static func filled(_ parts: [Part], _ rows: [Int]) throws -> [Part] {
    if rows.isEmpty { return parts }
    guard rows.count == parts.count else {
      throw ImportError(
        parts[0].file.path, nil,
        "is imported in \(counted(parts.count, "part")); name --rows for each, not"
          + " \(counted(rows.count, "time"))")
    }
    return try zip(parts, rows).map { part, rows in
      if part.people != nil {
        throw ImportError(
          part.file.path, nil,
          "holds people in groups or datasets of their own, of which --rows takes no part; leave it out"
        )
      }
      guard rows <= part.vectors.rows else {
        throw ImportError(
          part.file.path, part.column, "has \(part.vectors.rows) rows, fewer than --rows \(rows)")
      }
      return Part(
        file: part.file, column: part.column, vectors: FirstRows(base: part.vectors, rows: rows),
        people: nil, storedRows: part.storedRows)
    }
  }

  /// People or images that are groups or datasets of a file; nil: its vectors are a column.
  private static func people(
    of file: any SourceFile, _ request: ImportRequest
  ) throws -> PersonGroups? {
    let source = file as? HDF5Source
    if request.identityRule == .group {
      guard let source else {
        throw ImportError(file.path, nil, "has no groups; --identity-from group is for HDF5 files")
      }
      return try PersonGroups(
        source, vectorsNamed: request.embeddings, isTransposed: request.isTransposed)
    }
    guard let source, request.embeddings.isEmpty else { return nil }
    // Datasets whose attributes say who they show.
    if request.identity.count == 1, fileOfPlace(request.identity[0]) == nil,
      !source.columns.contains(where: { $0.name == request.identity[0] }), request.tables.isEmpty,
      source.columns.count(where: { $0.isMatrix }) != 1
    {
      return try PersonGroups(source, isByImage: true, isTransposed: request.isTransposed)
    }
    // A dataset per image, and who it shows in its name or in a table.
    guard request.identityRule != nil || !request.tables.isEmpty,
      !source.columns.contains(where: \.isMatrix)
    else { return nil }
    return try PersonGroups(
      source, isByImage: true, isTransposed: request.isTransposed)
  }

  // MARK: - Labels

  /// Labels of all rows from columns of the vectors' files, or of files that are named; nil where
  /// there are none, or where the place is a column of a table.
  ///
  /// - Parameters:
  ///   - places: as the user named them; none: columns of the usual names.
  ///   - isInTable: whether a name is a column of the tables of labels.
  func labels(
    _ role: ColumnRole?, _ places: [String], allowsFractions: Bool, isInTable: (String) -> Bool,
    _ origin: inout [String]
  ) throws -> [String]? {
    if places.isEmpty { return try role.flatMap { try usual($0, &origin) } }
    if places.count == parts.count {
      if places.allSatisfy({ place in
        !parts.contains { has($0, place) } && fileOfPlace(place) == nil && isInTable(place)
      }) {
        return nil
      }
      return try zip(parts, places).flatMap { part, place in
        try labels(part, place, allowsFractions: allowsFractions, &origin)
      }
    }
    guard places.count == 1 else {
      throw ImportError(
        parts[0].file.path, nil,
        "is imported in \(parts.count) parts; name one place of labels for all, or one for each,"
          + " not \(places.count)")
    }
    if parts.allSatisfy({ has($0, places[0]) }) {
      return try parts.flatMap {
        try labels($0, places[0], allowsFractions: allowsFractions, &origin)
      }
    }
    guard let (path, column) = fileOfPlace(places[0]) else {
      if isInTable(places[0]) { return nil }
      throw parts[0].file.missing(places[0])
    }
    let texts = try Self.labels(path, column, request, allowsFractions: allowsFractions)
    note(places[0], &origin)
    guard texts.count == rows else { throw mismatch(nil, places[0], texts.count) }
    return texts
  }

  private func has(_ part: Part, _ place: String) -> Bool {
    part.people == nil && part.file.columns.contains { $0.name == place }
  }

  /// Labels of one part from a place.
  private func labels(
    _ part: Part, _ place: String, allowsFractions: Bool, _ origin: inout [String]
  ) throws -> [String] {
    var texts: [String]
    if let people = part.people, fileOfPlace(place) == nil {
      guard let found = try people.labels(ColumnRole(name: place) ?? .gender, named: place) else {
        throw ImportError(
          part.file.path, nil,
          "has no column '\(place)', and no such label at any group or dataset; it holds"
            + " \(part.file.summary)")
      }
      texts = found
    } else if has(part, place) {
      texts = try part.file.labels(place, allowsFractions: allowsFractions)
    } else if let (path, column) = fileOfPlace(place) {
      texts = try Self.labels(path, column, request, allowsFractions: allowsFractions)
    } else {
      throw part.file.missing(place)
    }
    note(fileOfPlace(place) == nil ? "\(part.file.path): '\(place)'" : place, &origin)
    if !request.rows.isEmpty, texts.count == part.storedRows {
      texts = Array(texts.prefix(part.vectors.rows))
    }
    guard texts.count == part.vectors.rows else { throw mismatch(part, place, texts.count) }
    return texts
  }

  /// Labels of a file of their own.
  private static func labels(
    _ path: String, _ column: String?, _ request: ImportRequest, allowsFractions: Bool
  ) throws -> [String] {
    let file = try openSource(path, hasHeader: request.hasHeader)
    if let column { return try file.labels(column, allowsFractions: allowsFractions) }
    guard file.columns.count == 1 else {
      throw ImportError(
        path, nil,
        "has several columns; say which, e.g. \(shellWord("\(path):\(file.columns.first?.name ?? "")"))"
          + "; it holds \(file.summary)")
    }
    return try file.labels(file.columns[0].name, allowsFractions: allowsFractions)
  }

  /// Labels of a usual name in every part's file; nil: in none.
  private func usual(_ role: ColumnRole, _ origin: inout [String]) throws -> [String]? {
    if parts.allSatisfy({ $0.people != nil }) {
      guard role != .identity else { return nil }
      let found = try parts.map { try $0.people?.labels(role, named: nil) }
      if found.allSatisfy({ $0 == nil }) { return nil }
      note("\(role.rawValue) at the groups", &origin)
      return zip(parts, found).flatMap { $1 ?? [String](repeating: "", count: $0.vectors.rows) }
    }
    var names: [String?] = []
    for part in parts { names.append(try usualName(role, part)) }
    if names.allSatisfy({ $0 == nil }) { return nil }
    return try zip(parts, names).flatMap { part, name in
      guard let name else {
        throw ImportError(
          part.file.path, nil,
          "has no column for '\(role.rawValue)', which another part has; name it with --\(role.rawValue)"
        )
      }
      return try labels(
        part, name, allowsFractions: ![.identity, .gender].contains(role), &origin)
    }
  }

  /// The column of a usual name that stands nearest to the vectors.
  private func usualName(_ role: ColumnRole, _ part: Part) throws -> String? {
    let columns = part.file.columns.filter { !$0.isMatrix && $0.name != part.column }
    // A list of names of classes is called like labels, too.
    let fitting = columns.filter { $0.labelCount.map { $0 == part.storedRows } ?? true }
    let names = (role.matches(among: fitting.map(\.name)).isEmpty ? columns : fitting).map(\.name)
    let folder = part.column.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let beside = names.filter { $0.hasPrefix(folder) && !$0.dropFirst(folder.count).contains("/") }
    let top = names.filter { !$0.contains("/") }
    for candidates in [beside, top, names] {
      let found = role.matches(among: candidates)
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        throw ImportError(
          part.file.path, nil,
          "has several columns for '\(role.rawValue)': \(examples(found)); say which with"
            + " \(shellOption("--\(role.rawValue.replacing("_", with: "-"))", found[0]))")
      }
    }
    return nil
  }

  private func note(_ place: String, _ origin: inout [String]) {
    if !origin.contains(place) { origin.append(place) }
  }

  /// The error of labels that are not one per row, with what makes them fit.
  private func mismatch(_ part: Part?, _ place: String, _ count: Int) -> ImportError {
    let rows = part?.vectors.rows ?? self.rows
    let remedy: String
    if count == dimension {
      remedy =
        "the vectors are stored the other way round: "
        + (request.isTransposed ? "leave out --transpose" : "add --transpose")
    } else if count < rows, parts.count == 1, request.rows.isEmpty {
      remedy =
        "if only the first rows are filled, add --rows \(count); if labels name images, give them in"
        + " a table with columns filename, identity and gender: --labels FILE --join filename"
    } else {
      remedy =
        "one per row is expected; if labels name images, give them in a table with columns filename,"
        + " identity and gender: --labels FILE --join filename"
    }
    return ImportError(
      part?.file.path ?? parts[0].file.path, nil,
      "has \(counted(rows, "vector")) of \(dimension) values, '\(place)' has"
        + " \(counted(count, "label")); \(remedy)")
  }
}
