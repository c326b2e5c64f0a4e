/// One optimiser step in float64 on the reference network: batch mean of the loss, its gradient,
/// Adam. The slow twin of `TrainingEngine`.
package struct ReferenceTraining: Sendable {
  package var network: ReferenceNetwork
  private let loss: TrainingLoss
  private var m: [Double]
  private var v: [Double]

  package init(network: ReferenceNetwork, loss: TrainingLoss = .crossEntropy) {
    self.network = network
    self.loss = loss
    m = [Double](repeating: 0, count: network.parameters.count)
    v = m
  }

  /// Gradient of the mean loss of a batch.
  ///
  /// - Parameter masks: [row][hidden layer][unit], or nil for no dropout.
  package func gradient(
    x: [[Double]], y: [Double], masks: [[[Double]]]? = nil, keep: Double = 1
  ) -> (loss: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: network.parameters.count)
    var mean = 0.0
    let share = 1 / Double(x.count)
    for row in x.indices {
      let mask = masks?[row]
      let trace = network.forward(x[row], masks: mask, keep: keep)
      mean += loss.loss(logit: trace.logit, label: y[row]) * share
      let d = loss.gradient(logit: trace.logit, label: y[row]) * share
      network.backward(trace, dLogit: d, masks: mask, keep: keep, into: &gradient)
    }
    return (mean, gradient)
  }

  /// One step; returns the batch's mean loss before it.
  package mutating func step(
    x: [[Double]], y: [Double], masks: [[[Double]]]? = nil, keep: Double = 1, adam: AdamStep
  ) -> Double {
    let (loss, gradient) = gradient(x: x, y: y, masks: masks, keep: keep)
    adam.apply(to: &network.parameters, gradient: gradient, m: &m, v: &v)
    return loss
  }

  /// Mean loss in evaluation mode.
  package func evaluationLoss(x: [[Double]], y: [Double]) -> Double {
    var sum = 0.0
    for row in x.indices {
      sum += loss.loss(logit: network.logit(x[row]), label: y[row])
    }
    return sum / Double(x.count)
  }
}
