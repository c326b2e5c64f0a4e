import Specs

/// Shape of the networks of a block of weights.
package struct TemplateShape: Sendable, Codable {
  /// Widths from input to output.
  package var dims: [Int]

  package init(
    dims: [Int]
  ) {
    self.dims = dims
  }
}
