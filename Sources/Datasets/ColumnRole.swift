/// What a column can be for, and the names by which it is found where none is given.
package enum ColumnRole: String, CaseIterable {
  case embeddings, identity, gender, filename, age
  case ageGroup = "age_group"
  case ethnicity

  /// Names, in lower case; earlier ones go before later ones.
  package var names: [String] {
    switch self {
    case .embeddings:
      [
        "embeddings", "embedding", "emb", "features", "feature", "feats", "feat", "vectors",
        "vector",
      ]
    case .identity:
      [
        "identity", "identities", "subject", "subjects", "subject_id", "subject_ids", "person",
        "person_id", "identity_id", "face_id", "ids", "id", "name", "names", "label", "labels", "y",
      ]
    case .gender: ["gender", "genders", "sex"]
    case .filename:
      [
        "filename", "filenames", "file_name", "file", "files", "image", "images", "image_name",
        "path",
        "paths", "image_path", "original_image", "img",
      ]
    case .age: ["age", "ages"]
    case .ageGroup: ["age_group", "age_groups"]
    case .ethnicity: ["ethnicity", "ethnicities", "ethnics", "race", "races"]
    }
  }

  private static let roles = Dictionary(
    allCases.flatMap { role in role.names.map { ($0, role) } }
  ) { first, _ in first }

  /// The role of a name; nil: it is no usual one.
  package init?(name: String) {
    guard let role = Self.roles[Self.plain(name)] else { return nil }
    self = role
  }

  /// The best of some names for this role: of the earliest usual name, and that alone.
  ///
  /// - Returns: all names that are equally good; empty: none is usual.
  package func matches(among names: [String]) -> [String] {
    for usual in self.names {
      let found = names.filter { Self.plain($0) == usual }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The last component of a path in lower case, with underscores.
  private static func plain(_ name: String) -> String {
    let bytes = name.utf8
    var end = bytes.endIndex
    while end > bytes.startIndex, bytes[bytes.index(before: end)] == UInt8(ascii: "/") {
      end = bytes.index(before: end)
    }
    let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/"))
    let last = String(name[(slash.map(bytes.index(after:)) ?? bytes.startIndex)..<end])
    // A file may have half a million: most are no usual names, whose letters alone are these.
    guard last.utf8.count <= 24 else { return last }
    return last.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
      .replacing(".npy", with: "")
  }
}
