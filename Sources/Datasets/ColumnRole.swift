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
        "vector", "vec", "vecs",
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
        "paths", "image_path", "original_image", "img", "image_names", "image_paths", "img_names",
        "img_paths",
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
    var best = (rank: Int.max, names: [String]())
    for name in names {
      guard let rank = self.names.firstIndex(of: Self.plain(name)), rank <= best.rank else {
        continue
      }
      best = (rank, (rank == best.rank ? best.names : []) + [name])
    }
    return best.names
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
    let isPlain = last.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    if isPlain { return last }
    return last.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
      .replacing(".npy", with: "")
  }
}
