import Kernels

/// A classifier with one hidden layer of ReLUs, trained by Adam on the balanced logistic loss.
package struct SmallPerceptron: Sendable {
  /// Settings of the training; the weights are shrunk by `weightDecay` (L2 in the gradient).
  package struct Configuration: Sendable, Codable, Hashable {
    package var hiddenWidth = 32
    package var epochs = 60
    package var batchSize = 32
    package var learningRate = 1e-3
    package var weightDecay = 1e-2
    package init() {}
  }

  private let network: Float64Network

  /// - Parameters:
  ///   - features: n × d, standardised.
  ///   - isFirst: labels; both occur.
  ///   - seed: initial weights and order of the batches.
  ///   - unit: fold, so that folds have their own draws.
  package init(
    _ features: Matrix64, isFirst: [Bool], configuration: Configuration = Configuration(),
    seed: UInt64, unit: UInt32 = 0
  ) {
    precondition(features.rows == isFirst.count, "\(isFirst.count) labels, \(features.rows) rows")
    let (n, d) = (features.rows, features.columns)
    let batch = min(configuration.batchSize, n)
    let widths = [d, configuration.hiddenWidth, 1]
    let stack = DenseStack(widths: widths, capacity: batch)
    var rng = CounterRNG(seed: seed, purpose: .attackClassifier, subject: unit)
    stack.initialise(gain: 3, rng: &rng)
    let weights = balancedWeights(isFirst)
    var steps = 0
    var inputs = [Float](repeating: 0, count: batch * d)
    var slopes = [Float](repeating: 0, count: batch)
    var order = Array(0..<n)
    for epoch in 0..<configuration.epochs {
      var shuffling = CounterRNG(
        seed: seed, purpose: .attackClassifier, subject: unit, step: UInt32(epoch + 1))
      shuffling.shuffle(&order)
      for start in stride(from: 0, to: n, by: batch) {
        let rows = min(batch, n - start)
        for r in 0..<rows {
          for (j, value) in features[row: order[start + r]].enumerated() {
            inputs[r * d + j] = Float(value)
          }
        }
        let outputs = stack.forward(inputs, rows: rows)
        for r in 0..<rows {
          let sample = order[start + r]
          let target = isFirst[sample] ? 1.0 : 0.0
          let slope = BinaryCrossEntropy.gradient(logit: Double(outputs[r]), label: target)
          slopes[r] = Float(slope * weights[sample] / Double(rows))
        }
        stack.backward(inputs: inputs, outputGradients: slopes, rows: rows)
        steps += 1
        stack.update(
          AdamStep(
            learningRate: configuration.learningRate, weightDecay: configuration.weightDecay,
            step: steps))
      }
    }
    network = Float64Network(
      widths: widths, parameters: (0..<stack.parameterCount).map { Double(stack.parameters[$0]) })
  }

  /// Logits: positive for the first group.
  package func decisions(_ features: Matrix64) -> [Double] { network.logits(features.values) }
}
