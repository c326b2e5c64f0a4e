import Configurations
import Foundation
import HDF5

/// What to do about a file that `check` cannot use as it is: the command that makes it fit.
struct ImportAdvice {
  /// The file, as the user named it.
  let path: String
  let mapping: HDF5Mapping
  let codes: GenderCodes

  init(_ source: EmbeddingSource) {
    (path, mapping, codes) = (source.path, source.mapping, source.genderCodes)
  }

  /// The command with some options, and those that say where the columns are.
  func command(_ options: String..., columns: [(ColumnRole, String)] = []) -> String {
    var words = ["Harness", "import", shellWord(path)]
    let named = [
      (ColumnRole.embeddings, mapping.embeddings), (.identity, mapping.identity),
      (.gender, mapping.gender), (.filename, mapping.filename),
    ]
    for (role, name) in named {
      guard let name = name ?? columns.first(where: { $0.0 == role })?.1 else { continue }
      words += ["--\(role.rawValue)", shellWord(name)]
    }
    for (name, place) in mapping.attributes.sorted(by: { $0.key < $1.key }) {
      words += ["--attribute", shellWord("\(name)=\(place)")]
    }
    for (name, list) in [
      ("male", codes.male), ("female", codes.female), ("unlabelled", codes.unlabelled),
    ] {
      for code in list { words += ["--\(name)", shellWord(code)] }
    }
    words += options
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    words += ["--output", shellWord("\(stem)-imported.h5")]
    return words.joined(separator: " ")
  }

  /// The command for a matrix that is stored the other way round; MATLAB's are turned anyway.
  func transposing(_ file: HDF5File, _ name: String) -> String {
    let entry = try? file.entries().first { $0.path == name }
    return entry?.matlabClass == nil ? command("--transpose") : command()
  }

  /// What to do where a file has no dataset of a name; nil: nothing is known.
  func missing(_ role: ColumnRole, _ name: String, in file: HDF5File) -> String? {
    guard let entries = try? file.entries().filter({ !$0.path.hasPrefix("#") }) else { return nil }
    let tables = entries.filter { $0.kind == .table }
    // The name leads into a table, or a table holds what is looked for.
    if let table = tables.first(where: { name.hasPrefix($0.path + "/") }) {
      return "'\(table.path)' is a table: \(command(columns: columns(of: table)))"
    }
    if role == .embeddings, let table = tables.first(where: { !columns(of: $0).isEmpty }) {
      return "'\(table.path)' is a table: \(command(columns: columns(of: table)))"
    }
    if Self.arePeopleGroups(entries) {
      return "where groups are people: \(command("--identity-from", "group"))"
    }
    // Of groups that each hold vectors and labels.
    if role == .embeddings {
      let groups = entries.filter {
        $0.kind == .numbers && ColumnRole(name: $0.path) == .embeddings
      }
      .map { $0.path.split(separator: "/").dropLast().joined(separator: "/") }
      .filter { group in
        entries.contains {
          $0.path.hasPrefix(group + "/") && ColumnRole(name: $0.path) == .identity
        }
      }
      if groups.count > 1, !groups.contains("") {
        let options = groups.flatMap { ["--under", shellWord($0)] }.joined(separator: " ")
        return "the groups one after the other: \(command(options))"
      }
    }
    let fitting = entries.filter { entry in
      switch role {
      case .embeddings:
        entry.kind == .numbers && entry.typeName.hasPrefix("float") && entry.shape.count == 2
          && entry.shape.allSatisfy { $0 > 1 }
      default:
        [.numbers, .text, .enumeration].contains(entry.kind) && entry.shape.count { $0 != 1 } <= 1
      }
    }.map(\.path)
    let usual = role.matches(among: fitting)
    // The only matrix can be meant; the only column of labels may be another one.
    let isOnly = role == .embeddings && fitting.count == 1
    guard let found = usual.count == 1 ? usual[0] : isOnly ? fitting[0] : nil else { return nil }
    return "say where they are: --\(role.rawValue) \(shellWord(found)), in a spec"
      + " 'mapping: {\(role.rawValue): \(found)}'"
  }

  /// What to do about a dataset of labels or vectors whose kind `check` does not read; nil: nothing.
  func unread(_ role: ColumnRole, _ name: String, in file: HDF5File) -> String? {
    guard let entry = try? file.entries().first(where: { $0.path == name }) else { return nil }
    switch entry.kind {
    case .bitField where role == .gender:
      guard codes.male.isEmpty && codes.female.isEmpty else { return command() }
      return
        "\(command("--male", "1", "--female", "0")) (1 and 0 the other way round where they are)"
    case .bitField, .references: return command()
    case .table:
      let found = columns(of: entry)
      guard !found.isEmpty else { return nil }
      // Names that a mapping gives are those that do not fit.
      let own = ImportAdvice(EmbeddingSource(path: path, genderCodes: codes))
      return own.command(columns: found)
    case .numbers where entry.matlabClass == "char": return command()
    default: return nil
    }
  }

  /// Vectors and labels among the fields of a table; empty where it has no vectors.
  private func columns(of table: HDF5Entry) -> [(ColumnRole, String)] {
    let vectors = table.fields.filter { $0.kind == .numbers && $0.elements > 1 }.map(\.name)
    let usual = ColumnRole.embeddings.matches(among: vectors)
    guard let vector = usual.count == 1 ? usual[0] : vectors.count == 1 ? vectors[0] : nil else {
      return []
    }
    var columns = [(ColumnRole.embeddings, "\(table.path)/\(vector)")]
    for role in [ColumnRole.identity, .gender, .filename] {
      let found = role.matches(
        among: table.fields.filter { $0.elements == 1 && $0.kind != .other }.map(\.name))
      if found.count == 1 { columns.append((role, "\(table.path)/\(found[0])")) }
    }
    return columns
  }

  /// Whether a file looks like a group or a dataset per person: several at its root, vectors of one
  /// length in all, and no column of people.
  private static func arePeopleGroups(_ entries: [HDF5Entry]) -> Bool {
    let vectors = entries.filter { $0.kind == .numbers && !$0.shape.isEmpty && $0.shape.count <= 2 }
    let people = Set(vectors.map { $0.path.split(separator: "/").first ?? "" })
    let lengths = Set(
      vectors.filter { ColumnRole(name: $0.path).map { $0 == .embeddings } ?? true }
        .compactMap(\.shape.last))
    return people.count > 1 && lengths.count == 1 && (lengths.first ?? 0) > 1
      && !entries.contains { !$0.path.contains("/") && ColumnRole(name: $0.path) == .identity }
      && !entries.contains { $0.kind == .text && ColumnRole(name: $0.path) == .identity }
  }
}

/// A word as a shell takes it.
package func shellWord(_ word: String) -> String {
  let isPlain =
    !word.isEmpty
    && word.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789/._-=:".unicodeScalars.contains($0))
    }
  return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
}
