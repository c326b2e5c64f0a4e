import Foundation

/// A set of numbers, and how a message names it.
package struct NumberRule: Sendable {
  let text: String
  let accepts: @Sendable (Double) -> Bool

  /// - Parameter text: what is accepted, e.g. "a number above 0".
  package init(text: String, accepts: @escaping @Sendable (Double) -> Bool) {
    self.text = text
    self.accepts = accepts
  }

  package static let positive = NumberRule(text: "a number above 0") { $0 > 0 }
  static let notNegative = NumberRule(text: "a number of at least 0") { $0 >= 0 }
  package static let fraction = NumberRule(text: "a number from 0 to 1") { (0...1).contains($0) }
  static let openFraction = NumberRule(text: "a number above 0 and below 1") { $0 > 0 && $0 < 1 }
  static let belowOne = NumberRule(text: "a number of at least 0 and below 1") {
    (0..<1).contains($0)
  }
}

/// What a plain scalar means as a number: the value, or why it is none (with what to write).
enum DecimalText: Equatable {
  case value(Double)
  case refused(String)

  /// Reads decimal notation only. Whatever YAML 1.1 and 1.2 read differently (octal, hexadecimal,
  /// base 60, digit groups) is refused with the two readings, never guessed.
  init(_ text: String) {
    if text.wholeMatch(of: /[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?/) != nil {
      let digits = text.drop { $0 == "-" || $0 == "+" }
      if digits.count > 1, digits.first == "0", digits.dropFirst().first!.isNumber {
        self = .refused(Self.leadingZero(text, digits: String(digits)))
      } else if let value = Double(text), value.isFinite {
        self = .value(value)
      } else {
        self = .refused("too large for a number")
      }
      return
    }
    self = .refused(Self.reason(text) ?? "")
  }

  private static func leadingZero(_ text: String, digits: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let trimmed = String(digits.drop { $0 == "0" })
    let plain = trimmed.first?.isNumber == true ? trimmed : "0" + trimmed
    guard let octal = Int(digits, radix: 8), "\(octal)" != plain else {
      return "the leading zero has two readings in YAML; write \(sign)\(plain)"
    }
    return "YAML 1.1 reads it as octal \(sign)\(octal); write \(sign)\(octal) or \(sign)\(plain)"
  }

  private static func reason(_ text: String) -> String? {
    let unsigned = String(text.drop { $0 == "-" || $0 == "+" })
    let sign = text.hasPrefix("-") ? "-" : ""
    let lower = unsigned.lowercased()
    for (prefix, radix, name) in [
      ("0x", 16, "hexadecimal"), ("0o", 8, "octal"), ("0b", 2, "binary"),
    ]
    where lower.hasPrefix(prefix) {
      if let value = Int(lower.dropFirst(2), radix: radix) {
        return "it is \(name); write \(sign)\(value)"
      }
    }
    if [".nan", ".inf", "nan", "inf", "infinity"].contains(lower) { return "it is not finite" }
    if unsigned.wholeMatch(of: /[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?/) != nil {
      return "write it without '_': \(sign)\(unsigned.replacing("_", with: ""))"
    }
    if unsigned.wholeMatch(of: /[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?/) != nil {
      let value = unsigned.split(separator: ":").reduce(0.0) { $0 * 60 + (Double($1) ?? 0) }
      let whole = Int(exactly: value).map(String.init) ?? "\(value)"
      return "YAML 1.1 reads it in base 60; write \(sign)\(whole)"
    }
    if let match = unsigned.wholeMatch(of: /([0-9]+),([0-9]+)/) {
      return "write \(sign)\(match.1).\(match.2)"
    }
    if let match = unsigned.wholeMatch(of: /([0-9.]+) ?%/), let value = Double(match.1) {
      return "write \(sign)\(value / 100)"
    }
    return nil
  }
}

/// Words that YAML 1.1 reads as booleans, and which.
func booleanWord(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "true", "yes", "on", "y": true
  case "false", "no", "off", "n": false
  default: nil
  }
}

extension SpecReader {
  /// A number that a rule accepts; nil (and a problem) otherwise, nil without one where absent.
  package mutating func number(_ node: SpecNode?, _ name: String, _ rule: NumberRule) -> Double? {
    guard let node, let (_, value) = decimal(node, name, expected: rule.text) else { return nil }
    if rule.accepts(value) { return value }
    mismatch(node, name, expected: rule.text)
    return nil
  }

  /// A whole number in a range; `1.0` and `1e3` are refused with what to write.
  mutating func integer(_ node: SpecNode?, _ name: String, in range: ClosedRange<Int>) -> Int? {
    let expected = integerText(range)
    guard let node, let (text, value) = decimal(node, name, expected: expected) else { return nil }
    let whole = Int(text)
    if let whole, range.contains(whole) { return whole }
    let hint = whole == nil ? Int(exactly: value).map { "write \($0)" } : nil
    mismatch(node, name, expected: expected, hint: hint ?? "")
    return nil
  }

  /// A plain scalar in decimal notation, as text and as a number; nil (and a problem) otherwise.
  private mutating func decimal(_ node: SpecNode, _ name: String, expected: String) -> (
    text: String, value: Double
  )? {
    guard case .scalar(let text, true) = node.content, !SpecNode.isNull(text) else {
      mismatch(node, name, expected: expected, hint: quotedNumberHint(node))
      return nil
    }
    switch DecimalText(text) {
    case .refused(let reason):
      mismatch(node, name, expected: expected, hint: reason)
      return nil
    case .value(let value): return (text, value)
    }
  }

  /// `true` or `false`, nothing else.
  mutating func boolean(_ node: SpecNode?, _ name: String) -> Bool? {
    guard let node else { return nil }
    guard case .scalar(let text, true) = node.content else {
      mismatch(node, name, expected: "true or false")
      return nil
    }
    if text == "true" { return true }
    if text == "false" { return false }
    mismatch(
      node, name, expected: "true or false", hint: booleanWord(text).map { "write \($0)" } ?? "")
    return nil
  }

  /// Text that is not empty. What YAML reads as something else must stand in quotes.
  package mutating func text(_ node: SpecNode?, _ name: String) -> String? {
    guard let node else { return nil }
    guard case .scalar(let text, let isPlain) = node.content else {
      mismatch(node, name, expected: "text")
      return nil
    }
    if isPlain && SpecNode.isNull(text) {
      mismatch(node, name, expected: "text")
      return nil
    }
    if isPlain && text.count > 1 && booleanWord(text) != nil {
      mismatch(
        node, name, expected: "text",
        hint: "YAML 1.1 reads it as \(booleanWord(text)!); put it in quotes if the word is meant")
      return nil
    }
    if text.allSatisfy(\.isWhitespace) {
      mismatch(node, name, expected: "text that is not empty")
      return nil
    }
    return text
  }

  /// One of the raw values of an enumeration.
  package mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ node: SpecNode?, _ name: String, of type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let node else { return nil }
    let names = Choice.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = node.content, let value = Choice(rawValue: text) else {
      if case .scalar(let text, _) = node.content, !SpecNode.isNull(text) {
        report(
          node.location, "'\(name)' is \(node.kind)\(suggestion(for: text, among: names))")
      } else {
        mismatch(node, name, expected: alternatives(names))
      }
      return nil
    }
    return value
  }

  /// True where the scalar is this word.
  package func isWord(_ node: SpecNode?, _ word: String) -> Bool {
    if case .scalar(let text, _) = node?.content { text == word } else { false }
  }

  private func quotedNumberHint(_ node: SpecNode) -> String {
    guard case .scalar(let text, false) = node.content, case .value = DecimalText(text) else {
      return ""
    }
    return "write it without quotes"
  }
}
