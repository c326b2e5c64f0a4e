import Biometrics
import Configurations
import Datasets
import Kernels
import MOTE
import Testing

@Suite struct TrainingObserverTests {
  /// 24-d: 60 people train, 30 develop; images of the last are shown.
  private let set = randomSet(sizes: [Int](repeating: 3, count: 100), dimension: 24)
  private let reference = randomSet(sizes: [1], dimension: 24, seed: 77).vectors.values(ofRow: 0)

  private func context(_ change: (inout TrainingConfiguration) -> Void) throws -> EnrolmentContext {
    func rows(_ range: Range<Int32>) -> EmbeddingRows {
      EmbeddingRows(set: set, rows: Array(range))
    }
    var configuration = TrainingConfiguration.Preset.paper.configuration
    configuration.epochs = 12
    configuration.batchSize = 32
    configuration.hiddenWidths = [16, 8]
    change(&configuration)
    var kde = KDEConfiguration()
    kde.bandwidths = ["male": 0.05, "female": 0.05]
    return try EnrolmentContext(
      partition: SubjectPartition(
        fold: 0, cohort: rows(0..<180), development: rows(180..<270), evaluation: rows(270..<300)),
      configuration: configuration, kde: kde, workers: 1)
  }

  private func observer(
    _ context: EnrolmentContext, goesBeyondPatience: Bool = false
  ) -> TrainingObserver {
    let held = EmbeddingRows(set: set, rows: Array(270..<300))
    return TrainingObserver(
      context: context, pairs: GuardProxies(cohort: held, heldOutShare: 1).pairs, target: 0.05,
      kept: 90, goesBeyondPatience: goesBeyondPatience)
  }

  private func enrol(
    _ context: EnrolmentContext, _ observer: TrainingObserver? = nil
  ) throws -> EnrolmentOutcome {
    observer?.begin(reference, furtherImages: set.vectors.selecting(rows: [270, 271]))
    return try EnrolmentWorker(context: context).enrol(
      reference: reference, subjectKey: 1, balancingFactor: 0.5, seed: 4, observer: observer)
  }

  /// Trainings that differ in what evaluation could disturb: masks, the panels of the first layer,
  /// the restored weights, further attempts.
  private static let changes: [@Sendable (inout TrainingConfiguration) -> Void] = [
    { _ in }, { $0.patience = 1 }, { $0.patience = nil }, { $0.dropout = 0 },
    {
      $0.dropout = 0
      $0.patience = nil
    },
    { $0.hiddenWidths = [] }, { $0.batching = .shuffled },
    {
      var rule = EnrolmentGuard()
      rule.target = 0.05
      $0.enrolmentGuard = rule
    },
  ]

  @Test(arguments: changes.indices, [false, true])
  func observationLeavesTheNetworkAsItIs(change: Int, goesBeyondPatience: Bool) throws {
    let context = try context(Self.changes[change])
    let plain = try enrol(context)
    let observer = observer(context, goesBeyondPatience: goesBeyondPatience)
    let observed = try enrol(context, observer)
    #expect(observed.reference == plain.reference)
    #expect(observed.training == plain.training)
    let epochs = observer.epochs(of: observed)
    #expect(
      epochs.count == (goesBeyondPatience ? 12 : plain.training.last.number))
    #expect(epochs.map(\.epoch.number) == Array(1...epochs.count))
    #expect(epochs[plain.training.last.number - 1].epoch == plain.training.last)
    #expect(epochs[plain.training.restored.number - 1].epoch == plain.training.restored)
  }

  /// An early stop that ends before the limit, so that there is something beyond it.
  @Test func beyondPatienceIsShownAndNotKept() throws {
    let context = try context {
      $0.epochs = 40
      $0.patience = 1
    }
    let observer = observer(context, goesBeyondPatience: true)
    let outcome = try enrol(context, observer)
    #expect(outcome.training.last.number < 40)
    let epochs = observer.epochs(of: outcome)
    #expect(epochs.count == 40)
    // Losses go on to change: these are further epochs of the same training.
    #expect(Set(epochs.map(\.epoch.trainingLoss)).count == 40)
    let later = try self.context {
      $0.epochs = 40
      $0.patience = nil
    }
    let whole = try enrol(later)
    #expect(epochs[39].epoch.trainingLoss == whole.training.last.trainingLoss)
  }

  /// Scores of the restored epoch are those of the reference, made anew in float64.
  @Test func scoresAreThoseOfTheNetworkAfterTheEpoch() throws {
    let context = try context { _ in }
    let observer = observer(context)
    let outcome = try enrol(context, observer)
    let scores = observer.epochs(of: outcome)[outcome.training.restored.number - 1].scores
    let network = outcome.reference.network
    func logits(_ rows: FloatMatrix) -> [Double] {
      (0..<rows.rows).map { network.logits(rows.values(ofRow: $0).map(Double.init))[0] }.sorted()
    }
    func expectEqual(_ found: [Float], _ expected: [Double]) {
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
    expectEqual(scores.proxies, logits(observer.proxies))
    expectEqual(scores.furtherImages, logits(set.vectors.selecting(rows: [270, 271])))
    let development = logits(context.development)
    expectEqual(scores.development, development.reversed())
    // Type-7 quantile at 0.95 of 90 scores: position 84.55.
    let threshold = development[84] + 0.55 * (development[85] - development[84])
    #expect(abs(scores.threshold - threshold) < 1e-4)
  }
}
