import Datasets

/// What a row of a table of labels belongs to.
package enum LabelJoin: String, Sendable, CaseIterable {
  /// The row of the vectors at the same place.
  case row
  /// The image of the same name.
  case filename
  /// Every image of the person.
  case identity
}

/// Labels from files of their own (CSV, TSV): a row per row of the vectors, per image or per person.
struct LabelTable {
  /// As the user named them, for messages.
  let paths: [String]
  /// Columns that were taken, by role, and under which name.
  private(set) var names: [ColumnRole: String] = [:]
  /// Texts of the columns, each one per row of the table.
  private(set) var columns: [ColumnRole: [String]] = [:]
  /// Further columns that were asked for, by the name they get.
  private(set) var attributes: [String: [String]] = [:]
  /// Names of these columns in the table.
  private(set) var attributeColumns: Set<String> = []
  private(set) var rows = 0
  /// Places that the user named and that are columns of these tables.
  private(set) var takenPlaces: Set<String> = []
  /// Images of Adience's lists: "face_id.original_image", which names one face.
  private var isAdience = false

  /// Reads tables with the same columns, one after the other.
  ///
  /// - Parameters:
  ///   - wanted: places of columns by role, where the usual names do not do; those that are no columns of
  ///     a table are others'.
  ///   - attributes: further columns, by the name they get.
  init(
    _ paths: [String], hasHeader: Bool?, wanted: [ColumnRole: [String]],
    attributes: [String: String]
  ) throws {
    self.paths = paths
    for path in paths {
      let text = try DelimitedText(path, hasHeader: hasHeader)
      let isFirst = path == paths.first
      if isFirst { try choose(text, wanted) }
      for (role, name) in names {
        columns[role, default: []] += try texts(name, of: text)
      }
      // A name may also be one of the vectors' file.
      for (name, column) in attributes where text.columns.contains(column) {
        attributeColumns.insert(column)
        self.attributes[name, default: []] += try texts(column, of: text)
      }
      rows += text.rows
    }
  }

  /// Which column is for what.
  private mutating func choose(_ text: DelimitedText, _ wanted: [ColumnRole: [String]]) throws {
    isAdience = Set(["face_id", "original_image"]).isSubset(of: text.columns)
    for role in ColumnRole.allCases where role != .embeddings {
      // A name may also be one of the vectors' file.
      let places = wanted[role] ?? []
      let own = places.filter { column(ofPlace: $0).map(text.columns.contains) ?? false }
      if own.count > 1 {
        throw ImportError(
          text.path, nil,
          "has several of the columns for '\(role.rawValue)': \(examples(own)); name one")
      }
      if let place = own.first {
        names[role] = column(ofPlace: place)
        takenPlaces.insert(place)
        continue
      }
      let found = role.matches(among: text.columns)
      if found.count > 1 {
        throw ImportError(
          text.path, nil,
          "has several columns for '\(role.rawValue)': \(examples(found)); rename one")
      }
      names[role] = found.first
    }
    if names.isEmpty {
      throw ImportError(
        text.path, nil,
        "has no column of a usual name (\(examples(text.columns))); name them, e.g. --identity"
          + " \(shellWord(text.columns[0])), or call them identity, gender, filename")
    }
  }

  /// The column that a place names if it is one of these tables: "person", "labels.csv:person".
  private func column(ofPlace place: String) -> String? {
    for path in paths where place.hasPrefix(path + ":") {
      return String(place.dropFirst(path.utf8.count + 1))
    }
    return fileOfPlace(place) == nil ? place : nil
  }

  private func texts(_ name: String, of text: DelimitedText) throws -> [String] {
    guard let column = text.columns.firstIndex(of: name) else {
      throw ImportError(
        text.path, nil, "has no column '\(name)'; it has \(examples(text.columns))")
    }
    return try text.texts(ofColumn: column)
  }

  /// For each image, the row of the table of the same name; nil: none has.
  ///
  /// Names are compared without extensions: whole where every one is found so, else without folders.
  ///
  /// - Throws: `ImportError` where two rows of one name say different things.
  func rows(ofImages images: [String]) throws -> [Int?] {
    guard let own = columns[.filename] else {
      throw ImportError(
        paths[0], nil, "has no column of image names; name it with --filename COLUMN")
    }
    // One picture of Adience may show several people.
    if isAdience, let faces = columns[.identity] {
      let keys = zip(faces, own).map { "\($0).\(ImageNames.shortKey($1))" }
      let byFace = try rows(
        of: images.map { ImageNames.withoutAlignment(ImageNames.shortKey($0)) }, among: keys)
      if byFace.contains(where: { $0 != nil }) { return byFace }
    }
    let byWhole = try rows(of: images.map(ImageNames.key), among: own.map(ImageNames.key))
    if byWhole.allSatisfy({ $0 != nil }) { return byWhole }
    let wholes = images.map(ImageNames.key)
    let shorts = images.map(ImageNames.shortKey)
    let byName = try rows(
      of: shorts, among: own.map(ImageNames.shortKey), apart: wholes, "folders")
    if byName.allSatisfy({ $0 != nil }) { return byName }
    // "A_0001.JPG" and "a_0001.jpg", where that finds more.
    let byLetters = try? rows(
      of: shorts.map { $0.lowercased() }, among: own.map { ImageNames.shortKey($0).lowercased() },
      apart: wholes, "capitals")
    let found = byName.count { $0 != nil }
    return byLetters.map { $0.count { $0 != nil } > found ? $0 : byName } ?? byName
  }

  /// The row of each wanted key, which is a name without some of what tells images apart.
  ///
  /// - Parameters:
  ///   - wholes: the names themselves.
  ///   - what: what keys are without, in words.
  /// - Throws: `ImportError` also for a key of several images that is in the table: one row would be taken
  ///   for all of them.
  private func rows(
    of wanted: [String], among keys: [String], apart wholes: [String], _ what: String
  ) throws -> [Int?] {
    let found = try rows(of: wanted, among: keys)
    var imageOf: [String: Int] = [:]
    for (image, key) in wanted.enumerated() where found[image] != nil {
      guard let other = imageOf[key] else {
        imageOf[key] = image
        continue
      }
      if wholes[other] != wholes[image] {
        throw ImportError(
          paths[0], nil,
          "does not name '\(wholes[other])' and '\(wholes[image])' apart: without \(what) both are"
            + " '\(key)'; write the names of the table as those of the images")
      }
    }
    return found
  }

  /// For each identity, the row of the table of the same person; nil: none has.
  func rows(ofPeople people: [String]) throws -> [Int?] {
    guard let own = columns[.identity] else {
      throw ImportError(
        paths[0], nil, "has no column of people; name it with --identity COLUMN")
    }
    return try rows(of: people, among: own)
  }

  /// The row of each wanted key; of rows that say the same the first.
  ///
  /// - Throws: `ImportError` for a wanted key whose rows say different things.
  private func rows(of wanted: [String], among keys: [String]) throws -> [Int?] {
    var index: [String: (first: Int, different: Int?)] = [:]
    index.reserveCapacity(keys.count)
    for (row, key) in keys.enumerated() {
      guard let known = index[key] else {
        index[key] = (row, nil)
        continue
      }
      let differs = columns.contains { $0 != .filename && $1[known.first] != $1[row] }
      if differs { index[key] = (known.first, known.different ?? row) }
    }
    return try wanted.map { key in
      guard let (first, different) = index[key] else { return nil }
      guard let different else { return first }
      let (role, texts) =
        columns.sorted { $0.key.rawValue < $1.key.rawValue }
        .first { $0 != .filename && $1[first] != $1[different] } ?? (.identity, keys)
      throw ImportError(
        paths[0], nil,
        "names '\(key)' twice (rows \(first + 1) and \(different + 1)), with '\(texts[first])' and"
          + " '\(texts[different])' as \(role.rawValue); remove one, or write names with their folders"
      )
    }
  }
}
