import Configurations

/// Every key of a spec as the reader declares it: for `Harness help spec` and the article.
package struct SpecReference: Sendable {
  /// A mapping with known keys.
  package struct Section: Sendable {
    /// Path, e.g. "attack.gallery"; empty for the spec itself.
    package let name: String
    /// What the section is for; sentences.
    package let summary: String
    package let keys: [Key]
  }

  /// One key of a section.
  package struct Key: Sendable {
    package let name: String
    /// What it may hold, in words.
    package let values: String
    /// What holds where it is absent, in words or as YAML.
    package let absent: String
    /// The same as YAML by preset; empty where it cannot be written.
    package let defaults: [TrainingConfiguration.Preset: String]
    /// Sentences.
    package let meaning: String
    /// Section of the definitions, e.g. "1.3".
    package let definition: String?
  }

  /// The spec itself, then every section in the order of the keys that open it.
  package let sections: [Section]

  /// The reference of all that a spec can say.
  package init() {
    var sections: [Section] = []
    func visit<Keys: SpecKey>(_ keys: Keys.Type) {
      guard !sections.contains(where: { $0.name == keys.section.name }) else { return }
      sections.append(
        Section(
          name: keys.section.name, summary: keys.section.summary,
          keys: keys.allCases.map { Key(name: $0.rawValue, $0.documentation) }))
      for key in keys.allCases {
        for opened in key.documentation.values.sections { visit(opened) }
      }
    }
    visit(TopLevelKey.self)
    self.sections = sections
  }

  /// The section of a path, or of the last part of one (`gallery` for `attack.gallery`), with those
  /// inside it; nil where there is none.
  package func sections(under name: String) -> [Section]? {
    let found =
      sections.first { $0.name == name } ?? sections.first { $0.name.hasSuffix("." + name) }
    guard let found, !name.isEmpty else { return nil }
    return sections.filter { $0.name == found.name || $0.name.hasPrefix(found.name + ".") }
  }

  /// "unknown section 'kdee'; did you mean 'kde'?"
  package func unknown(_ name: String) -> String {
    if let owner = sections.first(where: { $0.keys.contains { $0.name == name } }) {
      let place = owner.name.isEmpty ? "the spec itself" : "'\(owner.name)'"
      return "'\(name)' is no section but a key of \(place)"
    }
    let names = sections.map(\.name).filter { !$0.isEmpty }
    return "unknown section '\(shortened(name))'\(suggestion(for: name, among: names))"
  }
}

extension SpecReference.Key {
  fileprivate init(name: String, _ documentation: KeyDocumentation) {
    self.init(
      name: name, values: documentation.values.description, absent: documentation.absent.words,
      defaults: documentation.absent.yaml, meaning: documentation.meaning,
      definition: documentation.definition)
  }
}

extension AbsentValue {
  /// For the reference, e.g. "1000", "required", "[128, 64] (paper), [128, 64, 16] (hybrid)".
  fileprivate var words: String {
    switch self {
    case .required: return "required"
    case .yaml(let text): return text
    case .nothing(let text): return text
    case .section: return "what its keys have"
    case .preset(let value):
      let presets = TrainingConfiguration.Preset.allCases
      let values = presets.map(value).distinct()
      if values.count == 1 { return values[0] }
      return values.map { text in
        let users = presets.filter { value($0) == text }.map(\.rawValue)
        return "\(text) (\(users.joined(separator: ", ")))"
      }.joined(separator: ", ")
    }
  }

  /// As YAML by preset; empty where it cannot be written.
  fileprivate var yaml: [TrainingConfiguration.Preset: String] {
    let presets = TrainingConfiguration.Preset.allCases
    return switch self {
    case .yaml(let text): Dictionary(uniqueKeysWithValues: presets.map { ($0, text) })
    case .preset(let value): Dictionary(uniqueKeysWithValues: presets.map { ($0, value($0)) })
    case .required, .nothing, .section: [:]
    }
  }
}
