import Configurations
import Kernels

/// What one enrolment gave.
package struct EnrolmentOutcome: Sendable {
  /// The subject's biometric reference.
  package let reference: MoteReference
  /// How its training went.
  package let training: TrainingCourse
  /// Wall time of drawing synthetic samples and of training.
  package let samplingSeconds: Double
  package let trainingSeconds: Double
}

extension EnrolmentOutcome {
  /// The network that a guard kept, with what all of them took.
  fileprivate init(keeping kept: Int, of outcomes: [EnrolmentOutcome], _ guarded: GuardOutcome) {
    reference = outcomes[kept].reference
    training = TrainingCourse(
      last: outcomes[kept].training.last, restored: outcomes[kept].training.restored,
      guarded: guarded)
    samplingSeconds = outcomes.reduce(0) { $0 + $1.samplingSeconds }
    trainingSeconds = outcomes.reduce(0) { $0 + $1.trainingSeconds }
  }
}

/// An enrolment was given up on request.
package struct EnrolmentCancelled: Error {
  package init() {}
}

/// Enrols subjects, one after the other, on one thread. All memory is allocated with the worker;
/// the epoch loop allocates nothing. An outcome depends on context, reference, subject key, factor
/// and seed only - not on the worker or on what it did before.
package final class EnrolmentWorker {
  private let context: EnrolmentContext
  private let engine: TrainingEngine
  private let path: CPUPath
  private let trainingRows: FloatMatrix
  private let validationRows: FloatMatrix
  private let memory = AlignedMemory()
  private let words: UnsafeMutablePointer<UInt32>
  private let noise: UnsafeMutablePointer<Float>
  private let best: UnsafeMutablePointer<Float>
  /// Where the rows of a batch lie, and those of the next one. [2, batch size]
  private let sources: UnsafeMutablePointer<UnsafePointer<Float>?>
  /// Nil: without a guard nothing is judged.
  private let judge: ModelJudge?

  package init(context: EnrolmentContext, path: CPUPath = .current) {
    self.context = context
    self.path = path
    let configuration = context.configuration
    engine = TrainingEngine(
      shape: context.shape, batchCapacity: configuration.batchSize,
      keep: 1 - configuration.dropout,
      loss: configuration.loss == .hinge ? .hinge : .crossEntropy, path: path)
    let d = context.shape.inputs
    trainingRows = FloatMatrix(rows: context.trainingSlots, columns: d)
    validationRows = FloatMatrix(rows: context.validationSlots, columns: d)
    let chunk = RandomFill.chunk
    let mostWords = max(
      context.trainingSlots, context.validationSlots, context.shape.parameterCount)
    words = memory.zeros(UInt32.self, mostWords + chunk)
    noise = memory.zeros(Float.self, d + chunk)
    best = memory.zeros(Float.self, context.shape.parameterCount)
    sources = memory.zeros(UnsafePointer<Float>?.self, 2 * configuration.batchSize)
    judge = configuration.enrolmentGuard.map {
      ModelJudge(
        $0, pairs: $0.proxies == .heldOut ? context.proxyPairs : nil,
        developmentRows: context.development.rows, dimension: d)
    }
  }

  /// Trains the network of one subject; under a guard several, of which one is kept (definitions
  /// 6.8).
  ///
  /// - Parameters:
  ///   - reference: the reference sample, d floats.
  ///   - subjectKey: number that keys the subject's random draws.
  ///   - balancingFactor: share of synthetic mated rows from the male density.
  ///   - seed: the experiment's seed.
  ///   - observer: sees every epoch; it has turned to the person before.
  ///   - isCancelled: asked before every epoch; true gives the enrolment up.
  /// - Throws: `EnrolmentError` (see `EnrolmentContext.check`), `EnrolmentCancelled`.
  package func enrol(
    reference: UnsafePointer<Float>, subjectKey: UInt32, balancingFactor: Double, seed: UInt64,
    observer: TrainingObserver? = nil, isCancelled: () -> Bool = { false }
  ) throws -> EnrolmentOutcome {
    try context.check(balancingFactor: balancingFactor)
    func attempt(_ seed: UInt64) throws -> EnrolmentOutcome {
      observer?.beginAttempt()
      return try trained(
        reference: reference, subjectKey: subjectKey, balancingFactor: balancingFactor, seed: seed,
        observer: observer, isCancelled: isCancelled)
    }
    guard let rule = context.configuration.enrolmentGuard, let judge else {
      return try attempt(seed)
    }
    judge.begin(reference)
    var outcomes: [EnrolmentOutcome] = []
    var judgements: [ModelJudgement] = []
    while rule.wantsAnother(after: judgements) {
      let outcome = try attempt(
        Self.seed(ofAttempt: outcomes.count, subjectKey: subjectKey, seed: seed))
      outcomes.append(outcome)
      judgements.append(
        judge.judge(outcome.reference, engine: engine, development: context.development))
    }
    let kept = rule.kept(of: judgements)
    return EnrolmentOutcome(
      keeping: kept, of: outcomes,
      GuardOutcome(attempts: outcomes.count, kept: kept + 1, judgement: judgements[kept]))
  }

  /// The first network is that of the experiment's seed; further ones have seeds of their own, keyed
  /// by subject.
  private static func seed(ofAttempt attempt: Int, subjectKey: UInt32, seed: UInt64) -> UInt64 {
    if attempt == 0 { return seed }
    var rng = CounterRNG(
      seed: seed, purpose: .enrolmentAttempt, subject: subjectKey,
      step: UInt32(truncatingIfNeeded: attempt))
    return rng.next()
  }

  /// One network.
  private func trained(
    reference: UnsafePointer<Float>, subjectKey: UInt32, balancingFactor: Double, seed: UInt64,
    observer: TrainingObserver?, isCancelled: () -> Bool
  ) throws -> EnrolmentOutcome {
    let clock = ContinuousClock()
    let start = clock.now

    let split = MatedSplit(slots: context.trainingSlots, balancingFactor: balancingFactor)
    sample(
      .training(context.trainingDensities), split, into: trainingRows, reference: reference,
      subjectKey: subjectKey, seed: seed)
    let validationSplit = MatedSplit(
      slots: context.validationSlots, balancingFactor: balancingFactor)
    sample(
      .validation(context.validationDensities), validationSplit, into: validationRows,
      reference: reference, subjectKey: subjectKey, seed: seed)
    let sampled = clock.now

    let course = try train(
      split: split, validationRows: validationSplit.count, subjectKey: subjectKey, seed: seed,
      observer: observer, isCancelled: isCancelled)
    let weights = [Float](
      unsafeUninitializedCapacity: context.shape.parameterCount
    ) { buffer, count in
      count = buffer.count
      buffer.baseAddress?.initialize(from: best, count: count)
    }
    return EnrolmentOutcome(
      reference: MoteReference(shape: context.shape, weights: weights), training: course,
      samplingSeconds: (sampled - start) / .seconds(1),
      trainingSeconds: (clock.now - sampled) / .seconds(1))
  }

  private func sample(
    _ source: SyntheticMated, _ split: MatedSplit, into rows: FloatMatrix,
    reference: UnsafePointer<Float>, subjectKey: UInt32, seed: UInt64
  ) {
    source.fill(
      rows.base, stride: rows.stride, split: split, reference: reference,
      dimension: context.shape.inputs, seed: seed, subject: subjectKey, words: words, noise: noise,
      path: path)
  }

  /// Epochs, early stopping, restored weights (left in `best`). What an observer sees beyond early
  /// stopping is no part of the outcome.
  private func train(
    split: MatedSplit, validationRows: Int, subjectKey: UInt32, seed: UInt64,
    observer: TrainingObserver?, isCancelled: () -> Bool
  ) throws(EnrolmentCancelled) -> TrainingCourse {
    let configuration = context.configuration
    let plan = BatchPlan(
      cohortRows: context.cohort.rows, split: split, batching: configuration.batching,
      batchSize: configuration.batchSize)
    var order = [Int32](repeating: 0, count: plan.samples)
    var scratch = plan.makeScratch()
    let schedule = OneCycle(
      totalSteps: configuration.epochs * plan.batchCount,
      maximumLearningRate: configuration.maximumLearningRate)
    drawInitialWeights(subjectKey: subjectKey, seed: seed)
    engine.load(best)

    var stopping = EarlyStopping(patience: configuration.patience ?? .max)
    var updates = 0
    // The epoch run last, and the one whose weights are kept.
    var last = TrainedEpoch()
    var restored = last
    // The epoch that ended the training; nil: none has yet.
    var ending: TrainedEpoch?
    func end() {
      ending = last
      // Without early stopping, or when no loss was a number, the last weights stand.
      if stopping.bestEpoch == nil {
        engine.store(into: best)
        restored = last
      }
    }
    while last.number < configuration.epochs
      && (ending == nil || observer?.goesBeyondPatience == true)
    {
      if isCancelled() { throw EnrolmentCancelled() }
      plan.fill(
        &order, epoch: last.number, seed: seed, subject: subjectKey, scratch: &scratch, path: path)
      var (epochLoss, rate) = (0.0, 0.0)
      locate(order[0..<plan.offsets[1]], ofBatch: 0)
      for batch in 0..<plan.batchCount {
        let rows = plan.offsets[batch]..<plan.offsets[batch + 1]
        engine.gather(sources(ofBatch: batch), count: rows.count)
        label(order[rows])
        let next = batch + 1 < plan.batchCount ? rows.upperBound..<plan.offsets[batch + 2] : 0..<0
        locate(order[next], ofBatch: batch + 1)
        engine.expect(sources(ofBatch: batch + 1), count: next.count)
        engine.drawMasks(
          seed: seed, subject: subjectKey, step: UInt32(truncatingIfNeeded: updates),
          rows: rows.count)
        let (learningRate, beta1) = schedule.values(
          afterSteps: configuration.scheduleStep == .batch ? updates : last.number)
        rate = learningRate
        updates += 1
        let loss = engine.step(
          rows: rows.count,
          adam: configuration.adamStep(learningRate: learningRate, beta1: beta1, step: updates))
        epochLoss += loss * Double(rows.count)
      }
      last = TrainedEpoch(
        number: last.number + 1, learningRate: rate,
        trainingLoss: epochLoss / Double(plan.samples))
      if configuration.patience != nil {
        let loss = validationLoss(rows: validationRows)
        last.validationLoss = loss
        if ending == nil, stopping.record(loss) {
          engine.store(into: best)
          restored = last
        }
      }
      if ending == nil, stopping.shouldStop { end() }
      observer?.observe(last, engine: engine)
    }
    if ending == nil { end() }
    return TrainingCourse(last: ending!, restored: restored)
  }

  /// Batches take turns.
  private func sources(ofBatch batch: Int) -> UnsafeMutablePointer<UnsafePointer<Float>?> {
    sources + batch % 2 * context.configuration.batchSize
  }

  /// Finds the rows of a batch: cohort rows, then synthetic mated ones.
  private func locate(_ entries: ArraySlice<Int32>, ofBatch batch: Int) {
    let cohort = context.cohort
    let sources = sources(ofBatch: batch)
    for (i, entry) in entries.enumerated() {
      let entry = Int(entry)
      sources[i] = UnsafePointer(
        entry < cohort.rows
          ? cohort.base + entry * cohort.stride
          : trainingRows.base + (entry - cohort.rows) * trainingRows.stride)
    }
  }

  /// Labels of a batch: cohort rows 0, synthetic mated ones 1.
  private func label(_ entries: ArraySlice<Int32>) {
    for (i, entry) in entries.enumerated() {
      engine.labels[i] = Int(entry) < context.cohort.rows ? 0 : 1
    }
  }

  /// Sample-weighted mean over development rows (label 0) and synthetic mated rows (label 1).
  private func validationLoss(rows: Int) -> Double {
    let development = context.development
    let nonMated = engine.lossSum(
      of: development.base, stride: development.stride, count: development.rows, label: 0)
    let mated = engine.lossSum(
      of: validationRows.base, stride: validationRows.stride, count: rows, label: 1)
    return (nonMated + mated) / Double(development.rows + rows)
  }

  /// PyTorch's default for linear layers: weight and bias ~ U(-1/sqrt(fan_in), 1/sqrt(fan_in)).
  /// Streams (seed, initial weights, subject, layer); 24 bits per value.
  private func drawInitialWeights(subjectKey: UInt32, seed: UInt64) {
    let shape = context.shape
    for k in 0..<shape.layerCount {
      let count = shape.parameterOffset(ofLayer: k + 1) - shape.parameterOffset(ofLayer: k)
      let draws = RandomFill(
        CounterRNG(
          seed: seed, purpose: .initialWeights, subject: subjectKey, step: UInt32(k)), path: path)
      draws.words(chunks: 0..<((count + RandomFill.chunk - 1) / RandomFill.chunk), into: words)
      let bound = 1 / Float(shape.dims[k]).squareRoot()
      let layer = best + shape.parameterOffset(ofLayer: k)
      for i in 0..<count {
        layer[i] = (Float(words[i] &>> 8) * 0x1p-23 - 1) * bound
      }
    }
  }
}

extension TrainingConfiguration {
  /// The optimiser's update number `step` (from 1).
  package func adamStep(learningRate: Double, beta1: Double, step: Int) -> AdamStep {
    AdamStep(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, decay: optimiser == .adam ? .coupled : .decoupled, step: step)
  }
}
