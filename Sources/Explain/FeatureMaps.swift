/// The output of the backbone's last convolutional stage for one probe.
package struct FeatureMaps: Sendable, Equatable {
  package let channels: Int
  package let height: Int
  package let width: Int
  /// [C, H, W] row-major.
  package let values: [Double]

  /// Cells of one map: H·W.
  package var area: Int { height * width }

  /// - Throws: `ExplainError.sizesDisagree`.
  package init(channels: Int, height: Int, width: Int, values: [Double]) throws {
    guard channels > 0, height > 0, width > 0, values.count == channels * height * width else {
      throw ExplainError.sizesDisagree(
        what: "feature maps \(channels)x\(height)x\(width)", found: values.count,
        expected: channels * height * width)
    }
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
  }
}

/// What can be wrong with the inputs of an explanation.
package enum ExplainError: Error, CustomStringConvertible, Equatable {
  case sizesDisagree(what: String, found: Int, expected: Int)

  package var description: String {
    switch self {
    case .sizesDisagree(let what, let found, let expected):
      "\(what): found \(found) values, expected \(expected); export all tensors from one backbone"
    }
  }

  /// - Throws: `sizesDisagree` where two numbers of values differ.
  static func expect(_ what: String, _ found: Int, _ expected: Int) throws(ExplainError) {
    guard found == expected else {
      throw .sizesDisagree(what: what, found: found, expected: expected)
    }
  }
}
