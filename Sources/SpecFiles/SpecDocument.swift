import Files
import Foundation
import Specs
import Yams

/// Reads one YAML file into nodes that carry their places.
///
/// What YAML would accept silently is a problem here: duplicate keys, tags, merge keys, aliases that
/// expand without bound, bytes that are not UTF-8.
package struct SpecDocument {
  /// Most nodes a file may hold after its aliases are expanded.
  package static let nodeBudget = 20_000
  /// Most bytes a spec file may have.
  package static let byteLimit = 1 << 20

  private let file: String
  private var problems: [SpecProblem] = []
  private var nodes = 0
  /// Keys that were made unique so that the parser goes on after a duplicate: mark -> first scalar.
  private var disguised: [Unicode.Scalar: Unicode.Scalar] = [:]

  private init(file: String) { self.file = file }

  /// - Parameters:
  ///   - bytes: content of the file.
  ///   - file: its name in messages.
  /// - Returns: the root (nil where the file cannot be read at all) and every problem found.
  package static func read(_ bytes: Data, file: String) -> (
    root: SpecNode?, problems: [SpecProblem]
  ) {
    var document = SpecDocument(file: file)
    let root = document.root(of: bytes)
    return (root, document.problems)
  }

  private mutating func report(_ message: String, line: Int = 1, column: Int = 1) {
    report(message, at: SourceLocation(file: file, line: line, column: column))
  }

  private mutating func report(_ message: String, at location: SourceLocation) {
    problems.append(SpecProblem(at: location, message))
  }

  private mutating func root(of bytes: Data) -> SpecNode? {
    guard bytes.count <= Self.byteLimit else {
      report("the file has \(bytes.count) bytes, expected at most \(Self.byteLimit) for a spec")
      return nil
    }
    guard let text = decoded(bytes), !hasComplexKey(text) else { return nil }
    guard let node = parsed(text) else { return nil }
    do {
      return try converted(node)
    } catch {
      report(
        "the file expands to more than \(Self.nodeBudget) values; an anchor is repeated too often")
      return nil
    }
  }

  /// UTF-8 without its byte order mark.
  private mutating func decoded(_ bytes: Data) -> String? {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    if let text = String(bytes: body, encoding: .utf8) { return text }
    // Everything before the first bad byte decodes; count the place there.
    var decoder = UTF8()
    var iterator = body.makeIterator()
    var line = 1
    var column = 1
    scan: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
      case .emptyInput, .error: break scan
      }
    }
    report("found bytes that are not UTF-8; save the file as UTF-8", line: line, column: column)
    return nil
  }

  /// Keys that are collections or aliases are refused before parsing, because the parser compares
  /// keys by value, which an alias can make unboundedly expensive.
  private mutating func hasComplexKey(_ text: String) -> Bool {
    let patterns = [
      #"(^|[,{\[]|- )\s*\?(\s|$)"#, #"\*[\w-]+\s*:(\s|$)"#, #"[}\]]\s*:(\s|$)"#,
    ]
    guard text.contains("&") else { return false }
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let content = line.trimmingCharacters(in: .whitespaces)
      if content.hasPrefix("#") { continue }
      for pattern in patterns where content.range(of: pattern, options: .regularExpression) != nil {
        report("found a key that is not plain text; write each key as a word", line: index + 1)
        return true
      }
    }
    return false
  }

  private mutating func parsed(_ text: String) -> Node? {
    var text = text
    // The parser stops at the first duplicate. Its first occurrence is disguised by a private-use
    // character of the same width, so that the rest can be read; `converted` sees the duplicates.
    for attempt in 0..<200 {
      do {
        guard let node = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
          report("the file is empty, expected a mapping of keys such as 'name' and 'datasets'")
          return nil
        }
        return node
      } catch let error as YamlError {
        if case .duplicatedKeysInMapping(let keys, let context) = error,
          let index = text.scalarIndex(line: context.mark.line, column: context.mark.column),
          let mask = Unicode.Scalar(UInt32(0xE000 + attempt)),
          let start = keyStart(in: text, at: index, keys: keys)
        {
          disguised[mask] = text.unicodeScalars[start]
          text.unicodeScalars.replaceSubrange(
            start..<text.unicodeScalars.index(after: start), with: [mask])
          continue
        }
        report(error, in: text)
      } catch {
        report("not readable as YAML: \(error)")
      }
      return nil
    }
    report("more than 200 duplicate keys")
    return nil
  }

  /// The first character of a duplicated key's text, after an opening quote.
  private func keyStart(in text: String, at index: String.Index, keys: [String]) -> String.Index? {
    let scalars = text.unicodeScalars
    var start = index
    if scalars[start] == "\"" || scalars[start] == "'" { start = scalars.index(after: start) }
    guard start < scalars.endIndex, keys.contains(where: { text[start...].hasPrefix($0) }),
      scalars[start] != "\"", scalars[start] != "'"
    else { return nil }
    return start
  }

  private mutating func report(_ error: YamlError, in text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if let index = text.scalarIndex(line: mark.line, column: mark.column), text[index] == "\t" {
        report("found a tab; indent with spaces", line: mark.line, column: mark.column)
        return
      }
      let clean = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      report("not readable as YAML: \(problem)\(clean)", line: mark.line, column: mark.column)
    case .duplicatedKeysInMapping(let keys, let context):
      report(
        "key \(alternatives(keys)) is given twice", line: context.mark.line,
        column: context.mark.column)
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.count { $0.isNewline } + 1
      let column = before.reversed().prefix { !$0.isNewline }.count + 1
      report("not readable as YAML: \(problem)", line: line, column: column)
    default:
      report("not readable as YAML: \(error)")
    }
  }

  private struct BudgetExceeded: Error {}

  /// Converts and checks a node; reports duplicate keys, tags and merge keys as it meets them.
  private mutating func converted(_ node: Node, isKey: Bool = false) throws -> SpecNode {
    nodes += 1
    guard nodes <= Self.nodeBudget else { throw BudgetExceeded() }
    let location = SourceLocation(
      file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    switch node {
    case .scalar(let scalar):
      // The parser has already resolved the tags of keys, so theirs tell nothing.
      if !isKey { refuseTag(scalar.tag, of: [.implicit, .str, .nonSpecific], at: location) }
      let isPlain = scalar.style == .plain || scalar.style == .any
      return SpecNode(
        location: location, content: .scalar(revealed(scalar.string), isPlain: isPlain))
    case .sequence(let sequence):
      refuseTag(sequence.tag, of: [.implicit, .seq], at: location)
      return SpecNode(
        location: location, content: .sequence(try sequence.map { try converted($0) }))
    case .mapping(let mapping):
      refuseTag(mapping.tag, of: [.implicit, .map], at: location)
      var entries: [SpecNode.Entry] = []
      var firstLine: [String: Int] = [:]
      for (keyNode, valueNode) in mapping {
        let key = try converted(keyNode, isKey: true)
        let value = try converted(valueNode)
        guard case .scalar(let name, _) = key.content else {
          report("found \(key.kind) as a key; write each key as a word", at: key.location)
          continue
        }
        if name == "<<" {
          report(
            "merge key '<<' is not supported; use 'extends' or repeat the keys", at: key.location)
          continue
        }
        if let line = firstLine[name] {
          report(
            "key '\(shortened(name))' is given twice, first on line \(line); remove one",
            at: key.location)
          continue
        }
        firstLine[name] = key.location.line
        entries.append(SpecNode.Entry(key: name, keyLocation: key.location, value: value))
      }
      return SpecNode(location: location, content: .mapping(entries))
    case .alias:
      // The parser resolves aliases; one left over has no meaning.
      report("found an alias without its anchor", at: location)
      return SpecNode(location: location, content: .scalar("", isPlain: true))
    }
  }

  private mutating func refuseTag(_ tag: Tag, of known: [Tag.Name], at location: SourceLocation) {
    guard !known.contains(where: { $0.rawValue == tag.rawValue }) else { return }
    let name = tag.rawValue.replacingOccurrences(of: "tag:yaml.org,2002:", with: "!!")
    report("found the tag '\(name)'; remove it", at: location)
  }

  private func revealed(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, let original = disguised[first] else {
      return text
    }
    var scalars = text.unicodeScalars
    scalars.replaceSubrange(
      scalars.startIndex..<scalars.index(after: scalars.startIndex), with: [original])
    return String(scalars)
  }
}

extension String {
  /// Index of a place that counts lines and Unicode scalars from 1, or nil beyond the end.
  fileprivate func scalarIndex(line: Int, column: Int) -> String.Index? {
    var currentLine = 1
    var currentColumn = 1
    for index in unicodeScalars.indices {
      if currentLine == line && currentColumn == column { return index }
      if unicodeScalars[index] == "\n" {
        (currentLine, currentColumn) = (currentLine + 1, 1)
      } else {
        currentColumn += 1
      }
    }
    return nil
  }
}

extension SpecDocument {
  /// The values of a spec file by dotted key; nil where there is no file, or no spec in it.
  package static func values(of path: String) throws(FileError) -> [String: String]? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return read(try RegularFile.read(path), file: path).root?.leaves
  }
}
