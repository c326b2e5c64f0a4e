import Configurations

/// The keys of one section of a spec.
///
/// A case is a key, its raw value the word in YAML; `documentation` says once what it holds, what it
/// is where nothing is written, and what it means. The reader takes ranges and words from there, and
/// the reference (`SpecReference`) is written from there, so neither can differ from the other.
protocol SpecKey: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
  /// Name and purpose of the section.
  static var section: SectionDocumentation { get }
  /// Keys of former versions and what they are called now.
  static var renamed: [String: Self] { get }
  var documentation: KeyDocumentation { get }
}

extension SpecKey {
  static var renamed: [String: Self] { [:] }
}

/// What a section is for.
struct SectionDocumentation: Sendable {
  /// Path of the section, e.g. "attack.gallery"; empty for the spec itself.
  let name: String
  /// Sentences.
  let summary: String

  init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}

/// What a key holds and means.
struct KeyDocumentation: Sendable {
  let values: SpecValue
  let absent: AbsentValue
  /// Sentences.
  let meaning: String
  /// Section of the definitions that the key follows, e.g. "1.3".
  let definition: String?

  init(
    _ values: SpecValue, absent: AbsentValue, _ meaning: String, definition: String? = nil
  ) {
    self.values = values
    self.absent = absent
    self.meaning = meaning
    self.definition = definition
  }
}

/// What holds where a key is absent.
enum AbsentValue: Sendable {
  /// The key must be there.
  case required
  /// The same as if this had been written; YAML.
  case yaml(String)
  /// The preset's own value; YAML.
  case preset(@Sendable (TrainingConfiguration.Preset) -> String)
  /// The values of the section that the key opens.
  case section
  /// Something that cannot be written; words.
  case nothing(String)
}

/// What a key may hold.
indirect enum SpecValue: Sendable {
  case text
  case boolean
  case integer(ClosedRange<Int>)
  case number(NumberRule)
  /// One of these words.
  case words([String])
  case list(SpecValue)
  /// A mapping with known keys.
  case section(any SpecKey.Type)
  /// A mapping from names that the user chooses; the first text says what they name.
  case named(String, SpecValue)
  case either(SpecValue, SpecValue)

  /// The raw values of an enumeration.
  static func words<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> SpecValue
  where Choice.RawValue == String {
    .words(type.allCases.map(\.rawValue))
  }

  /// The first value of a kind within lists and alternatives.
  private func first<Found>(_ found: (SpecValue) -> Found?) -> Found? {
    if let value = found(self) { return value }
    return switch self {
    case .list(let item): item.first(found)
    case .either(let a, let b): a.first(found) ?? b.first(found)
    default: nil
    }
  }

  /// The declared range; declared it must be.
  var integers: ClosedRange<Int> {
    first { if case .integer(let range) = $0 { range } else { nil } }!
  }

  /// The declared rule; declared it must be.
  var numbers: NumberRule {
    first { if case .number(let rule) = $0 { rule } else { nil } }!
  }

  /// Sections that the value opens.
  var sections: [any SpecKey.Type] {
    switch self {
    case .section(let keys): [keys]
    case .list(let item), .named(_, let item): item.sections
    case .either(let a, let b): a.sections + b.sections
    default: []
    }
  }

  /// For the reference, e.g. "a whole number from 1 to 100".
  var description: String {
    switch self {
    case .text: "text"
    case .boolean: "true or false"
    case .integer(let range): integerText(range)
    case .number(let rule): rule.text
    case .words(let words): words.joined(separator: ", ")
    case .list(.words(let words)): "a list of \(words.joined(separator: ", "))"
    case .list(let item): "a list: \(item.description)"
    case .section(let keys): "keys of \(keys.section.name)"
    case .named(let what, let value): "a mapping from \(what) to \(value.description)"
    case .either(let a, let b): "\(a.description); or \(b.description)"
    }
  }
}

/// "a whole number from 1 to 100", "a whole number of at least 2".
func integerText(_ range: ClosedRange<Int>) -> String {
  range.upperBound == .max
    ? "a whole number of at least \(range.lowerBound)"
    : "a whole number from \(range.lowerBound) to \(range.upperBound)"
}

/// Accessors that take what is accepted from the key.
extension SpecReader {
  /// A whole number of the range that the key declares.
  mutating func integer<Key>(_ fields: SpecFields<Key>, _ key: Key) -> Int? {
    integer(fields[key], key.rawValue, in: key.documentation.values.integers)
  }

  /// A number that the key's rule accepts.
  mutating func number<Key>(_ fields: SpecFields<Key>, _ key: Key) -> Double? {
    number(fields[key], key.rawValue, key.documentation.values.numbers)
  }

  /// `true` or `false`.
  mutating func boolean<Key>(_ fields: SpecFields<Key>, _ key: Key) -> Bool? {
    boolean(fields[key], key.rawValue)
  }

  /// Text that is not empty.
  mutating func text<Key>(_ fields: SpecFields<Key>, _ key: Key) -> String? {
    text(fields[key], key.rawValue)
  }

  /// A word of the enumeration that the key declares.
  mutating func choice<Key, Choice: RawRepresentable & CaseIterable>(
    _ fields: SpecFields<Key>, _ key: Key
  ) -> Choice? where Choice.RawValue == String {
    choice(fields[key], key.rawValue, of: Choice.self)
  }

  /// Different whole numbers of the range that the key declares; nil where it is absent.
  mutating func integers<Key>(_ fields: SpecFields<Key>, _ key: Key) -> [Int]? {
    guard let node = fields[key] else { return nil }
    let range = key.documentation.values.integers
    return different(list(node, key.rawValue), key.rawValue) { reader, item in
      reader.integer(item, key.rawValue, in: range)
    }
  }

  /// Different numbers that the key's rule accepts; nil where it is absent.
  mutating func numbers<Key>(_ fields: SpecFields<Key>, _ key: Key) -> [Double]? {
    guard let node = fields[key] else { return nil }
    let rule = key.documentation.values.numbers
    return numbers(list(node, key.rawValue), key.rawValue, rule)
  }

  /// Different numbers that a rule accepts, of items of a list.
  mutating func numbers(_ items: [SpecNode], _ name: String, _ rule: NumberRule) -> [Double] {
    let commas = decimalCommas(in: items, rule)
    for (index, number) in commas.sorted(by: { $0.key < $1.key }) {
      report(
        items[index].location,
        "'\(name)' is \(items[index].kind) and \(items[index + 1].kind), as a comma separates the "
          + "items of a list; write \(number)")
    }
    let others = items.indices.filter { commas[$0] == nil && commas[$0 - 1] == nil }
    return different(others.map { items[$0] }, name) { reader, item in
      reader.number(item, name, rule)
    }
  }

  /// Pairs of items that make one number where their comma was meant as a decimal point: "0,001".
  ///
  /// - Returns: the number by the index of its first part; only where the rule refuses a part.
  private func decimalCommas(in items: [SpecNode], _ rule: NumberRule) -> [Int: String] {
    var commas: [Int: String] = [:]
    func digits(_ index: Int) -> String? {
      guard case .scalar(let text, true) = items[index].content, !text.isEmpty,
        text.allSatisfy({ $0.isASCII && $0.isNumber })
      else { return nil }
      return text
    }
    func isRefused(_ text: String) -> Bool {
      if case .value(let value) = DecimalText(text) { !rule.accepts(value) } else { true }
    }
    for index in items.indices.dropLast() where commas[index - 1] == nil {
      if let whole = digits(index), let part = digits(index + 1),
        isRefused(whole) || isRefused(part), !isRefused("\(whole).\(part)")
      {
        commas[index] = "\(whole).\(part)"
      }
    }
    return commas
  }

  /// The values of items, those that come twice reported.
  mutating func different<Value: Equatable>(
    _ items: [SpecNode], _ name: String, _ read: (inout SpecReader, SpecNode) -> Value?
  ) -> [Value] {
    var values: [Value] = []
    for item in items {
      guard let value = read(&self, item) else { continue }
      if values.contains(value) {
        report(item.location, "\(item.kind) is listed twice in '\(name)'")
      } else {
        values.append(value)
      }
    }
    return values
  }
}
