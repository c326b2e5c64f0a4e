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
    var words = ["Harness", "import", shellPath(path)]
    let named = [
      (ColumnRole.embeddings, mapping.embeddings), (.identity, mapping.identity),
      (.gender, mapping.gender), (.filename, mapping.filename),
    ]
    for (role, name) in named {
      guard let name = name ?? columns.first(where: { $0.0 == role })?.1 else { continue }
      words.append(shellOption("--\(role.rawValue)", name))
    }
    for (name, place) in mapping.attributes.sorted(by: { $0.key < $1.key }) {
      words.append(shellOption("--attribute", "\(name)=\(place)"))
    }
    for (name, list) in [
      ("male", codes.male), ("female", codes.female), ("unlabelled", codes.unlabelled),
    ] {
      for code in list { words.append(shellOption("--\(name)", code)) }
    }
    words += options.filter { !$0.isEmpty }
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    words.append("--output \(shellPath("\(stem)-imported.h5"))")
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
        let options = groups.map { shellOption("--under", $0) }.joined(separator: " ")
        return "the groups one after the other: \(command(options))"
      }
    }
    if role == .embeddings, let pickled = Self.pickledLabels(entries) {
      return pickled + command("--labels", "labels.csv")
    }
    if let (group, areImages, parts) = Self.peopleGroups(entries) {
      let under = (parts.isEmpty ? [group] : parts.map { group.isEmpty ? $0 : "\(group)/\($0)" })
        .filter { !$0.isEmpty }.map { shellOption("--under", $0) }.joined(separator: " ")
      return areImages
        ? "where datasets are images named after people: "
          + command(under, "--identity-from", "filename")
        : "where groups are people: " + command(under, "--identity-from", "group")
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
    guard let found = usual.count == 1 ? usual[0] : isOnly ? fitting[0] : nil, found != name
    else { return nil }
    return "say where they are: \(shellOption("--\(role.rawValue)", found)), in a spec"
      + " 'mapping: {\(role.rawValue): \(yamlText(found))}'"
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
      guard !found.isEmpty else { return Self.saving(role) }
      // Names that a mapping gives are those that do not fit.
      let own = ImportAdvice(EmbeddingSource(path: path, genderCodes: codes))
      return own.command(columns: found)
    case .numbers where entry.matlabClass == "char": return command()
    case .enumeration where role == .embeddings: return Self.saving(role)
    case .other: return Self.saving(role)
    default: return nil
    }
  }

  /// How to save a column so that it is read, where nothing here can turn it.
  private static func saving(_ role: ColumnRole) -> String {
    role == .embeddings
      ? "save them as numbers [rows, dimension], with h5py: f['embeddings'] = x.astype('float32')"
      : "save them as texts, with h5py: f['\(role.rawValue)'] = [str(label) for label in labels]"
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

  /// The group below which each group or dataset looks like a person (""; the file): several, vectors of
  /// one length in all, and no column of people.
  ///
  /// - Returns: also whether the datasets are called like images; and, where the groups are called like
  ///   parts of a dataset with people below them, these.
  private static func peopleGroups(
    _ entries: [HDF5Entry]
  ) -> (group: String, areImages: Bool, parts: [String])? {
    let vectors = entries.filter { entry in
      entry.kind == .numbers && (1...2).contains(entry.shape.count)
        && (ColumnRole(name: entry.path).map { $0 == .embeddings } ?? true)
    }.map { (path: $0.path.split(separator: "/"), length: $0.shape.last ?? 0) }
    guard let first = vectors.first, first.length > 1,
      vectors.allSatisfy({ $0.length == first.length }),
      !entries.contains(where: isColumnOfPeople)
    else { return nil }
    // As deep as all have it in common, and one component is left.
    var depth = 0
    while depth + 1 < first.path.count,
      vectors.allSatisfy({ $0.path.count > depth + 1 && $0.path[depth] == first.path[depth] })
    {
      depth += 1
    }
    let tops = Set(vectors.map { String($0.path[depth]) })
    guard tops.count > 1 else { return nil }
    return (
      first.path[..<depth].joined(separator: "/"),
      vectors.allSatisfy { $0.path.count == depth + 1 && isImageName($0.path[depth]) },
      tops.allSatisfy(isPartOfADataset) ? tops.sorted() : []
    )
  }

  /// "Aaron_Eckhart_0001.jpg", "Aaron_Eckhart_0001".
  private static func isImageName(_ name: Substring) -> Bool {
    name.wholeMatch(of: /.+_[0-9]+(?:\.[A-Za-z]+)?/) != nil
  }

  /// A column that says who the people of many rows are.
  private static func isColumnOfPeople(_ entry: HDF5Entry) -> Bool {
    ColumnRole(name: entry.path) == .identity
      && (entry.kind == .text || !entry.path.contains("/") || entry.shape.contains { $0 > 1 })
  }

  /// What to do about labels that pandas pickled in its fixed format; nil: there are none.
  private static func pickledLabels(_ entries: [HDF5Entry]) -> String? {
    guard
      let labels = entries.first(where: {
        $0.kind == .other && $0.path.contains("block") && $0.path.hasSuffix("_values")
      })
    else { return nil }
    return
      "'\(labels.path)' holds Python objects that pandas pickled, which are not read; save them"
      + " with df[['identity', 'gender']].to_csv('labels.csv', index=False), then "
  }
}

/// Whether a group is called like a part of a dataset, not like a person.
package func isPartOfADataset(_ name: String) -> Bool {
  [
    "train", "training", "val", "valid", "validation", "dev", "development", "test", "testing",
    "eval", "evaluation", "gallery", "probe", "probes", "query",
  ].contains(name.lowercased())
}

/// A text as a spec takes it within braces.
private func yamlText(_ text: String) -> String {
  shellWord(text) == text && !text.contains(":") && !text.hasPrefix("-")
    ? text : "'\(text.replacing("'", with: "''"))'"
}

/// A path as a shell and this program take it: one that begins with a dash is no option.
package func shellPath(_ path: String) -> String {
  shellWord(path.hasPrefix("-") ? "./\(path)" : path)
}

/// An option with its value, which may begin with a dash.
package func shellOption(_ option: String, _ value: String) -> String {
  option + (value.hasPrefix("-") ? "=" : " ") + shellWord(value)
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
