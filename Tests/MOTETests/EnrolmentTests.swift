import Configurations
import Datasets
import Dispatch
import Kernels
import MOTE
import Testing

@Suite struct EnrolmentTests {
  /// Small but complete: 24-d, 60 subjects in the cohort, 30 in development.
  private func context(
    _ preset: TrainingConfiguration.Preset,
    change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> EnrolmentContext {
    let set = randomSet(sizes: [Int](repeating: 3, count: 100), dimension: 24)
    func rows(_ range: Range<Int32>) -> EmbeddingRows {
      EmbeddingRows(set: set, rows: Array(range))
    }
    var configuration = preset.configuration
    configuration.epochs = 12
    configuration.batchSize = 32
    configuration.hiddenWidths = configuration.hiddenWidths.map { $0 / 4 }
    change(&configuration)
    return try EnrolmentContext(
      partition: SubjectPartition(
        fold: 0, cohort: rows(0..<180), development: rows(180..<270), evaluation: rows(270..<300)),
      configuration: configuration, kde: preset.kde, workers: 1)
  }

  private let reference = randomSet(sizes: [1], dimension: 24, seed: 77).vectors.values(ofRow: 0)

  private func enrol(
    _ context: EnrolmentContext, path: CPUPath = .current, subject: UInt32 = 1,
    factor: Double = 0.5
  ) throws -> EnrolmentOutcome {
    try EnrolmentWorker(context: context, path: path).enrol(
      reference: reference, subjectKey: subject, balancingFactor: factor, seed: 4)
  }

  @Test(arguments: TrainingConfiguration.Preset.allCases)
  func trainedNetworkSeparatesReferenceAndCohort(preset: TrainingConfiguration.Preset) throws {
    let context = try context(preset) {
      $0.hiddenWidths = preset.configuration.hiddenWidths
      $0.scheduleStep = .batch
      $0.epochs = 40
      $0.patience = 40
    }
    let outcome = try enrol(context)
    let network = outcome.reference.network
    let own = network.logits(reference.map(Double.init))[0]
    let others = (0..<context.cohort.rows).map {
      network.logits(context.cohort.values(ofRow: $0).map(Double.init))[0]
    }
    #expect(others.filter { $0 < own }.count == others.count)
  }

  @Test(arguments: [CPUPath](CPUPath.allCases.filter(\.isAvailable)))
  func outcomeDoesNotDependOnWorkerOrHistory(path: CPUPath) throws {
    let context = try context(.paper)
    let fresh = try (0..<4).map { try enrol(context, path: path, subject: UInt32($0)) }
    // One worker for all, in another order and on other threads.
    nonisolated(unsafe) var found = [EnrolmentOutcome?](repeating: nil, count: 4)
    let reference = reference
    nonisolated(unsafe) let workers = (0..<2).map { _ in
      EnrolmentWorker(context: context, path: path)
    }
    found.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: 2) { w in
        for s in [w + 2, w] {
          buffer[s] = try? workers[w].enrol(
            reference: reference, subjectKey: UInt32(s), balancingFactor: 0.5, seed: 4)
        }
      }
    }
    for s in 0..<4 {
      #expect(found[s]?.reference == fresh[s].reference)
      #expect(found[s]?.training == fresh[s].training)
    }
    #expect(fresh[0].reference != fresh[1].reference)
  }

  /// The linear end: no hidden layers, either loss, through the whole enrolment.
  @Test(arguments: TrainingConfiguration.Loss.allCases, [[], [8]])
  func everyLossSeparatesReferenceAndCohort(
    loss: TrainingConfiguration.Loss, hidden: [Int]
  ) throws {
    let context = try context(.paper) {
      $0.hiddenWidths = hidden
      $0.loss = loss
      $0.epochs = 60
      $0.patience = nil
    }
    let outcome = try enrol(context)
    #expect(outcome.reference.dims == [24] + hidden + [1])
    var scores = [Float](repeating: 0, count: context.cohort.rows)
    MoteComparator().score(
      [outcome.reference], probes: context.cohort, into: &scores, stride: scores.count)
    let own = outcome.reference.network.logits(reference.map(Double.init))[0]
    #expect(scores.filter { Double($0) < own }.count == scores.count)
    #expect(try enrol(context).reference == outcome.reference)
  }

  @Test func hingeAndCrossEntropyTrainDifferentNetworks() throws {
    let hinge = try enrol(context(.paper) { $0.loss = .hinge })
    #expect(try enrol(context(.paper)).reference != hinge.reference)
  }

  /// The validation loss of the returned weights, which the reference network computes, is the best
  /// one, although training went on for `patience` worse epochs.
  @Test func restoredWeightsAreThoseOfTheBestEpoch() throws {
    let context = try context(.paper) {
      $0.epochs = 60
      $0.patience = 3
      $0.maximumLearningRate = 0.05
    }
    let stopped = try enrol(context)
    let (last, restored) = (stopped.training.last, stopped.training.restored)
    #expect(last.number < 60, "the case must stop early to show anything")
    // Epochs are counted from 1: three without improvement follow the restored one.
    #expect(last.number == restored.number + 3 && restored.number >= 1)
    let loss = try #require(restored.validationLoss)
    #expect(abs(validationLoss(stopped, context) - loss) < 2e-6)
    #expect(try #require(last.validationLoss) > loss)
    #expect(restored.learningRate > 0 && restored.learningRate != last.learningRate)
    #expect(restored.trainingLoss > 0 && restored.trainingLoss != last.trainingLoss)
  }

  @Test func withoutPatienceAllEpochsRunAndTheLastWeightsStand() throws {
    let outcome = try enrol(context(.officialCode) { $0.patience = nil })
    #expect(outcome.training.last.number == 12)
    #expect(outcome.training.restored == outcome.training.last)
    #expect(outcome.training.last.validationLoss == nil)
  }

  @Test func bestValidationLossIsThatOfTheRestoredWeights() throws {
    let context = try context(.officialCode)
    let outcome = try enrol(context)
    #expect(
      abs(validationLoss(outcome, context) - (outcome.training.restored.validationLoss ?? 0)) < 2e-6
    )
  }

  /// Mean loss of an outcome's weights on the validation rows, by the reference network in float64;
  /// the synthetic rows are drawn again from the enrolment's stream.
  private func validationLoss(_ outcome: EnrolmentOutcome, _ context: EnrolmentContext) -> Double {
    let network = outcome.reference.network
    let split = MatedSplit(slots: context.validationSlots, balancingFactor: 0.5)
    let rows = FloatMatrix(rows: split.count, columns: 24)
    #expect(rows.rows == 44)  // floor(90 / 2) = 45, and truncation loses one
    var words = [UInt32](repeating: 0, count: split.slots + 64)
    var noise = [Float](repeating: 0, count: 128)
    SyntheticMated.validation(context.validationDensities).fill(
      rows.base, stride: 24, split: split, reference: reference, dimension: 24, seed: 4,
      subject: 1, words: &words, noise: &noise, path: .current)
    var sum = 0.0
    for (matrix, label) in [(context.development, 0.0), (rows, 1.0)] {
      for i in 0..<matrix.rows {
        sum += BinaryCrossEntropy.loss(
          logit: network.logits(matrix.values(ofRow: i).map(Double.init))[0], label: label)
      }
    }
    return sum / Double(context.development.rows + rows.rows)
  }

  @Test func developmentResidualsAreUsedWhereAskedFor() throws {
    let official = try context(.officialCode)
    let paper = try context(.paper)
    #expect(official.validationDensities.male?.residuals.rows == 45)
    #expect(paper.validationDensities.male?.residuals.rows == 90)
  }

  @Test func impossibleConfigurationsNameEveryProblem() {
    #expect {
      try context(.paper) {
        $0.dropout = 1
        $0.batchSize = 1
        $0.hiddenWidths = [0]
      }
    } throws: { error in
      "\(error)" == "training configuration: hidden width 0, expected 1 to 32768; "
        + "dropout 1.0, expected 0 <= dropout < 1; batch size 1, expected 2 to 32768"
    }
  }

  @Test func factorOutsideOfItsRangeIsAnError() throws {
    let context = try context(.paper)
    #expect(throws: EnrolmentError.impossibleFactor(1.2)) { try enrol(context, factor: 1.2) }
  }

  @Test func missingDensityIsAnErrorOnlyWhereItIsNeeded() throws {
    let densities = randomDensities()
    let cohort = randomSet(sizes: [20], dimension: 24).vectors
    var configuration = TrainingConfiguration.Preset.paper.configuration
    configuration.patience = nil
    configuration.epochs = 1
    let context = try EnrolmentContext(
      configuration: configuration, cohort: cohort, development: FloatMatrix(rows: 0, columns: 24),
      trainingDensities: GenderKDEs(male: densities.male, female: nil),
      validationDensities: GenderKDEs(male: nil, female: nil))
    #expect(try enrol(context, factor: 1).training.last.number == 1)
    #expect(
      throws: EnrolmentError.noDensity(gender: .female, use: "training", factor: 0.5)
    ) { try enrol(context, factor: 0.5) }
  }
}
