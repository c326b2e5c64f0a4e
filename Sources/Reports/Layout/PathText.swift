import Foundation

/// Paths as outputs show them: nothing of these names folders of the machine it was made on, so that it can
/// be sent to a double-blind review.
package enum PathText {
  /// A path below the current folder as it was given; of any other the name of the file.
  package static func shown(_ path: String) -> String {
    let parts = path.split(separator: "/")
    let isBelow = !path.hasPrefix("/") && !path.hasPrefix("~") && !parts.contains("..")
    return isBelow ? path : parts.last.map(String.init) ?? path
  }

  /// A command line with its paths as they are shown.
  static func command(_ line: String) -> String {
    line.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.contains("/") ? shown(String($0)) : String($0) }.joined(separator: " ")
  }

  /// A sentence with the names of files alone where it has absolute paths.
  ///
  /// - Parameter known: paths that records name; blanks in others end them.
  package static func text(_ text: String, known: [String] = []) -> String {
    var text = text
    // The longest first: one path may begin another.
    for path in known.sorted(by: { ($0.count, $0) > ($1.count, $1) }) where path.hasPrefix("/") {
      text = text.replacing(path, with: shown(path))
    }
    if !text.contains("/") { return text }
    let whole = NSRange(text.startIndex..., in: text)
    return absolute.stringByReplacingMatches(in: text, range: whole, withTemplate: "$1")
  }

  /// A slash that begins a word, folders, and the name behind the last slash.
  private static let absolute = try! NSRegularExpression(
    pattern: #"(?<![\w./~])~?/(?:[^\s/'"<>,;:()\[\]]+/)+([^\s/'"<>,;:()\[\]]+)"#)
}
