/// A spec as read from YAML: values with their places, before any meaning is given to them.
///
/// Nodes of several files may meet in one tree, where a spec extends another.
package struct SpecNode: Sendable {
  package let location: SourceLocation
  package let content: Content

  package indirect enum Content: Sendable {
    /// Text as written. `isPlain` tells that it stood without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([SpecNode])
    case mapping([Entry])
  }

  /// One `key: value` of a mapping.
  package struct Entry: Sendable {
    package let key: String
    package let keyLocation: SourceLocation
    package let value: SpecNode

    package init(key: String, keyLocation: SourceLocation, value: SpecNode) {
      self.key = key
      self.keyLocation = keyLocation
      self.value = value
    }
  }

  package init(location: SourceLocation, content: Content) {
    self.location = location
    self.content = content
  }

  /// The entries of a mapping, or nil for anything else.
  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value of a key of a mapping.
  package subscript(key: String) -> SpecNode? { entries?.first { $0.key == key }?.value }

  /// What the node is, for messages: "the text 'abc'", "a list of 3", "nothing".
  package var kind: String {
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
  package static func isNull(_ text: String) -> Bool {
    ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The mapping with the entries of `override` laid over it: mappings are merged key by key,
  /// everything else is replaced. A key in `whole` is replaced even where both are mappings.
  package func overridden(by override: SpecNode, whole: Set<String>) -> SpecNode {
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
package func shortened(_ text: String) -> String {
  let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
  return line.count <= 40 ? line : String(line.prefix(39)) + "…"
}
