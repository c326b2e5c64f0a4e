/// A spec as read from YAML: values with their places, before any meaning is given to them.
///
/// Nodes of several files may meet in one tree, where a spec extends another.
struct SpecNode: Sendable {
  let location: SourceLocation
  let content: Content

  indirect enum Content: Sendable {
    /// Text as written. `isPlain` tells that it stood without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([SpecNode])
    case mapping([Entry])
  }

  /// One `key: value` of a mapping.
  struct Entry: Sendable {
    let key: String
    let keyLocation: SourceLocation
    let value: SpecNode
  }

  /// The entries of a mapping, or nil for anything else.
  var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value of a key of a mapping.
  subscript(key: String) -> SpecNode? { entries?.first { $0.key == key }?.value }

  /// What the node is, for messages: "the text 'abc'", "a list of 3", "nothing".
  var kind: String {
    switch content {
    case .scalar(let text, let isPlain):
      if isPlain && Self.isNull(text) { return "nothing" }
      return isPlain ? "'\(shortened(text))'" : "the quoted text '\(shortened(text))'"
    case .sequence(let items): return items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .mapping(let entries):
      return entries.isEmpty ? "an empty mapping" : "a mapping of \(entries.count)"
    }
  }

  /// True for what YAML reads as null when it stands without quotes.
  static func isNull(_ text: String) -> Bool {
    ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The mapping with the entries of `override` laid over it: mappings are merged key by key,
  /// everything else is replaced. A key in `whole` is replaced even where both are mappings.
  func overridden(by override: SpecNode, whole: Set<String>) -> SpecNode {
    guard let old = entries, let new = override.entries else { return override }
    var merged = old.map { entry in
      guard let other = new.first(where: { $0.key == entry.key }) else { return entry }
      let value =
        whole.contains(entry.key) ? other.value : entry.value.overridden(by: other.value, whole: [])
      return Entry(key: other.key, keyLocation: other.keyLocation, value: value)
    }
    merged += new.filter { entry in !old.contains { $0.key == entry.key } }
    return SpecNode(location: override.location, content: .mapping(merged))
  }
}

/// At most 40 characters of a text, on one line.
func shortened(_ text: String) -> String {
  let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
  return line.count <= 40 ? line : String(line.prefix(39)) + "…"
}
