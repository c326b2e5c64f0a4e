// Keys of a spec that the command line sets: `--set training.epochs=20`.

/// One key with its values, as `--set` gives them.
package struct SpecSetting: Sendable {
  /// The words as given, e.g. "training.epochs=10,20".
  package let text: String
  /// Keys from the spec itself to the value.
  package let path: [String]
  /// Values between commas; at least one.
  let values: [SpecNode]

  /// Where problems of the setting stand.
  package static func location(_ text: String) -> SourceLocation {
    SourceLocation(file: "--set \(text)", line: 0, column: 0)
  }

  /// - Parameter values: at least one, at `location(text)`.
  package init(text: String, path: [String], values: [SpecNode]) {
    (self.text, self.path, self.values) = (text, path, values)
  }
}

extension SpecReader {
  /// The spec with settings laid over it. One value replaces what the spec has; several become the list
  /// of a key that holds one, and elsewhere a switch of `readings`.
  package mutating func apply(_ settings: [SpecSetting], to root: SpecNode) -> SpecNode {
    var result = root
    for setting in settings {
      guard let node = changes(setting, in: result) else { continue }
      // Unlike a file that extends another, a setting names one value and leaves those beside it.
      result = result.overridden(by: node, whole: [])
    }
    return SpecNode(location: root.location, content: result.content)
  }

  /// What a setting changes, as a mapping to be laid over the spec.
  private mutating func changes(_ setting: SpecSetting, in root: SpecNode) -> SpecNode? {
    let location = SpecSetting.location(setting.text)
    let dotted = setting.path.joined(separator: ".")
    if setting.path[0] == TopLevelKey.extends.rawValue {
      report(location, "'extends' names the file that a spec stands on; set it in the file")
      return nil
    }
    let held = TopLevelKey.values(at: setting.path)
    guard setting.values.count > 1 else {
      // One item of a list is a list.
      let value = setting.values[0]
      if case .list? = held, case .scalar(let text, _) = value.content, !SpecNode.isNull(text) {
        return tree(setting.path, list([value], at: location), at: location)
      }
      return tree(setting.path, value, at: location)
    }
    let areSingle = setting.values.allSatisfy {
      if case .scalar = $0.content { true } else { false }
    }
    if held?.isList == true, areSingle {
      return tree(setting.path, list(setting.values, at: location), at: location)
    }
    // An unknown key is told as such.
    guard held != nil else { return tree(setting.path, setting.values[0], at: location) }
    guard let option = optionPath(setting.path) else {
      report(
        location,
        "'\(dotted)' holds one value and has \(setting.values.count) here; several are possible for keys "
          + "that hold a list, and for keys of training and kde, limits.cohort_subjects and "
          + "protocol.reference, of which readings are made; text with a comma stands in quotes: "
          + "--set '\(dotted)=\"a, b\"'")
      return nil
    }
    return sweep(setting, option: option, in: root, at: location)
  }

  /// A switch of `readings` with an option for each value, and the output that shows it.
  private mutating func sweep(
    _ setting: SpecSetting, option: [String], in root: SpecNode, at location: SourceLocation
  ) -> SpecNode? {
    var options: [SpecNode.Entry] = []
    for value in setting.values {
      let name = optionName(value)
      if options.contains(where: { $0.key == name }) {
        report(location, "'\(name)' is given twice")
        return nil
      }
      options.append(
        .init(key: name, keyLocation: location, value: tree(option, value, at: location)))
    }
    let name = setting.path.last!.replacing("_", with: "-")
    let switches = tree(
      [TopLevelKey.readings.rawValue, ReadingsKey.switches.rawValue, name],
      SpecNode(location: location, content: .mapping(options)), at: location)
    let outputs = TopLevelKey.outputs.rawValue
    guard let listed = root[outputs], case .sequence(let items) = listed.content,
      !items.contains(where: { isWord($0, ReportOutput.readings.rawValue) })
    else { return switches }
    let readings = SpecNode(
      location: location, content: .scalar(ReportOutput.readings.rawValue, isPlain: true))
    let added = tree(
      [outputs], SpecNode(location: listed.location, content: .sequence(items + [readings])),
      at: location)
    return switches.overridden(by: added, whole: [])
  }

  /// Where an option of a switch sets what the spec sets at `path`; nil: no option can.
  private func optionPath(_ path: [String]) -> [String]? {
    switch path.joined(separator: ".") {
    case "limits.cohort_subjects": return [ConfigurationKey.cohortSubjects.rawValue]
    case "protocol.reference": return [ConfigurationKey.reference.rawValue]
    default:
      let sections = [ConfigurationKey.training, .kde].map(\.rawValue)
      return path.count == 2 && sections.contains(path[0]) ? path : nil
    }
  }

  /// "0.001", "128-64": a value as the name of an option.
  private func optionName(_ value: SpecNode) -> String {
    func words(_ node: SpecNode) -> [String] {
      switch node.content {
      case .scalar(let text, _): [text]
      case .sequence(let items): items.flatMap(words)
      case .mapping(let entries): entries.flatMap { [$0.key] + words($0.value) }
      }
    }
    let text = words(value).joined(separator: "-")
    return String(
      text.map { ($0.isASCII && ($0.isLetter || $0.isNumber)) || ".-".contains($0) ? $0 : "-" })
  }

  private func list(_ items: [SpecNode], at location: SourceLocation) -> SpecNode {
    SpecNode(location: location, content: .sequence(items))
  }

  private func tree(_ path: [String], _ value: SpecNode, at location: SourceLocation) -> SpecNode {
    path.reversed().reduce(value) { inner, key in
      SpecNode(
        location: location,
        content: .mapping([.init(key: key, keyLocation: location, value: inner)]))
    }
  }
}

extension SpecKey {
  /// What the key at a path of this section may hold; nil: there is no such key.
  static func values(at path: [String]) -> SpecValue? {
    guard let first = path.first, let key = Self(rawValue: first) else { return nil }
    return key.documentation.values.values(at: Array(path.dropFirst()))
  }
}

extension SpecValue {
  /// What stands at a path within the value; nil: nothing can.
  fileprivate func values(at path: [String]) -> SpecValue? {
    guard !path.isEmpty else { return self }
    switch self {
    case .section(let keys): return keys.values(at: path)
    case .named(_, let value): return value.values(at: Array(path.dropFirst()))
    case .either(let a, let b): return a.values(at: path) ?? b.values(at: path)
    default: return nil
    }
  }

  /// Whether a list can be written.
  fileprivate var isList: Bool {
    switch self {
    case .list: true
    case .either(let a, let b): a.isList || b.isList
    default: false
    }
  }
}
