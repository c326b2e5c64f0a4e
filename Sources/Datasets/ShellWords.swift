import Configurations

// What commands in messages are made of.

/// A path as a shell and this program take it: one that begins with a dash is no option.
package func shellPath(_ path: String) -> String {
  shellWord(path.hasPrefix("-") ? "./\(path)" : path)
}

/// An option with its value, which may begin with a dash.
package func shellOption(_ option: String, _ value: String) -> String {
  option + (value.hasPrefix("-") ? "=" : " ") + shellWord(value)
}

/// A word as a shell takes it; one with control characters as bash and zsh do.
package func shellWord(_ word: String) -> String {
  if word.unicodeScalars.contains(where: isControl) {
    let bytes = word.utf8.map { byte -> String in
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "'"): "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\" + String(byte, radix: 8)
      }
    }
    return "$'\(bytes.joined())'"
  }
  let isPlain =
    !word.isEmpty
    && word.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789/._-=:".unicodeScalars.contains($0))
    }
  return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
}
