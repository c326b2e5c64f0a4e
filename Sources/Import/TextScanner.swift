import Foundation

extension DelimitedText {
  /// Finds fields in bytes.
  struct Scanner {
    let bytes: UnsafeRawBufferPointer
    let delimiter: Delimiter
    let path: String

    init(_ bytes: UnsafeRawBufferPointer, _ delimiter: Delimiter, path: String) {
      (self.bytes, self.delimiter, self.path) = (bytes, delimiter, path)
    }

    /// Tells the fields of the row that begins somewhere: their bytes, quotes aside, and whether they
    /// were quoted.
    ///
    /// - Returns: where the next row begins.
    /// - Throws: `ImportError` for quotes that do not end.
    func row(
      from start: Int, _ body: (Range<Int>, _ isQuoted: Bool) throws -> Void
    ) throws -> Int {
      var at = start
      if delimiter == .blanks { at = skipBlanks(at) }
      if at >= bytes.count || isLineEnd(bytes[at]) { return afterLineEnd(at) }
      while true {
        if at < bytes.count, bytes[at] == Self.quote {
          let (field, end) = try quoted(from: at)
          try body(field, true)
          at = end
          guard at >= bytes.count || isLineEnd(bytes[at]) || isDelimiter(bytes[at]) else {
            throw ImportError(
              path, "\(line(at: at))",
              "has something behind a closing quote; within quotes write a quote twice")
          }
        } else {
          let field = at
          while at < bytes.count, !isLineEnd(bytes[at]), !isDelimiter(bytes[at]) { at += 1 }
          try body(field..<at, false)
        }
        if delimiter == .blanks { at = skipBlanks(at) }
        if at >= bytes.count || isLineEnd(bytes[at]) { return afterLineEnd(at) }
        if delimiter != .blanks { at += 1 }
      }
    }

    /// The text of a field, doubled quotes undone.
    func text(_ field: Range<Int>, at start: Int) throws -> String {
      guard field.count <= DelimitedText.mostFieldBytes else {
        throw ImportError(path, "\(line(at: start))", "has a field of \(field.count) bytes")
      }
      guard
        let text = String(
          validating: UnsafeRawBufferPointer(rebasing: bytes[field]), as: UTF8.self)
      else {
        throw ImportError(
          path, "\(line(at: field.lowerBound))", "has text that is not UTF-8; save it as UTF-8")
      }
      if text.utf8.contains(0) {
        throw ImportError(path, "\(line(at: field.lowerBound))", "has bytes 0; is it text?")
      }
      let isQuoted = field.lowerBound > 0 && bytes[field.lowerBound - 1] == Self.quote
      return isQuoted ? text.replacing("\"\"", with: "\"") : text
    }

    /// A field as a number, blanks around it aside; nil for what is none.
    func number(_ field: Range<Int>) -> Float? {
      var field = field
      while let first = field.first, isBlank(bytes[first]) { field = first + 1..<field.upperBound }
      while let last = field.last, isBlank(bytes[last]) { field = field.lowerBound..<last }
      guard !field.isEmpty, field.count < 64 else { return nil }
      // The C library wants a closing zero; 64 bytes hold every number that is written.
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
        for (i, byte) in bytes[field].enumerated() { buffer[i] = CChar(bitPattern: byte) }
        buffer[field.count] = 0
        guard let base = buffer.baseAddress else { return nil }
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod(base, &end)
        return end == base + field.count ? Float(value) : nil
      }
    }

    /// Tells the words of a field: what stands between blanks, commas and semicolons, brackets aside.
    func words(_ field: Range<Int>, _ body: (Range<Int>) throws -> Void) rethrows {
      var start: Int?
      for at in field {
        switch bytes[at] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"),
          UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"),
          UInt8(ascii: "\n"), UInt8(ascii: "\r"):
          if let begun = start { try body(begun..<at) }
          start = nil
        default: start = start ?? at
        }
      }
      if let start { try body(start..<field.upperBound) }
    }

    /// Number of the line that holds a byte, from 1.
    func line(at offset: Int) -> Int {
      1 + bytes[..<min(offset, bytes.count)].count { $0 == UInt8(ascii: "\n") }
    }

    private static let quote = UInt8(ascii: "\"")

    /// The bytes within quotes, and where what follows begins.
    private func quoted(from start: Int) throws -> (Range<Int>, Int) {
      var at = start + 1
      while at < bytes.count {
        if bytes[at] == Self.quote {
          guard at + 1 < bytes.count, bytes[at + 1] == Self.quote else {
            return (start + 1..<at, at + 1)
          }
          at += 1
        }
        at += 1
      }
      throw ImportError(path, "\(line(at: start))", "has a quote that does not end")
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func isDelimiter(_ byte: UInt8) -> Bool {
      switch delimiter {
      case .sign(let sign): byte == sign
      case .blanks: isBlank(byte)
      }
    }

    private func skipBlanks(_ start: Int) -> Int {
      var at = start
      while at < bytes.count, isBlank(bytes[at]) { at += 1 }
      return at
    }

    /// Behind a line end, CRLF being one.
    private func afterLineEnd(_ at: Int) -> Int {
      guard at < bytes.count else { return bytes.count }
      if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { return at + 2 }
      return at + 1
    }
  }
}
