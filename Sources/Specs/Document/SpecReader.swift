/// Gives meaning to spec nodes and collects every problem on the way.
///
/// Each accessor returns nil where a value is absent or wrong; wrong values have been reported by
/// then, so a section simply goes on with a placeholder and the spec is refused at the end.
package struct SpecReader {
  package private(set) var problems: [SpecProblem] = []

  package init() {}

  /// Records a problem.
  package mutating func report(_ location: SourceLocation, _ message: String) {
    problems.append(SpecProblem(at: location, message))
  }

  /// Records "'name' is <found>, expected <expected>; <hint>".
  mutating func mismatch(
    _ node: SpecNode, _ name: String, expected: String, hint: String = ""
  ) {
    let tail = hint.isEmpty ? "" : "; \(hint)"
    report(node.location, "'\(name)' is \(node.kind), expected \(expected)\(tail)")
  }

  /// The values of a mapping by key; unknown keys are reported with the nearest known one, keys of
  /// former versions with the present word.
  mutating func fields<Key>(_ node: SpecNode?, _ name: String, _ keys: Key.Type) -> SpecFields<Key>
  {
    guard let node, let values = values(node, name, keys, renamed: Key.renamed) else {
      return SpecFields(location: nil, values: [:])
    }
    return SpecFields(location: node.location, values: values)
  }

  /// The same for keys without documentation; nil (and a problem) where the node is no mapping.
  ///
  /// - Parameter renamed: former words and the keys that they are now.
  package mutating func values<Key: RawRepresentable & CaseIterable & Hashable>(
    _ node: SpecNode, _ name: String, _ keys: Key.Type, renamed: [String: Key] = [:]
  ) -> [Key: SpecNode]? where Key.RawValue == String {
    guard let entries = node.entries else {
      mismatch(node, name, expected: "a mapping")
      return nil
    }
    var values: [Key: SpecNode] = [:]
    for entry in entries {
      if let key = Key(rawValue: entry.key) {
        values[key] = entry.value
      } else if let key = renamed[entry.key] {
        report(entry.keyLocation, "'\(entry.key)' is now called '\(key.rawValue)'")
        values[key] = entry.value
      } else {
        let hint = suggestion(for: entry.key, among: Key.allCases.map(\.rawValue))
        report(entry.keyLocation, "unknown key '\(shortened(entry.key))'\(hint)")
      }
    }
    return values
  }

  /// The value of a key that must be there.
  mutating func required<Key>(_ fields: SpecFields<Key>, _ key: Key, in name: String) -> SpecNode? {
    if let node = fields[key] { return node }
    if let location = fields.location {
      report(location, "\(name) has no key '\(key.rawValue)'")
    }
    return nil
  }

  /// Entries of a mapping whose keys are names chosen by the user.
  mutating func named(_ node: SpecNode?, _ name: String, allowEmpty: Bool = true) -> [SpecNode
    .Entry]
  {
    guard let node else { return [] }
    guard let entries = node.entries, allowEmpty || !entries.isEmpty else {
      mismatch(node, name, expected: "a mapping from names to values")
      return []
    }
    return entries
  }

  /// Items of a list.
  package mutating func list(_ node: SpecNode?, _ name: String, allowEmpty: Bool = false)
    -> [SpecNode]
  {
    guard let node else { return [] }
    guard case .sequence(let items) = node.content else {
      var hint = ""
      if case .scalar(let text, _) = node.content, !SpecNode.isNull(text) {
        hint = "write [\(shortened(text))]"
      }
      mismatch(node, name, expected: "a list", hint: hint)
      return []
    }
    if items.isEmpty && !allowEmpty {
      mismatch(node, name, expected: "a list of at least one")
    }
    return items
  }

  /// Items of a list of texts, each at most once.
  package mutating func texts(_ node: SpecNode?, _ name: String, allowEmpty: Bool = false)
    -> [LocatedName]
  {
    var seen: [LocatedName] = []
    for item in list(node, name, allowEmpty: allowEmpty) {
      guard let text = text(item, name) else { continue }
      if seen.contains(where: { $0.name == text }) {
        report(item.location, "'\(shortened(text))' is listed twice in '\(name)'")
      } else {
        seen.append(LocatedName(name: text, location: item.location))
      }
    }
    return seen
  }

  /// A name that must be among the defined ones.
  mutating func reference(_ name: LocatedName, to what: String, among defined: [String]) -> String?
  {
    if defined.contains(name.name) { return name.name }
    let hint = suggestion(for: name.name, among: defined)
    report(name.location, "unknown \(what) '\(shortened(name.name))'\(hint)")
    return nil
  }

  /// The same for a scalar node.
  mutating func reference(
    _ node: SpecNode?, _ key: String, to what: String, among defined: [String]
  ) -> String? {
    guard let node, let text = text(node, key) else { return nil }
    return reference(LocatedName(name: text, location: node.location), to: what, among: defined)
  }

  /// True for a name that can stand in file names as it is; reports it otherwise.
  @discardableResult
  mutating func checkName(_ name: LocatedName, _ what: String) -> Bool {
    let isPlain = name.name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9.-]{0,63}/) != nil
    if !isPlain, name.name.contains("_"), !name.name.contains("/") {
      report(
        name.location,
        "\(what) '\(shortened(name.name))' has '_', which separates the parts of names of files here; "
          + "use letters, digits, '-' and '.'")
    } else if !isPlain {
      report(
        name.location,
        "\(what) '\(shortened(name.name))' cannot be part of a file name; use letters, digits, '-' and '.', "
          + "a letter or digit first, at most 64 in all"
      )
    }
    return isPlain
  }
}

/// A name and where it stands.
package struct LocatedName: Sendable {
  package let name: String
  let location: SourceLocation
}

extension SpecNode.Entry {
  /// The key as a name.
  var name: LocatedName { LocatedName(name: key, location: keyLocation) }
}

/// The values of one mapping with known keys.
struct SpecFields<Key: SpecKey>: Sendable {
  /// Where the mapping stands; nil where there is none.
  let location: SourceLocation?
  fileprivate let values: [Key: SpecNode]

  subscript(key: Key) -> SpecNode? { values[key] }

  /// The same values under the keys of another section; those that it does not have are left out.
  func renamed<Other: SpecKey>(_ other: (Key) -> Other?) -> SpecFields<Other> {
    let pairs = values.compactMap { key, node in other(key).map { ($0, node) } }
    return SpecFields<Other>(
      location: location, values: Dictionary(uniqueKeysWithValues: pairs))
  }
}
