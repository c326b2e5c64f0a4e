import HDF5

/// What to do about a column that `check` cannot read where it looked.
struct ColumnAdvice {
  /// Nil: nothing is known.
  private(set) var text: String?

  /// - Parameter name: where it was looked for.
  init(_ role: ColumnRole, _ name: String, in file: HDF5File) {
    guard let entries = try? file.entries().filter({ !$0.path.hasPrefix("#") }) else { return }
    if let entry = entries.first(where: { $0.path == name }) {
      text = Self.saving(role, entry)
    } else if role == .embeddings, let pickled = Self.pickledLabels(entries) {
      text = pickled
    } else {
      text = Self.elsewhere(role, entries)
    }
  }

  /// Where a column may be that is called otherwise.
  private static func elsewhere(_ role: ColumnRole, _ entries: [HDF5Entry]) -> String? {
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
    return "say where they are: \(shellOption("--\(role.rawValue)", found)), in a spec"
      + " 'mapping: {\(role.rawValue): \(yamlText(found))}'"
  }

  /// How to save a column so that it is read, where nothing here can turn it.
  private static func saving(_ role: ColumnRole, _ entry: HDF5Entry) -> String? {
    guard entry.kind == .other || entry.kind == .enumeration && role == .embeddings else {
      return nil
    }
    return role == .embeddings
      ? "save them as numbers [rows, dimension], with h5py: f['embeddings'] = x.astype('float32')"
      : "save them as texts, with h5py: f['\(role.rawValue)'] = [str(label) for label in labels]"
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
      + " with df[['identity', 'gender']].to_csv('labels.csv', index=False), and import the file with"
      + " --labels labels.csv"
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
