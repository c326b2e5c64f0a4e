/// How the person of an image is told where no column says it.
package enum IdentityRule: String, Sendable, CaseIterable {
  /// LFW: what stands before the last "_" and its digits, `Aaron_Eckhart_0001.jpg`.
  case filename
  /// The folder, `Aaron_Eckhart/1.jpg`.
  case folder
  /// ColorFERET, MORPH: what stands before the first "_" or "-", `00001_930831_fa.png`.
  case prefix
  /// Of an HDF5 file: the group, or the dataset, that the vectors are in.
  case group
}

/// What names of image files say: which person they show, and how they are compared.
enum ImageNames {
  /// The person of an image; nil: the name does not say it.
  static func person(of name: String, _ rule: IdentityRule) -> String? {
    let parts = components(name)
    guard let last = parts.last else { return nil }
    let stem = withoutExtension(last)
    switch rule {
    case .filename:
      let bytes = stem.utf8
      guard let cut = bytes.lastIndex(of: UInt8(ascii: "_")), cut > stem.startIndex else {
        return nil
      }
      let number = bytes[bytes.index(after: cut)...]
      guard !number.isEmpty, number.allSatisfy({ (48...57).contains($0) }) else { return nil }
      return String(stem[..<cut])
    case .folder:
      guard parts.count > 1, parts[parts.count - 2] != ".." else { return nil }
      return parts[parts.count - 2]
    case .prefix:
      guard let cut = stem.firstIndex(where: { $0 == "_" || $0 == "-" }), cut > stem.startIndex
      else { return nil }
      return String(stem[..<cut])
    case .group: return nil
    }
  }

  /// A name as it is compared whole: folders between "/", without extension.
  static func key(_ name: String) -> String {
    let bytes = name.utf8
    guard bytes.contains(where: isSeparator) || bytes.first == UInt8(ascii: ".") else {
      return withoutExtension(name)
    }
    var parts = components(name)
    if let last = parts.popLast() { parts.append(withoutExtension(last)) }
    return parts.joined(separator: "/")
  }

  /// A name as it is compared without folders.
  static func shortKey(_ name: String) -> String {
    let bytes = name.utf8
    guard let last = bytes.lastIndex(where: isSeparator) else { return withoutExtension(name) }
    let rest = bytes[bytes.index(after: last)...]
    return rest.isEmpty
      ? components(name).last.map(withoutExtension) ?? ""
      : withoutExtension(String(name[rest.startIndex...]))
  }

  /// A name of an Adience image without what the published archives put before it:
  /// "landmark_aligned_face.2.10399646885_67c7d20df9_o" is "2.10399646885_67c7d20df9_o".
  static func withoutAlignment(_ name: String) -> String {
    for prefix in ["landmark_aligned_face.", "coarse_tilt_aligned_face."]
    where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  private static func components(_ name: String) -> [String] {
    name.utf8.split(whereSeparator: isSeparator).compactMap { part in
      part.elementsEqual([UInt8(ascii: ".")]) ? nil : String(Substring(part))
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }

  private static func withoutExtension(_ name: String) -> String {
    let bytes = name.utf8
    // The longest ending has four letters.
    guard let dot = bytes.suffix(5).lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex
    else { return name }
    let ending = name[bytes.index(after: dot)...].lowercased()
    return extensions.contains(ending) ? String(name[..<dot]) : name
  }

  /// Endings that are no part of an image's name.
  private static let extensions: Set<String> = [
    "jpg", "jpeg", "png", "ppm", "pgm", "bmp", "tif", "tiff", "webp", "npy", "gif",
  ]
}
