// A tree of nodes as YAML, in one form: what `SpecDocument` reads back to the same tree.

extension SpecNode {
  /// The node as a YAML document: mappings in blocks of two spaces, lists of single values in brackets,
  /// keys in the order of the tree, text in double quotes where it stood in quotes. Ends with a line
  /// feed. Equal trees have equal text.
  package var yaml: String {
    switch content {
    case .mapping(let entries) where !entries.isEmpty: lines(of: entries).joined()
    case .sequence where flow == nil: block.joined()
    default: (flow ?? "") + "\n"
    }
  }

  /// What stands on one line, by its keys with dots between them.
  package var leaves: [String: String] {
    var leaves: [String: String] = [:]
    func visit(_ node: SpecNode, _ path: String) {
      if let entries = node.entries, !entries.isEmpty {
        for entry in entries {
          visit(entry.value, path.isEmpty ? entry.key : "\(path).\(entry.key)")
        }
      } else if let text = node.flow {
        leaves[path] = text
      } else if case .sequence(let items) = node.content {
        for (index, item) in items.enumerated() { visit(item, "\(path).\(index)") }
      }
    }
    visit(self, "")
    return leaves
  }

  /// Lines of a mapping, each with its line feed.
  private func lines(of entries: [Entry]) -> [String] {
    entries.flatMap { entry in
      let key = quotedUnlessWord(entry.key)
      if let value = entry.value.flow { return ["\(key): \(value)\n"] }
      return ["\(key):\n"] + entry.value.block.map { "  " + $0 }
    }
  }

  /// Lines of what has no place on the line of its key.
  private var block: [String] {
    switch content {
    case .mapping(let entries): return lines(of: entries)
    case .sequence(let items):
      return items.flatMap { item -> [String] in
        if let value = item.flow { return ["- \(value)\n"] }
        let lines = item.block
        return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
      }
    case .scalar: return [(flow ?? "") + "\n"]
    }
  }

  /// The node on one line; nil for mappings with entries, and lists that hold one.
  private var flow: String? {
    switch content {
    case .scalar(let text, true): return Self.isNull(text) ? "null" : plain(text)
    case .scalar(let text, false): return quoted(text)
    case .mapping(let entries): return entries.isEmpty ? "{}" : nil
    case .sequence(let items):
      let texts = items.compactMap(\.flow)
      return texts.count == items.count ? "[\(texts.joined(separator: ", "))]" : nil
    }
  }
}

/// A scalar that stood without quotes. What is no number, truth value or word is text either way, so it
/// is put in quotes where a list or a comment could cut it.
private func plain(_ text: String) -> String {
  text.wholeMatch(of: /[A-Za-z0-9_.\/+\-][A-Za-z0-9_.\/+\-%:=]*/) != nil
    && text.wholeMatch(of: /-+|.*:/) == nil ? text : quoted(text)
}

private func quotedUnlessWord(_ key: String) -> String {
  key.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.+-]*/) != nil ? key : quoted(key)
}

/// In double quotes, with what YAML needs escaped.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case _
    where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      || [0x2028, 0x2029, 0xFEFF].contains(scalar.value):
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
