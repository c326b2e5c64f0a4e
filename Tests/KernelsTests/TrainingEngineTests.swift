import Glibc
import Kernels
import Testing

/// The fast engine against the float64 reference, on every CPU path.
@Suite struct TrainingEngineTests {
  struct Size: CustomTestStringConvertible, Sendable {
    var inputs: Int
    var hidden: [Int]
    var rows: Int
    var keep = 0.5
    var testDescription: String { "\(inputs)-\(hidden), \(rows) rows, keep \(keep)" }
  }

  /// None to four hidden layers; sizes below, at and above the padding, odd and prime; batches of
  /// one, partial and full; no dropout, half, and another rate.
  static let sizes = [
    Size(inputs: 1, hidden: [1], rows: 1, keep: 1), Size(inputs: 3, hidden: [2], rows: 2),
    Size(inputs: 16, hidden: [16], rows: 5), Size(inputs: 17, hidden: [17, 33], rows: 13),
    Size(inputs: 128, hidden: [128, 64], rows: 128),
    Size(inputs: 512, hidden: [128, 64], rows: 128),
    Size(inputs: 512, hidden: [128, 64, 16], rows: 127, keep: 1),
    Size(inputs: 512, hidden: [128, 64, 16], rows: 64),
    Size(inputs: 65, hidden: [47, 31, 7], rows: 37, keep: 0.8),
    Size(inputs: 80, hidden: [160, 144, 20, 5], rows: 29, keep: 0.5),
    Size(inputs: 31, hidden: [300, 257], rows: 11, keep: 0.3),
    Size(inputs: 1, hidden: [], rows: 1), Size(inputs: 17, hidden: [], rows: 13, keep: 1),
    Size(inputs: 115, hidden: [], rows: 29), Size(inputs: 512, hidden: [], rows: 128),
  ]

  static let losses = [TrainingLoss.crossEntropy, .hinge]

  @Test(arguments: sizes, availablePaths)
  func tenStepsFollowTheReference(size: Size, path: CPUPath) {
    for loss in Self.losses { tenStepsFollowTheReference(size, loss, path) }
  }

  private func tenStepsFollowTheReference(_ size: Size, _ loss: TrainingLoss, _ path: CPUPath) {
    var run = RandomCase(
      inputs: size.inputs, hidden: size.hidden, rows: size.rows, keep: size.keep, seed: 21)
    if size.keep < 1 && size.rows > 1 { run.dropAll(row: size.rows / 2) }
    for decay in [AdamStep.WeightDecay.coupled, .decoupled] {
      var reference = ReferenceTraining(
        network: ReferenceNetwork(shape: run.shape, parameters: run.parameters), loss: loss)
      // Capacity above the rows used: the rest of the buffers must not matter.
      let engine = TrainingEngine(
        shape: run.shape, batchCapacity: size.rows + 3, keep: size.keep, loss: loss, path: path)
      engine.load(run.parameters.map { Float($0) })
      load(run, into: engine)
      for step in 1...10 {
        // eps 1e-4: where a gradient is near 0, float32 would decide the sign of the step.
        let adam = AdamStep(
          learningRate: 2e-3, beta1: 0.9, epsilon: 1e-4, weightDecay: 0.02, decay: decay,
          step: step)
        let expected = reference.step(
          x: run.x, y: run.y, masks: run.masks, keep: size.keep, adam: adam)
        let found = engine.step(rows: size.rows, adam: adam)
        #expect(abs(found - expected) < 2e-6, "\(loss) of step \(step)")
      }
      var parameters = [Float](repeating: 0, count: run.shape.parameterCount)
      engine.store(into: &parameters)
      let largest = zip(parameters, reference.network.parameters).map { abs(Double($0) - $1) }.max()
      #expect(largest ?? 1 < 5e-6, "\(loss), \(decay)")
    }
  }

  /// Paths with fused multiply-add train and compare to the same bits.
  @Test(arguments: sizes, losses)
  func fusedPathsGiveTheSameBits(size: Size, loss: TrainingLoss) {
    let run = RandomCase(
      inputs: size.inputs, hidden: size.hidden, rows: size.rows, keep: size.keep, seed: 5)
    let found = availablePaths.filter { $0 != .baseline }.map { path in
      let engine = TrainingEngine(
        shape: run.shape, batchCapacity: size.rows, keep: size.keep, loss: loss, path: path)
      engine.load(run.parameters.map { Float($0) })
      load(run, into: engine)
      var numbers: [Float] = []
      for step in 1...30 {
        engine.drawMasks(seed: 1, subject: 2, step: UInt32(step), rows: size.rows)
        let loss = engine.step(
          rows: size.rows,
          adam: AdamStep(
            learningRate: 0.01, beta1: 0.9, weightDecay: 5e-5, decay: .coupled, step: step))
        numbers.append(Float(loss))
      }
      var parameters = [Float](repeating: 0, count: run.shape.parameterCount)
      engine.store(into: &parameters)
      var logits = [Float](repeating: 0, count: size.rows)
      engine.logits(of: engine.row(0), stride: engine.batchStride, count: size.rows, into: &logits)
      return (numbers + parameters + logits).map(\.bitPattern)
    }
    for other in found.dropFirst() { #expect(other == found[0]) }
  }

  @Test(arguments: sizes, availablePaths)
  func logitsFollowTheReference(size: Size, path: CPUPath) {
    let run = RandomCase(
      inputs: size.inputs, hidden: size.hidden, rows: 2 * size.rows + 1, keep: 1, seed: 4)
    let network = ReferenceNetwork(shape: run.shape, parameters: run.parameters)
    let engines = Self.losses.map {
      TrainingEngine(shape: run.shape, batchCapacity: 1, keep: 1, loss: $0, path: path)
    }
    for engine in engines { engine.load(run.parameters.map { Float($0) }) }
    let stride = size.inputs + 2
    var x = [Float](repeating: .nan, count: run.x.count * stride)
    for (i, row) in run.x.enumerated() {
      for j in row.indices { x[i * stride + j] = Float(row[j]) }
    }
    var logits = [Float](repeating: 0, count: run.x.count)
    engines[0].logits(of: x, stride: stride, count: run.x.count, into: &logits)
    for i in run.x.indices {
      #expect(abs(Double(logits[i]) - network.logit(run.x[i])) < 2e-6)
    }
    for engine in engines {
      let sum = engine.lossSum(of: x, stride: stride, count: run.x.count, label: 1)
      let expected = run.x.reduce(0) {
        $0 + engine.loss.loss(logit: network.logit($1), label: 1)
      }
      #expect(abs(sum - expected) < 2e-6 * Double(run.x.count), "\(engine.loss)")
    }
  }

  @Test(arguments: availablePaths, [[20, 9], []])
  func logitsDoNotDependOnTheBlockTheyAreComputedIn(path: CPUPath, hidden: [Int]) {
    let run = RandomCase(inputs: 37, hidden: hidden, rows: 101, keep: 1, seed: 6)
    let engine = TrainingEngine(shape: run.shape, batchCapacity: 4, keep: 1, path: path)
    engine.load(run.parameters.map { Float($0) })
    let x = run.x.flatMap { $0.map { Float($0) } }
    var together = [Float](repeating: 0, count: 101)
    engine.logits(of: x, stride: 37, count: 101, into: &together)
    for i in 0..<101 {
      var alone: Float = 0
      x.withUnsafeBufferPointer { x in
        guard let base = x.baseAddress else { return }
        engine.logits(of: base + i * 37, stride: 37, count: 1, into: &alone)
      }
      #expect(alone == together[i])
    }
  }

  @Test(arguments: availablePaths, [1.0, 0.5, 0.75])
  func loadForgetsEverything(path: CPUPath, keep: Double) {
    let run = RandomCase(inputs: 20, hidden: [24, 8], rows: 9, keep: keep, seed: 2)
    let engine = TrainingEngine(shape: run.shape, batchCapacity: 9, keep: keep, path: path)
    func train() -> [Float] {
      engine.load(run.parameters.map { Float($0) })
      load(run, into: engine)
      for step in 1...4 {
        engine.drawMasks(seed: 1, subject: 2, step: UInt32(step), rows: 9)
        _ = engine.step(
          rows: 9,
          adam: AdamStep(
            learningRate: 0.01, beta1: 0.9, weightDecay: 0.01, decay: .coupled, step: step))
      }
      var parameters = [Float](repeating: 0, count: run.shape.parameterCount)
      engine.store(into: &parameters)
      return parameters
    }
    #expect(train() == train())
  }

  /// Kept units are counted through the first layer: with weights 0 and bias 1, and a last layer
  /// of ones, the logit is the number of kept units / keep.
  @Test(arguments: availablePaths, [0.5, 0.8])
  func dropoutKeepsTheShareItShould(path: CPUPath, keep: Double) {
    let h = 40
    let rows = 250
    let shape = NetworkShape(inputs: 3, hiddenWidths: [h])
    let engine = TrainingEngine(shape: shape, batchCapacity: rows, keep: keep, path: path)
    var parameters = [Float](repeating: 0, count: shape.parameterCount)
    for u in 0..<h {
      parameters[shape.biasOffset(ofLayer: 0) + u] = 1
      parameters[shape.parameterOffset(ofLayer: 1) + u] = 1
    }
    var kept = 0.0
    var different = Set<Double>()
    for step in 0..<8 {
      engine.load(parameters)
      engine.drawMasks(seed: 3, subject: 1, step: UInt32(step), rows: rows)
      for i in 0..<rows { engine.labels[i] = 0 }
      // The bias gradient of the last layer would do; the loss of label 1 minus that of label 0 is
      // the logit itself, summed over the rows.
      let adam = AdamStep(learningRate: 0, beta1: 0.9, weightDecay: 0, decay: .coupled, step: 1)
      let zero = engine.step(rows: rows, adam: adam)
      for i in 0..<rows { engine.labels[i] = 1 }
      let one = engine.step(rows: rows, adam: adam)
      different.insert(zero - one)
      kept += (zero - one) * Double(rows) * keep
    }
    let n = Double(h * rows * 8)
    #expect(abs(kept / n - keep) < 4 * (keep * (1 - keep) / n).squareRoot())
    #expect(different.count == 8)
  }

  /// Without hidden layers: the update of a logistic regression and of a linear support vector
  /// machine, written out for this test alone.
  @Test(arguments: losses, availablePaths)
  func withoutHiddenLayersTrainingIsThatOfALinearClassifier(loss: TrainingLoss, path: CPUPath) {
    let (d, rows, rate, decay) = (45, 24, 0.02, 0.05)
    let run = RandomCase(inputs: d, hidden: [], rows: rows, keep: 1, seed: 12)
    // w, then b; gradient moments of each.
    var parameters = run.parameters
    var (m, v) = ([Double](repeating: 0, count: d + 1), [Double](repeating: 0, count: d + 1))
    let engine = TrainingEngine(
      shape: run.shape, batchCapacity: rows, keep: 1, loss: loss, path: path)
    engine.load(run.parameters.map { Float($0) })
    load(run, into: engine)
    var violations = Set<Int>()
    for step in 1...20 {
      var gradient = [Double](repeating: 0, count: d + 1)
      var mean = 0.0
      var violated = 0
      for (x, y) in zip(run.x, run.y) {
        let z = zip(x, parameters).map { $0 * $1 }.reduce(parameters[d], +)
        let slope: Double
        switch loss {
        case .crossEntropy:
          let p = 1 / (1 + exp(-z))
          mean -= log(y == 1 ? p : 1 - p) / Double(rows)
          slope = p - y
        case .hinge:
          let margin = y == 1 ? z : -z
          mean += max(0, 1 - margin) / Double(rows)
          slope = margin >= 1 ? 0 : y == 1 ? -1 : 1
          if margin < 1 { violated += 1 }
        }
        for j in 0..<d { gradient[j] += slope * x[j] / Double(rows) }
        gradient[d] += slope / Double(rows)
      }
      violations.insert(violated)
      for j in 0...d {
        let g = gradient[j] + decay * parameters[j]
        m[j] = 0.9 * m[j] + 0.1 * g
        v[j] = 0.999 * v[j] + 0.001 * g * g
        parameters[j] -=
          rate * (m[j] / (1 - pow(0.9, Double(step))))
          / ((v[j] / (1 - pow(0.999, Double(step)))).squareRoot() + 1e-4)
      }
      let found = engine.step(
        rows: rows,
        adam: AdamStep(
          learningRate: rate, beta1: 0.9, epsilon: 1e-4, weightDecay: decay, decay: .coupled,
          step: step))
      #expect(abs(found - mean) < 1e-5, "step \(step)")
    }
    var found = [Float](repeating: 0, count: d + 1)
    engine.store(into: &found)
    for j in 0...d { #expect(abs(Double(found[j]) - parameters[j]) < 2e-5, "parameter \(j)") }
    if loss == .hinge {
      #expect(violations.count > 3, "rows must come to lie outside the margin to show anything")
    }
  }

  private func load(_ run: RandomCase, into engine: TrainingEngine) {
    let x = run.x.flatMap { $0.map { Float($0) } }
    x.withUnsafeBufferPointer { x in
      let rows = run.x.indices.map { i in x.baseAddress.map { $0 + i * run.shape.inputs } }
      engine.gather(rows, count: rows.count)
    }
    for i in run.x.indices {
      engine.labels[i] = Float(run.y[i])
      for (k, mask) in run.masks[i].enumerated() {
        for u in mask.indices {
          engine.setMask(layer: k, row: i, unit: u, isKept: mask[u] != 0)
        }
      }
    }
  }
}
