import Foundation
import Specs

extension SpecSetting {
  /// From "key=value" or "key.key=value,value"; values are YAML.
  ///
  /// - Throws: `SpecError` where this is no key and value.
  package init(parsing text: String) throws(SpecError) {
    func refused(_ message: String) -> SpecError {
      SpecError(problems: [SpecProblem(at: Self.location(text), message)])
    }
    guard let sign = text.firstIndex(of: "=") else {
      throw refused("found no '=', expected key=value, e.g. training.epochs=20")
    }
    let path = text[..<sign].split(separator: ".", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard !path.contains("") else {
      throw refused("a key is empty, expected key=value, e.g. training.epochs=20")
    }
    let value = text[text.index(after: sign)...]
    guard !value.allSatisfy(\.isWhitespace) else {
      throw refused("has no value; write null where nothing is meant")
    }
    // Commas separate values as in a list of YAML, which knows quotes and brackets.
    let (root, problems) = SpecDocument.read(Data("[\(value)]".utf8), file: "")
    guard problems.isEmpty, let root, case .sequence(let items) = root.content, !items.isEmpty
    else {
      let reason = problems.first?.message ?? "found no value"
      throw refused(
        "the value is \(reason)".replacing("the value is not readable", with: "not readable"))
    }
    let place = Self.location(text)
    self.init(text: text, path: path, values: items.map { $0.moved(to: place) })
  }

  /// Several settings of different keys.
  ///
  /// - Throws: `SpecError` with the problems of all, and keys that are set twice.
  package static func all(_ texts: [String]) throws(SpecError) -> [SpecSetting] {
    var settings: [SpecSetting] = []
    var problems: [SpecProblem] = []
    for text in texts {
      do throws(SpecError) {
        let setting = try SpecSetting(parsing: text)
        if let other = settings.first(where: { $0.sets(the: setting) }) {
          problems.append(
            SpecProblem(
              at: location(text),
              "the same key is set by '--set \(other.text)'; several values stand in one option, with "
                + "commas between them"))
        }
        settings.append(setting)
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw SpecError(problems: problems) }
    return settings
  }

  private func sets(the other: SpecSetting) -> Bool { path == other.path }
}

extension SpecNode {
  /// The node with another place, that of all within it too.
  fileprivate func moved(to place: SourceLocation) -> SpecNode {
    switch content {
    case .scalar: SpecNode(location: place, content: content)
    case .sequence(let items):
      SpecNode(location: place, content: .sequence(items.map { $0.moved(to: place) }))
    case .mapping(let entries):
      SpecNode(
        location: place,
        content: .mapping(
          entries.map {
            .init(key: $0.key, keyLocation: place, value: $0.value.moved(to: place))
          }))
    }
  }
}
