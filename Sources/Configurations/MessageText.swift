// Texts of users and files inside of messages.

/// True for characters that no table, figure or file of this program can hold: controls, separators
/// of lines and paragraphs, and those that are no characters.
package func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: true
  default: scalar.properties.isNoncharacterCodePoint
  }
}

/// True for marks that turn the direction of what stands behind them, so that a text reads as another.
package func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// The text with marks that turn its direction as the replacement character.
package func withoutTurns(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: turnsDirection) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars { result.append(turnsDirection(scalar) ? "\u{FFFD}" : scalar) }
  return String(result)
}

/// The text with control characters written out: "new\u{A}line".
package func escaped(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  return text.unicodeScalars.map {
    isControl($0) ? "\\u{\(String($0.value, radix: 16, uppercase: true))}" : String($0)
  }.joined()
}

/// The text, or its beginning where it is longer than a message has room for.
package func shortened(_ text: String, limit: Int = 200) -> String {
  text.utf8.count <= limit ? text : text.prefix(limit) + "…"
}

/// The first texts of a list, long ones cut, and how many there are more.
package func few(_ texts: some Collection<String>, limit: Int = 5) -> String {
  let shown = texts.prefix(limit).map { shortened($0) }.joined(separator: ", ")
  return texts.count > limit ? "\(shown) and \(texts.count - limit) more" : shown
}
