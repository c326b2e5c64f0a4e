// What everything made from synthetic data says of itself.

/// What every output made from synthetic data says.
package let syntheticNotice =
  "SYNTHETIC DATA: made by this program, says nothing about real faces or about the paper."

/// Something with a title, made from real or synthetic data.
package protocol Titled {
  var title: String { get }
  var isSynthetic: Bool { get }
}

extension Titled {
  /// Title that says when the data are synthetic.
  package var fullTitle: String { isSynthetic ? "SYNTHETIC · \(title)" : title }
}

/// Something with a title and a caption: tables and figures.
package protocol Captioned: Titled {
  var caption: String { get }
}

extension Captioned {
  /// Caption that says when the data are synthetic.
  package var fullCaption: String { isSynthetic ? "\(syntheticNotice) \(caption)" : caption }
}
