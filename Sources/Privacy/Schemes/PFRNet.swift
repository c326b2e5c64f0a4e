// PFRNet, re-implemented (definitions 4.2): an autoencoder with two codes, z_ind for identity and
// z_dep for gender; the template is z_ind. Dimensions and weights of the original are not known.
import Configurations
import Kernels

/// The trained encoder of z_ind.
package struct PFRNet: CosineComparedScheme {
  package let name = "pfrnet"
  package let templateWidth: Int
  private let widths: [Int]
  private let encoder: [Float]
  /// Mean total loss of each epoch.
  package let losses: [Double]

  /// Trains on a labelled cohort.
  ///
  /// Batches are shuffled, the last partial one is kept. The plateau is judged on the epoch's mean
  /// training loss; training ends early when the rate falls below 1e-7, where weights stand still.
  ///
  /// - Parameter check: called before every batch; what it throws ends the training.
  /// - Throws: `PrivacyError.tooFewTraining` with fewer than 2 rows in a group.
  /// - Complexity: about 14 Mflop per row and epoch at d = 512.
  package static func train(
    on cohort: TrainingCohort, configuration: PFRNetConfiguration = PFRNetConfiguration(),
    seed: UInt64, check: () throws -> Void = {}
  ) throws -> PFRNet {
    try cohort.check(scheme: "pfrnet", needed: 2)
    let training = PFRNetTraining(
      dimension: cohort.vectors.columns, configuration: configuration, seed: seed)
    var schedule = PlateauSchedule(
      rate: configuration.learningRate, factor: configuration.plateauFactor,
      patience: configuration.patience)
    var losses: [Double] = []
    for epoch in 0..<configuration.epochs where schedule.rate >= 1e-7 {
      let loss = try training.epoch(
        epoch, cohort: cohort, learningRate: schedule.rate, check: check)
      losses.append(loss)
      schedule.observe(loss)
    }
    let encoder = training.independent
    return PFRNet(
      templateWidth: encoder.outputWidth, widths: encoder.widths,
      encoder: Array(UnsafeBufferPointer(start: encoder.parameters, count: encoder.parameterCount)),
      losses: losses)
  }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix {
    let block = 256
    let stack = DenseStack(widths: widths, capacity: block)
    stack.parameters.update(from: encoder, count: encoder.count)
    let templates = FloatMatrix(rows: vectors.rows, columns: templateWidth)
    let inputs = FloatMatrix(rows: block, columns: vectors.columns)
    for start in stride(from: 0, to: vectors.rows, by: block) {
      let count = min(block, vectors.rows - start)
      for i in 0..<count { _ = inputs[row: i].update(fromContentsOf: vectors[row: start + i]) }
      let codes = stack.forward(inputs.base, rows: count)
      (templates.base + start * templateWidth).update(from: codes, count: count * templateWidth)
    }
    return templates
  }
}

/// Reduces the rate when a loss stops falling (PyTorch's ReduceLROnPlateau, mode min, relative
/// threshold 1e-4).
package struct PlateauSchedule {
  package private(set) var rate: Double
  let factor: Double
  let patience: Int
  private var best = Double.infinity
  private var badEpochs = 0

  package init(rate: Double, factor: Double, patience: Int) {
    self.rate = rate
    self.factor = factor
    self.patience = patience
  }

  package mutating func observe(_ loss: Double) {
    if loss < best * (1 - 1e-4) {
      best = loss
      badEpochs = 0
    } else {
      badEpochs += 1
    }
    if badEpochs > patience {
      rate *= factor
      badEpochs = 0
    }
  }
}

/// The three networks of one training and the buffers of a batch.
package final class PFRNetTraining {
  package let independent: DenseStack
  package let dependent: DenseStack
  package let decoder: DenseStack
  private let configuration: PFRNetConfiguration
  private let seed: UInt64
  private let dimension: Int
  /// Updates so far.
  private var steps = 0
  private let inputs: FloatMatrix
  private let codes: FloatMatrix
  private let codeGradients: FloatMatrix
  private let outputGradients: FloatMatrix
  private let independentGradients: FloatMatrix
  private let dependentGradients: FloatMatrix

  package init(dimension d: Int, configuration: PFRNetConfiguration, seed: UInt64) {
    self.configuration = configuration
    self.seed = seed
    dimension = d
    let dependentWidth = configuration.dependentWidth(dimension: d)
    let independentWidth = max(d - dependentWidth, 1)
    let batch = configuration.batchSize
    independent = DenseStack(widths: [d, d, d, d, independentWidth], capacity: batch)
    dependent = DenseStack(
      widths: [d, max(d / 2, 1), max(d / 4, 1), max(d / 8, 1), dependentWidth], capacity: batch)
    decoder = DenseStack(
      widths: [independentWidth + dependentWidth, d, d, d, d], capacity: batch)
    for (unit, stack) in [independent, dependent, decoder].enumerated() {
      var rng = CounterRNG(seed: seed, purpose: .protectionTraining, subject: UInt32(unit))
      // U(±sqrt(3/fan-in)), zero bias.
      stack.initialise(gain: 3, rng: &rng)
    }
    inputs = FloatMatrix(rows: batch, columns: d)
    codes = FloatMatrix(rows: batch, columns: independentWidth + dependentWidth)
    codeGradients = FloatMatrix(rows: batch, columns: independentWidth + dependentWidth)
    outputGradients = FloatMatrix(rows: batch, columns: d)
    independentGradients = FloatMatrix(rows: batch, columns: independentWidth)
    dependentGradients = FloatMatrix(rows: batch, columns: dependentWidth)
  }

  /// One pass over the cohort; the row-weighted mean of the batches' total losses.
  func epoch(
    _ number: Int, cohort: TrainingCohort, learningRate: Double, check: () throws -> Void
  ) rethrows -> Double {
    let n = cohort.vectors.rows
    var order = Array(0..<n)
    // Steps 0 of the three streams drew initial weights; orders use a fourth subject.
    var rng = CounterRNG(
      seed: seed, purpose: .protectionTraining, subject: 3, step: UInt32(number))
    rng.shuffle(&order)
    var sum = 0.0
    for start in stride(from: 0, to: n, by: configuration.batchSize) {
      try check()
      let rows = order[start..<min(start + configuration.batchSize, n)]
      for (i, row) in rows.enumerated() {
        _ = inputs[row: i].update(fromContentsOf: cohort.vectors[row: row])
      }
      let loss = gradients(isFirst: rows.map { cohort.isFirst[$0] })
      sum += loss.total * Double(rows.count)
      steps += 1
      let adam = AdamStep(
        learningRate: learningRate, beta1: configuration.beta1, beta2: configuration.beta2,
        step: steps)
      for stack in [independent, dependent, decoder] { stack.update(adam) }
    }
    return sum / Double(n)
  }

  /// Loss of the rows given, and its gradients in the three stacks.
  package func gradients(of rows: [[Float]], isFirst: [Bool]) -> PFRNetLoss {
    for (i, row) in rows.enumerated() { _ = inputs[row: i].update(fromContentsOf: row) }
    return gradients(isFirst: isFirst)
  }

  private func gradients(isFirst: [Bool]) -> PFRNetLoss {
    let rows = isFirst.count
    let (wi, wd) = (independent.outputWidth, dependent.outputWidth)
    let zi = independent.forward(inputs.base, rows: rows)
    let zd = dependent.forward(inputs.base, rows: rows)
    for i in 0..<rows {
      (codes.base + i * (wi + wd)).update(from: zi + i * wi, count: wi)
      (codes.base + i * (wi + wd) + wi).update(from: zd + i * wd, count: wd)
    }
    let output = decoder.forward(codes.base, rows: rows)
    let loss = PFRNetLoss(
      x: UnsafePointer(inputs.base), reconstruction: output, dimension: dimension, independent: zi,
      independentWidth: wi, dependent: zd, dependentWidth: wd, isFirst: isFirst,
      weights: configuration.weights,
      gradients: (outputGradients.base, independentGradients.base, dependentGradients.base))
    decoder.backward(
      inputs: codes.base, outputGradients: outputGradients.base, rows: rows,
      inputGradients: codeGradients.base)
    for i in 0..<rows {
      let code = codeGradients.base + i * (wi + wd)
      for c in 0..<wi { independentGradients.base[i * wi + c] += code[c] }
      for c in 0..<wd { dependentGradients.base[i * wd + c] += code[wi + c] }
    }
    independent.backward(
      inputs: inputs.base, outputGradients: independentGradients.base, rows: rows)
    dependent.backward(inputs: inputs.base, outputGradients: dependentGradients.base, rows: rows)
    return loss
  }
}
