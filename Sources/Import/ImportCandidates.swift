import Datasets

/// Ways in which a file could be meant, from what its columns are called and how they lie.
struct ImportCandidates {
  /// Ways that say who is shown by a column; the first that works is taken.
  private(set) var byColumn: [ImportRequest] = []
  /// Ways that take the person from names of groups, datasets or images; of these that work, one is
  /// chosen by the people it makes.
  private(set) var byName: [ImportRequest] = []

  private let file: any SourceFile
  /// Components of the paths of all datasets that can be vectors.
  private let paths: [[Substring]]
  /// Groups below which people may be.
  private let groupChoices: [[String]]

  /// - Parameter base: what the user said of the file.
  init(_ file: any SourceFile, _ base: ImportRequest) {
    self.file = file
    paths = Self.paths(file)
    groupChoices = Self.groupChoices(paths)
    byColumn = [base]
    var open = base
    open.embeddings = []
    open.identity = []
    open.gender = []
    open.filename = []
    open.attributes = [:]
    if open != base { byColumn.append(open) }
    addParts(open)
    addMatrices(open)
    addGroups(open)
    for rule in IdentityRule.allCases where rule != .group {
      for groups in [[]] + groupChoices {
        var request = open
        request.identityRule = rule
        request.groups = groups
        if !byName.contains(request) { byName.append(request) }
      }
    }
    byColumn += byColumn.map { request in
      var turned = request
      turned.isTransposed.toggle()
      return turned
    }
  }

  /// Whether a column is called like people: "ids", "y_train".
  static func isNamedLikePeople(_ name: String) -> Bool {
    ColumnRole(name: name) == .identity
      || Part(name: name).map { ColumnRole(name: $0.rest) == .identity } ?? false
  }

  // MARK: - Columns

  private var matrices: [SourceColumn] { file.columns.filter(\.isMatrix) }

  /// Groups, or matrices of one name, that are parts of one dataset: taken one after the other.
  private mutating func addParts(_ open: ImportRequest) {
    let folders = matrices.map { column -> String in
      let path = column.name.split(separator: "/").dropLast()
      let part = path.firstIndex { isPartOfADataset(String($0)) }
      return (part.map { path[...$0] } ?? path).joined(separator: "/")
    }
    // Folders of other names may as well be networks: the vectors of the first alone are tried before.
    let groups: [String] = folders.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    if groups.count > 1, !groups.contains("") {
      let areParts = groups.allSatisfy { group in
        group.split(separator: "/").last.map { isPartOfADataset(String($0)) } ?? false
      }
      let single = groups.count > 8 ? [] : groups.map { [$0] }
      for choice in areParts ? [groups] : single {
        var request = open
        request.groups = choice
        byColumn.append(request)
      }
    }
    // "X_train" and "X_test", with "y_train" and "y_test".
    let labels = file.columns.filter { !$0.isMatrix }.compactMap { Part(name: $0.name) }
    for (_, parts) in Dictionary(
      grouping: matrices.compactMap { Part(name: $0.name) }, by: \.rest
    )
    .sorted(by: { $0.key < $1.key }) where parts.count > 1 {
      /// The columns of all parts that are called alike but for the part.
      func columns(_ rest: String) -> [String] {
        parts.compactMap { part in
          labels.first { $0.word == part.word && $0.rest == rest }?.name
        }
      }
      func beside(_ role: ColumnRole) -> [String]? {
        let found = parts.map { part in
          role.matches(among: labels.filter { $0.word == part.word }.map(\.rest))
        }
        guard let rest = found.first?.first, found.allSatisfy({ $0 == [rest] }) else { return nil }
        return columns(rest)
      }
      // Else what all parts have beside the vectors, and nothing else.
      let rests = parts.map { part in
        Set(
          labels.filter { $0.word == part.word && ColumnRole(name: $0.name) != .gender }.map(\.rest)
        )
      }
      let common = rests.dropFirst().reduce(rests[0]) { $0.intersection($1) }
      let guess = common.count == 1 ? common.first.map(columns) : nil
      guard let people = beside(.identity) ?? guess else { continue }
      var request = open
      request.embeddings = parts.map(\.name)
      request.identity = people
      request.gender = beside(.gender) ?? []
      request.filename = beside(.filename) ?? []
      byColumn.append(request)
    }
  }

  /// A name with a word for a part of a dataset: "X_train" is "train" and "X".
  private struct Part {
    let name: String
    let word: String
    let rest: String

    init?(name: String) {
      self.name = name
      let words = name.split { "_-./".contains($0) }.map(String.init)
      if let place = words.firstIndex(where: isPartOfADataset) {
        word = words[place].lowercased()
        rest = (words[..<place] + words[(place + 1)...]).joined(separator: "_")
        return
      }
      // "trainX".
      let first = words.first ?? ""
      guard
        let part = ["train", "test", "val", "dev", "gallery", "probe", "query"]
          .first(where: { first.lowercased().hasPrefix($0) })
      else { return nil }
      word = part
      rest = ([String(first.dropFirst(part.count))] + words.dropFirst()).joined(separator: "_")
    }
  }

  /// Each matrix with columns of usual names, then with the one column that can be people.
  private mutating func addMatrices(_ open: ImportRequest) {
    // So many are people or images rather than choices.
    guard matrices.count <= 8 else {
      addAttributes(open)
      return
    }
    let choices = matrices.count > 1 ? matrices.map { Optional($0.name) } : [nil]
    for matrix in choices where matrix != nil {
      var request = open
      request.embeddings = matrix.map { [$0] } ?? []
      byColumn.append(request)
    }
    let labels = file.columns.filter { column in
      !column.isMatrix && !column.isValue && (column.labelCount ?? 2) > 1
        && [nil, .identity].contains(ColumnRole(name: column.name))
    }
    for matrix in choices {
      for column in labels.prefix(24) {
        var request = open
        request.embeddings = matrix.map { [$0] } ?? []
        request.identity = [column.name]
        byColumn.append(request)
      }
    }
    // Images whose names stand in a column that is called otherwise.
    for rule in IdentityRule.allCases where rule != .group {
      for column in labels.prefix(8) {
        var request = open
        request.filename = [column.name]
        request.identityRule = rule
        byName.append(request)
      }
    }
    addAttributes(open)
  }

  /// Datasets whose attributes say who they show.
  private mutating func addAttributes(_ open: ImportRequest) {
    guard let source = file as? HDF5Source,
      let first = source.entries.first(where: { $0.kind == .numbers && !$0.shape.isEmpty })
    else { return }
    let path = first.path.split(separator: "/")
    let places = path.indices.map { path[...$0].joined(separator: "/") }
    let beside = source.entries.filter { entry in
      entry.shape.allSatisfy { $0 == 1 } && entry.path.contains("/")
        && places.contains(entry.path.split(separator: "/").dropLast().joined(separator: "/"))
    }.map(\.name)
    let names = ((try? source.attributes(of: places)) ?? []).flatMap(\.keys) + beside
    for name in ColumnRole.identity.matches(among: Array(Set(names)).sorted()) {
      var request = open
      request.identity = [name]
      byColumn.append(request)
    }
  }

  // MARK: - Groups

  /// Whether datasets are rather people or images than columns.
  var isOfGroups: Bool {
    matrices.count > 8 || matrices.isEmpty && (file as? HDF5Source)?.entries.count ?? 0 > 8
  }

  /// The group below which the paths of all numbers part; nil: they part at the top.
  private static func commonGroup(_ paths: [[Substring]]) -> String? {
    guard let first = paths.first else { return nil }
    var depth = 0
    while depth + 1 < first.count,
      paths.allSatisfy({ $0.count > depth + 1 && $0[depth] == first[depth] })
    {
      depth += 1
    }
    return depth == 0 ? nil : first[..<depth].joined(separator: "/")
  }

  /// Components of the paths of all datasets that can be vectors.
  private static func paths(_ file: any SourceFile) -> [[Substring]] {
    guard let source = file as? HDF5Source else { return [] }
    return source.entries.filter { entry in
      entry.kind == .numbers && !entry.shape.isEmpty && !entry.isFrameAxis
        && [nil, .embeddings].contains(ColumnRole(name: entry.path))
    }.map { $0.path.split(separator: "/") }
  }

  /// Groups below which people may be: what all have in common, its parts, or all of its groups.
  private static func groupChoices(_ paths: [[Substring]]) -> [[String]] {
    let common = commonGroup(paths)
    let depth = common.map { $0.split(separator: "/").count } ?? 0
    var choices: [[String]] = [common.map { [$0] } ?? []]
    var below: [String: Set<Substring>] = [:]
    for path in paths where path.count > depth + 1 {
      below[String(path[depth]), default: []].insert(path[depth + 1])
    }
    let tops = below.keys.sorted()
    guard tops.count > 1, tops.count <= 16 else { return choices }
    func add(_ some: [String]) {
      let groups = some.map { (common.map { $0 + "/" } ?? "") + $0 }
      if !groups.isEmpty, !choices.contains(groups) { choices.append(groups) }
    }
    let parts = tops.filter(isPartOfADataset)
    add(parts)
    // The same people in each are those of several networks.
    if parts.isEmpty, Set(below.values).count == 1, below.values.first?.count ?? 0 > tops.count {
      choices = []
      for top in tops { add([top]) }
    } else if parts.isEmpty {
      add(tops)
    }
    return choices
  }

  /// People that are groups or datasets.
  private mutating func addGroups(_ open: ImportRequest) {
    guard !paths.isEmpty else { return }
    // Datasets of one name in many groups.
    var uses: [Substring: Int] = [:]
    for path in paths where path.count > 1 { uses[path[path.count - 1], default: 0] += 1 }
    let names = uses.filter { $1 > 1 }.keys.sorted().prefix(8).map { String($0) }
    let usual = ColumnRole.embeddings.matches(among: names)
    let hasMatrices = (file as? HDF5Source)?.entries.contains { $0.shape.count == 2 } ?? false
    for isTurned in hasMatrices ? [false, true] : [false] {
      for groups in groupChoices {
        for name in [nil] + (usual + names.filter { !usual.contains($0) }).map(Optional.init) {
          var request = open
          request.groups = groups
          request.identityRule = .group
          request.embeddings = name.map { [$0] } ?? []
          request.isTransposed = isTurned
          byName.append(request)
        }
      }
    }
  }
}
