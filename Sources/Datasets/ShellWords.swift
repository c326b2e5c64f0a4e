// What commands in messages are made of.

/// A path as a shell and this program take it: one that begins with a dash is no option.
package func shellPath(_ path: String) -> String {
  shellWord(path.hasPrefix("-") ? "./\(path)" : path)
}

/// An option with its value, which may begin with a dash.
package func shellOption(_ option: String, _ value: String) -> String {
  option + (value.hasPrefix("-") ? "=" : " ") + shellWord(value)
}

/// A word as a shell takes it.
package func shellWord(_ word: String) -> String {
  let isPlain =
    !word.isEmpty
    && word.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789/._-=:".unicodeScalars.contains($0))
    }
  return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
}
