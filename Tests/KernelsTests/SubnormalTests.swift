import Kernels
import Testing

/// Subnormal numbers count as zero in the engine, and in nothing that runs after it.
@Suite struct SubnormalTests {
  /// Hidden units of 16 x 1e-39, which is subnormal, times 1e38: 25.6 where it was kept.
  @Test(arguments: availablePaths)
  func productsBelowTheNormalRangeAreZero(path: CPUPath) {
    let shape = NetworkShape(inputs: 16, hiddenWidths: [16])
    let engine = TrainingEngine(shape: shape, batchCapacity: 1, keep: 1, path: path)
    var parameters = [Float](repeating: 0, count: shape.parameterCount)
    for i in 0..<256 { parameters[i] = 1e-30 }
    for i in 0..<16 { parameters[shape.parameterOffset(ofLayer: 1) + i] = 1e38 }
    engine.load(parameters)
    let x = [Float](repeating: 1e-9, count: engine.batchStride)
    var logit: Float = .nan
    engine.logits(of: x, stride: engine.batchStride, count: 1, into: &logit)
    #expect(logit == 0)
    #expect(half(.leastNormalMagnitude) > 0)

    for i in 0..<16 { engine.row(0)[i] = 1e-9 }
    engine.labels[0] = 0
    // The loss of a logit of 0.
    let loss = engine.step(rows: 1, adam: AdamStep(learningRate: 1e-3, beta1: 0.9, step: 1))
    #expect(abs(loss - 0.693147) < 1e-6)
    #expect(half(.leastNormalMagnitude) > 0)
  }

  @inline(never)
  private func half(_ value: Float) -> Float { value / 2 }
}
