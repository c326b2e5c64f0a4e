import Kernels
import Testing

/// A network with uniform weights, and a batch of normal-like rows, from one seed.
struct RandomCase {
  let shape: NetworkShape
  let parameters: [Double]
  private(set) var x: [[Double]] = []
  private(set) var y: [Double] = []
  /// [row][layer][unit]
  private(set) var masks: [[[Double]]] = []

  init(inputs: Int, hidden: [Int], rows: Int, keep: Double, seed: UInt64) {
    shape = NetworkShape(inputs: inputs, hiddenWidths: hidden)
    var rng = CounterRNG(seed: seed, purpose: .initialWeights)
    let shape = shape
    parameters = (0..<shape.layerCount).flatMap { k -> [Double] in
      let bound = 1 / Double(shape.dims[k]).squareRoot()
      let count = shape.parameterOffset(ofLayer: k + 1) - shape.parameterOffset(ofLayer: k)
      return (0..<count).map { _ in Double(Float((2 * rng.uniform() - 1) * bound)) }
    }
    for row in 0..<rows {
      x.append((0..<inputs).map { _ in Double(Float(2 * rng.uniform() - 1)) })
      y.append(row % 3 == 0 ? 1 : 0)
      masks.append(hidden.map { width in (0..<width).map { _ in rng.uniform() < keep ? 1 : 0 } })
    }
  }

  /// Row `row` loses all its hidden units.
  mutating func dropAll(row: Int) {
    masks[row] = masks[row].map { $0.map { _ in 0 } }
  }
}

@Suite struct ReferenceNetworkTests {
  @Test func parametersOfThePapersNetwork() {
    #expect(NetworkShape(inputs: 512, hiddenWidths: [128, 64]).parameterCount == 73_985)
    #expect(NetworkShape(inputs: 512, hiddenWidths: [128, 64, 16]).parameterCount == 74_977)
    #expect(NetworkShape(inputs: 512, hiddenWidths: []).parameterCount == 513)
  }

  /// A network small enough for a sum by hand: 2-1-1.
  @Test func forwardIsTheFormula() {
    let network = ReferenceNetwork(
      shape: NetworkShape(inputs: 2, hiddenWidths: [1]), parameters: [1, -2, 0.5, 3, -1])
    #expect(network.logit([1, 0]) == 3 * 1.5 - 1)
    #expect(network.logit([0, 1]) == -1)
    #expect(network.forward([1, 0], masks: [[1]], keep: 0.5).logit == 3 * 3 - 1)
  }

  @Test(
    arguments: [[], [3], [5, 4], [4, 3, 2], [3, 3, 2, 2]], [TrainingLoss.crossEntropy, .hinge])
  func gradientsAreTheCentralDifferences(hidden: [Int], loss: TrainingLoss) {
    let run = RandomCase(inputs: 4, hidden: hidden, rows: 6, keep: 0.5, seed: 3)
    let training = ReferenceTraining(
      network: ReferenceNetwork(shape: run.shape, parameters: run.parameters), loss: loss)
    let (_, gradient) = training.gradient(x: run.x, y: run.y, masks: run.masks, keep: 0.5)
    let h = 1e-6
    for i in run.parameters.indices {
      func loss(_ shift: Double) -> Double {
        var moved = training
        moved.network.parameters[i] += shift
        return moved.gradient(x: run.x, y: run.y, masks: run.masks, keep: 0.5).loss
      }
      #expect(abs((loss(h) - loss(-h)) / (2 * h) - gradient[i]) < 1e-8, "parameter \(i)")
    }
  }

  @Test(arguments: [[6, 4], []])
  func inputGradientIsTheCentralDifference(hidden: [Int]) {
    let run = RandomCase(inputs: 5, hidden: hidden, rows: 1, keep: 1, seed: 8)
    let network = ReferenceNetwork(shape: run.shape, parameters: run.parameters)
    let (logits, gradient) = Float64Network(widths: run.shape.dims, parameters: run.parameters)
      .inputGradients(run.x[0])
    #expect(abs(logits[0] - network.logit(run.x[0])) < 1e-12)
    for j in 0..<5 {
      var up = run.x[0]
      var down = up
      up[j] += 1e-6
      down[j] -= 1e-6
      #expect(abs((network.logit(up) - network.logit(down)) / 2e-6 - gradient[j]) < 1e-8)
    }
  }
}
