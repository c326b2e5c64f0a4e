import Configurations
import Datasets

/// The labels of all vectors that are imported, from all places, and where they came from.
struct ImportedLabels {
  /// Person of each row.
  private(set) var identities: [String] = []
  /// M, F or U of each row; nil: nobody says.
  private(set) var genders: [String]?
  private(set) var filenames: [String]?
  /// Further labels by name.
  private(set) var attributes: [String: [String]] = [:]
  /// Rows that stay, ascending; nil: all.
  private(set) var kept: [Int]?
  /// "identity  labels.csv: 'person', by file name": what was taken from where.
  private(set) var lines: [(name: String, text: String)] = []

  /// - Throws: `ImportError` for labels that are missing, do not fit or are not understood.
  init(_ parts: ImportParts, _ request: ImportRequest) throws {
    let wanted: [ColumnRole: [String]] = [
      .identity: request.identity, .gender: request.gender, .filename: request.filename,
    ]
    func own(
      _ role: ColumnRole?, _ places: [String], _ origin: inout [String], _ table: LabelTable?
    )
      throws -> [String]?
    {
      let names = Set(table?.names.values ?? [:].values).union(table?.attributeColumns ?? [])
      // One place may be of the table, others of the vectors: an image's name stands in both.
      let others = places.filter { !(table?.takenPlaces.contains($0) ?? false) }
      // "labels.csv:person" of a table that is joined is no column of rows.
      let ofTables = Set(table?.paths ?? [])
      if others.isEmpty, !places.isEmpty,
        places.allSatisfy({ fileOfPlace($0).map { ofTables.contains($0.path) } ?? false })
      {
        return nil
      }
      return try parts.labels(
        role, others.isEmpty ? places : others,
        allowsFractions: ![.identity, .gender].contains(role), isInTable: names.contains, &origin)
    }
    // Which further labels are columns of the tables shows only when these are read.
    let extra = request.attributes.filter { fileOfPlace($0.value) == nil }
    let table =
      request.tables.isEmpty
      ? nil
      : try LabelTable(
        request.tables, hasHeader: request.hasHeader, wanted: wanted, attributes: extra)

    var origin: [String] = []
    filenames = try own(.filename, request.filename, &origin, table)
    if filenames == nil {
      let names = parts.parts.map { $0.people?.filenames }
      if names.allSatisfy({ $0 != nil }) { filenames = names.flatMap { $0 ?? [] } }
    }
    let filenamePlace = origin.first ?? parts.parts[0].file.path
    note("filename", &origin)
    var people =
      request.identityRule == nil ? try own(.identity, request.identity, &origin, table) : nil
    if let rule = request.identityRule {
      people = try identities(parts, rule, filenamePlace, &origin)
    }
    note("identity", &origin)

    let match = try table.map { try LabelMatch($0, parts, request, filenames, people) }
    if let table, let match {
      (people, filenames) = try take(table, match, request, people)
    }
    guard let people else {
      throw ImportError(
        request.inputs[0], nil,
        "says nowhere which person a vector is of; name the labels with --identity COLUMN or FILE, give"
          + " a table with --labels FILE, or take the person from image names with --identity-from"
          + " filename (it holds \(parts.parts[0].file.summary))")
    }
    identities = people
    try takeGenders(parts, request, table, match) { try own(.gender, request.gender, &$0, table) }
    try takeAttributes(request, table, match) { try own($0, $1, &$2, table) }
    try checkTexts(request)
    if let match, !match.dropped.isEmpty { drop(match.dropped, of: parts.rows) }
  }

  // MARK: - Tables

  /// Identities and image names, of the table where the vectors' files have none.
  private mutating func take(
    _ table: LabelTable, _ match: LabelMatch, _ request: ImportRequest, _ people: [String]?
  ) throws -> ([String]?, [String]?) {
    var (people, names) = (people, filenames)
    if match.join != .identity, let own = table.columns[.identity],
      people == nil || request.identity.isEmpty, request.identityRule == nil
    {
      people = match.rows.map { $0.map { own[$0] } ?? "" }
      lines.removeAll { $0.name == "identity" }
      lines.append(
        (
          "identity",
          "\(table.paths.joined(separator: ", ")): '\(table.names[.identity] ?? "")', \(match.words)"
        ))
    }
    if names == nil, match.join == .row, let own = table.columns[.filename] {
      names = own
      lines.append(
        (
          "filename",
          "\(table.paths.joined(separator: ", ")): '\(table.names[.filename] ?? "")', \(match.words)"
        ))
    }
    return (people, names)
  }

  // MARK: - Identities, genders, further labels

  private func identities(
    _ parts: ImportParts, _ rule: IdentityRule, _ place: String, _ origin: inout [String]
  ) throws -> [String] {
    if rule == .group {
      origin = ["names of the groups"]
      return parts.parts.flatMap { $0.people?.identities ?? [] }
    }
    guard let filenames else {
      throw ImportError(
        parts.parts[0].file.path, nil,
        "names no images, which --identity-from \(rule.rawValue) needs; name them with --filename"
          + " COLUMN or FILE")
    }
    origin = ["image names"]
    return try filenames.enumerated().map { row, name in
      guard let person = ImageNames.person(of: name, rule) else {
        throw ImportError(
          place, nil,
          "calls the image of row \(row) '\(name)', which does not say a person by the rule"
            + " '\(rule.rawValue)' (\(rule.example))")
      }
      return person
    }
  }

  private mutating func takeGenders(
    _ parts: ImportParts, _ request: ImportRequest, _ table: LabelTable?, _ match: LabelMatch?,
    own: (inout [String]) throws -> [String]?
  ) throws {
    if !request.maleLists.isEmpty || !request.femaleLists.isEmpty {
      let lists = try GenderLists(male: request.maleLists, female: request.femaleLists)
      genders = identities.map { lists.genders[$0] ?? "U" }
      let people = Set(identities)
      let both = lists.inBoth.filter(people.contains)
      lines.append(
        (
          "gender",
          "lists of names: \(grouped(people.count { lists.genders[$0] != nil })) of"
            + " \(counted(people.count, "person", "people"))"
            + (both.isEmpty ? "" : "; in both lists, unlabelled: \(examples(both))")
        ))
      return
    }
    var origin: [String] = []
    // A table that was given goes before columns that only have a usual name.
    let isOfTable = request.gender.isEmpty && table?.columns[.gender] != nil
    var labels = isOfTable ? nil : try own(&origin)
    var place = origin.first ?? ""
    if labels == nil, let table, let match, let texts = table.columns[.gender] {
      labels = match.rows.map { $0.map { texts[$0] } ?? "" }
      place = "\(table.paths[0]): '\(table.names[.gender] ?? "")'"
      let missing = match.rows.count { $0 == nil } - match.dropped.count
      origin = [
        "\(table.paths.joined(separator: ", ")): '\(table.names[.gender] ?? "")'"
          + (missing > 0 ? "; \(counted(missing, "vector")) of people who are not in it" : "")
      ]
    }
    guard let labels else {
      lines.append(("gender", "none found; every person is unlabelled"))
      return
    }
    genders = try GenderLabels(codes: request.genderCodes)
      .genders(labels, place: place)
    note("gender", &origin)
  }

  private mutating func takeAttributes(
    _ request: ImportRequest, _ table: LabelTable?, _ match: LabelMatch?,
    own: (ColumnRole?, [String], inout [String]) throws -> [String]?
  ) throws {
    var origin: [String] = []
    for role in [ColumnRole.age, .ageGroup, .ethnicity]
    where request.attributes[role.rawValue] == nil {
      if let texts = table?.columns[role], let match {
        attributes[role.rawValue] = match.rows.map { $0.map { texts[$0] } ?? "" }
        origin = ["\(table?.paths.joined(separator: ", ") ?? ""): '\(table?.names[role] ?? "")'"]
      } else if let labels = try own(role, [], &origin) {
        attributes[role.rawValue] = labels
      }
      note(role.rawValue, &origin)
    }
    for (name, place) in request.attributes.sorted(by: { $0.key < $1.key }) {
      if let texts = table?.attributes[name], let match {
        attributes[name] = match.rows.map { $0.map { texts[$0] } ?? "" }
        origin = ["\(table?.paths.joined(separator: ", ") ?? ""): '\(place)'"]
      } else {
        attributes[name] = try own(nil, [place], &origin)
      }
      note(name, &origin)
    }
  }

  // MARK: - The rest

  /// No text may hold a zero byte, at which the file's strings would end.
  private func checkTexts(_ request: ImportRequest) throws {
    let columns =
      [("identity", identities), ("filename", filenames ?? [])]
      + attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (name, texts) in columns {
      if let row = texts.firstIndex(where: { $0.utf8.contains(0) }) {
        throw ImportError(
          request.inputs[0], nil, "has a zero byte within '\(name)' of row \(row); clean the labels"
        )
      }
    }
  }

  private mutating func drop(_ dropped: Set<Int>, of rows: Int) {
    let kept = (0..<rows).filter { !dropped.contains($0) }
    func own(_ texts: [String]) -> [String] { kept.map { texts[$0] } }
    identities = own(identities)
    genders = genders.map(own)
    filenames = filenames.map(own)
    attributes = attributes.mapValues(own)
    self.kept = kept
    lines.append(("left out", "\(counted(dropped.count, "vector")) that the table does not name"))
  }

  private mutating func note(_ name: String, _ origin: inout [String]) {
    if !origin.isEmpty { lines.append((name, origin.joined(separator: ", "))) }
    origin = []
  }
}

extension IdentityRule {
  /// An image that the rule understands.
  fileprivate var example: String {
    switch self {
    case .filename: "Aaron_Eckhart_0001.jpg is of Aaron_Eckhart"
    case .folder: "Aaron_Eckhart/1.jpg is of Aaron_Eckhart"
    case .prefix: "00001_930831_fa.png is of 00001"
    case .group: "Aaron_Eckhart/1 is of Aaron_Eckhart"
    }
  }
}
