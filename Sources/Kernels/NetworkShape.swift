/// Widths of a multilayer perceptron with one output: d inputs, hidden layers, one logit. Without
/// hidden layers it is a linear classifier.
///
/// Parameters lie flat in PyTorch's order: weight (out, in) row-major and bias of layer 1, then of
/// layer 2, and so on.
package struct NetworkShape: Sendable, Hashable, Codable {
  /// d, hidden widths, 1.
  package let dims: [Int]

  /// - Precondition: all widths are positive.
  package init(inputs: Int, hiddenWidths: [Int]) {
    precondition(
      inputs > 0 && hiddenWidths.allSatisfy { $0 > 0 },
      "network \(inputs)-\(hiddenWidths)-1")
    dims = [inputs] + hiddenWidths + [1]
  }

  package var inputs: Int { dims[0] }
  package var hiddenWidths: ArraySlice<Int> { dims[1..<(dims.count - 1)] }
  /// Number of weight matrices.
  package var layerCount: Int { dims.count - 1 }
  /// Weights and biases together: 73,985 for 512-128-64-1.
  package var parameterCount: Int { parameterOffset(ofLayer: layerCount) }

  /// Where the weight of layer `k` (from 0) begins in the flat parameters; `layerCount`: the end.
  package func parameterOffset(ofLayer k: Int) -> Int {
    (0..<k).reduce(0) { $0 + dims[$1] * dims[$1 + 1] + dims[$1 + 1] }
  }

  /// Where the bias of layer `k` begins.
  package func biasOffset(ofLayer k: Int) -> Int {
    parameterOffset(ofLayer: k) + dims[k] * dims[k + 1]
  }
}
