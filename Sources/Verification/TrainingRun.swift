import Foundation
import Kernels
import MOTE

/// A complete training run with given data: what `train_*` fixtures describe.
struct TrainingCase {
  var shape: NetworkShape
  /// Flat initial parameters.
  var initial: [Double] = []
  var batches: [(x: [[Double]], y: [Double])] = []
  var validation: (x: [[Double]], y: [Double]) = ([], [])
  /// [step][hidden layer][row][unit], or nil without dropout.
  var masks: [[[[Double]]]]?
  var keep: Double
  var loss: TrainingLoss
  var epochs: Int
  var decay: AdamStep.WeightDecay
  var weightDecay: Double
  var beta2: Double
  var epsilon: Double
  var schedule: Schedule
  var expected: JSONValue
  /// Expected final parameters, flat, and how exactly they are stored.
  var finalParameters: [Double]?
  var finalTolerance = 1e-8

  enum Schedule {
    case oneCycle(OneCycle, stepsPerBatch: Bool)
    case constant(learningRate: Double, beta1: Double)
  }

  /// What both kinds share.
  private init(common fixture: JSONValue, shape: NetworkShape) throws {
    self.shape = shape
    keep = try fixture.optional("dropout_keep")?.double ?? 1
    loss = try TrainingCase.loss(fixture.optional("loss")?.string ?? "bce")
    epochs = try fixture["epochs"].int
    decay = try weightDecayKind(fixture["optimizer"].string)
    weightDecay = try fixture["weight_decay"].double
    beta2 = try fixture.optional("beta2")?.double ?? 0.999
    epsilon = try fixture.optional("eps")?.double ?? 1e-8
    schedule = try TrainingCase.schedule(fixture)
    expected = try fixture["expected"]
  }

  /// OneCycleLR with its parameters, or a constant learning rate (`lr`, also as `max_lr`).
  private static func schedule(_ fixture: JSONValue) throws -> Schedule {
    let text = fixture.optional("schedule")
    let kind = try text?.optional("kind")?.string ?? "constant"
    if let text, kind.lowercased().contains("onecycle") {
      let cycle = OneCycle(
        totalSteps: try text["total_steps"].int, maximumLearningRate: try text["max_lr"].double,
        warmUpShare: try text.optional("pct_start")?.double ?? 0.3,
        divisor: try text.optional("div_factor")?.double ?? 25,
        finalDivisor: try text.optional("final_div_factor")?.double ?? 1e4)
      let step = try text["step"].string
      guard ["batch", "epoch"].contains(step) else {
        throw FixtureError.wrongType(expected: "'batch' or 'epoch'", found: "step '\(step)'")
      }
      return .oneCycle(cycle, stepsPerBatch: step == "batch")
    }
    for source in [text, fixture] {
      guard let source else { continue }
      for key in ["lr", "max_lr", "learning_rate"] {
        guard let rate = source.optional(key) else { continue }
        return .constant(
          learningRate: try rate.double, beta1: try source.optional("beta1")?.double ?? 0.9)
      }
    }
    throw FixtureError.missingKey("lr")
  }

  /// All data in the file.
  init(tiny fixture: JSONValue) throws {
    let shape = try TrainingCase.shape(fixture["dims"].ints)
    try self.init(common: fixture, shape: shape)
    initial = try TrainingCase.flat(
      weights: fixture["initial_weights"], biases: fixture["initial_biases"], shape: shape)
    batches = try fixture["batches"].array.map { (try $0["x"].matrix, try $0["y"].doubles) }
    validation = (
      try fixture["validation"]["x"].matrix, try fixture["validation"]["y"].doubles
    )
    masks = try fixture.optional("masks")?.array.map { try $0.array.map { try $0.matrix } }
    if let weights = expected.optional("final_weights"),
      let biases = expected.optional("final_biases")
    {
      finalParameters = try TrainingCase.flat(weights: weights, biases: biases, shape: shape)
    }
    try validate()
  }

  /// Data from the SplitMix64 recipe, final weights as float32 in an HDF5 file.
  init(full fixture: JSONValue, weights file: URL) throws {
    let shape = try TrainingCase.shape(fixture["dims"].ints)
    try self.init(common: fixture, shape: shape)
    let recipe = try TrainingRecipe(
      initial: fixture["init"].string, batches: fixture["batches"].string,
      validation: fixture["validation"].string)
    initial = recipe.initialParameters(shape)
    batches = recipe.batches(dimension: shape.inputs)
    validation = recipe.validation(dimension: shape.inputs)
    finalParameters = try TrainingWeights.read(file, shape: shape)
    finalTolerance = 1e-7  // float32 in the file
    try validate()
  }

  private static func shape(_ dims: [Int]) throws -> NetworkShape {
    guard dims.count >= 2, dims.last == 1, dims.allSatisfy({ $0 > 0 }) else {
      throw FixtureError.wrongType(expected: "dims from input to 1", found: "\(dims)")
    }
    return NetworkShape(inputs: dims[0], hiddenWidths: Array(dims[1..<(dims.count - 1)]))
  }

  private static func loss(_ name: String) throws -> TrainingLoss {
    switch name {
    case "bce": return .crossEntropy
    case "hinge": return .hinge
    default: throw FixtureError.wrongType(expected: "'bce' or 'hinge'", found: "'\(name)'")
    }
  }

  static func flat(
    weights: JSONValue, biases: JSONValue, shape: NetworkShape
  ) throws -> [Double] {
    let found = try zip(weights.array, biases.array).flatMap { try $0.numbers + $1.numbers }
    guard found.count == shape.parameterCount else {
      throw FixtureError.wrongType(
        expected: "\(shape.parameterCount) parameters", found: "\(found.count)")
    }
    return found
  }

  /// Sizes that the engines take for granted.
  private func validate() throws {
    for (x, y) in batches + [validation] {
      guard !x.isEmpty, x.count == y.count, x.allSatisfy({ $0.count == shape.inputs }) else {
        throw FixtureError.wrongType(
          expected: "rows of \(shape.inputs) with a label each", found: "\(x.count), \(y.count)")
      }
    }
    guard !batches.isEmpty, epochs > 0, keep > 0, keep <= 1 else {
      throw FixtureError.wrongType(expected: "batches, epochs, keep in (0, 1]", found: "none")
    }
    guard let masks else { return }
    guard masks.count == epochs * batches.count else {
      throw FixtureError.wrongType(
        expected: "\(epochs * batches.count) masks", found: "\(masks.count)")
    }
    for (step, mask) in masks.enumerated() {
      let rows = batches[step % batches.count].x.count
      let fits =
        mask.count == shape.layerCount - 1
        && zip(mask, shape.hiddenWidths).allSatisfy { layer, width in
          layer.count == rows && layer.allSatisfy { $0.count == width }
        }
      if !fits {
        throw FixtureError.wrongType(
          expected: "masks of \(rows) rows for \(Array(shape.hiddenWidths))", found: "step \(step)")
      }
    }
  }

  /// An update, by the updates and epochs done before it.
  func adam(updates: Int, epochs: Int) -> AdamStep {
    let (learningRate, beta1) =
      switch schedule {
      case .oneCycle(let cycle, let stepsPerBatch):
        cycle.values(afterSteps: stepsPerBatch ? updates : epochs)
      case .constant(let learningRate, let beta1): (learningRate, beta1)
      }
    return AdamStep(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, decay: decay, step: updates + 1)
  }
}

/// What a run gives.
struct TrainingTrace {
  var stepLosses: [Double] = []
  var epochLosses: [Double] = []
  var validationLosses: [Double] = []
  var rates: [[Double]] = []
  var parameters: [Double] = []
}

extension TrainingCase {
  /// Runs the loop of definitions 6.3 in the given order with any engine.
  private func run(
    step: (_ batch: Int, _ mask: [[[Double]]]?, _ adam: AdamStep) -> Double,
    validate: () -> Double
  ) -> TrainingTrace {
    var trace = TrainingTrace()
    for epoch in 0..<epochs {
      var sum = 0.0
      var rows = 0
      for batch in batches.indices {
        let updates = trace.stepLosses.count
        let adam = adam(updates: updates, epochs: epoch)
        trace.rates.append([adam.learningRate, adam.beta1])
        let loss = step(batch, masks?[updates], adam)
        trace.stepLosses.append(loss)
        sum += loss * Double(batches[batch].x.count)
        rows += batches[batch].x.count
      }
      trace.epochLosses.append(sum / Double(rows))
      trace.validationLosses.append(validate())
    }
    return trace
  }

  /// The float64 reference.
  func runReference() -> TrainingTrace {
    var training = ReferenceTraining(
      network: ReferenceNetwork(shape: shape, parameters: initial), loss: loss)
    var trace = run { batch, mask, adam in
      let (x, y) = batches[batch]
      // The reference takes masks by row: [row][layer][unit].
      let byRow = mask.map { mask in x.indices.map { row in mask.map { $0[row] } } }
      return training.step(x: x, y: y, masks: byRow, keep: keep, adam: adam)
    } validate: {
      training.evaluationLoss(x: validation.x, y: validation.y)
    }
    trace.parameters = training.network.parameters
    return trace
  }

  /// The engine that enrols, on one CPU path.
  func runEngine(path: CPUPath) -> TrainingTrace {
    let capacity = batches.map(\.x.count).max() ?? 1
    let engine = TrainingEngine(
      shape: shape, batchCapacity: capacity, keep: masks == nil ? 1 : keep, loss: loss,
      path: path)
    engine.load(initial.map { Float($0) })
    let validationRows = FloatMatrix(rows: validation.x.count, columns: shape.inputs)
    for (i, row) in validation.x.enumerated() {
      for j in row.indices { validationRows[row: i][j] = Float(row[j]) }
    }
    var trace = run { batch, mask, adam in
      let (x, y) = batches[batch]
      for i in x.indices {
        for j in 0..<shape.inputs { engine.row(i)[j] = Float(x[i][j]) }
        engine.labels[i] = Float(y[i])
      }
      if let mask {
        for (k, layer) in mask.enumerated() {
          for (i, row) in layer.enumerated() {
            for (u, value) in row.enumerated() {
              engine.setMask(layer: k, row: i, unit: u, isKept: value != 0)
            }
          }
        }
      }
      return engine.step(rows: x.count, adam: adam)
    } validate: {
      var sum = 0.0
      for i in 0..<validationRows.rows {
        sum += engine.lossSum(
          of: validationRows.base + i * shape.inputs, stride: shape.inputs, count: 1,
          label: validation.y[i])
      }
      return sum / Double(validationRows.rows)
    }
    var parameters = [Float](repeating: 0, count: shape.parameterCount)
    engine.store(into: &parameters)
    trace.parameters = parameters.map(Double.init)
    return trace
  }
}
