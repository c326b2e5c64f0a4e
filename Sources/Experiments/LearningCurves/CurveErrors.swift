import Biometrics
import Configurations
import MOTE
import Records
import Specs

/// A training with all scores that it was observed by.
struct ScoredTraining: Sendable {
  let person: ObservedPeople.Person
  let course: TrainingCourse
  let epochs: [ObservedEpochScores]
  /// What the cosine gives to the same samples.
  let cosine: ObservedScores

  var restored: ObservedScores { epochs[course.restored.number - 1].scores }
  var ended: ObservedScores { epochs[course.last.number - 1].scores }
  var last: ObservedScores { epochs[epochs.count - 1].scores }

  /// Of the network as it is after an epoch, counted from 1; after its last one where it has fewer.
  func scores(after epoch: Int) -> ObservedScores {
    epochs[min(epoch, epochs.count) - 1].scores
  }
}

extension ObservedErrors {
  /// What a network rejects at a threshold.
  init(_ scores: ObservedScores, threshold: Double) {
    self.init(
      threshold: threshold, proxyFNMR: Self.share(scores.proxies, below: threshold),
      falseNonMatches: Self.count(scores.furtherImages, below: threshold))
  }

  /// Share of ascending scores below a threshold.
  static func share(_ scores: [Float], below threshold: Double) -> Double {
    Double(count(scores, below: threshold)) / Double(scores.count)
  }

  private static func count(_ scores: [Float], below threshold: Double) -> Int {
    partition(scores.count) { !(Double(scores[$0]) < threshold) }
  }
}

/// What the trainings of a record come to: the shared thresholds are set by those who were drawn or named.
struct CurveErrors {
  private let trainings: [ScoredTraining]
  private let chosen: [ScoredTraining]
  private let rows: Int
  private let target: Double

  init(_ trainings: [ScoredTraining], developmentRows: Int, target: Double) {
    self.trainings = trainings
    chosen = trainings.filter { $0.person.choice != .worst }
    rows = developmentRows
    self.target = target
  }

  private func shared(_ scores: (ScoredTraining) -> ObservedScores) -> SharedThreshold {
    SharedThreshold(of: chosen.map(scores), rows: rows, target: target)
  }

  /// Every person's curve.
  var curves: [LearningCurve] {
    let everybody = [Int](repeating: 1, count: chosen.count)
    let longest = trainings.map(\.epochs.count).max() ?? 0
    let thresholds = (0..<longest).map { epoch in
      shared { $0.scores(after: epoch + 1) }.value(everybody)
    }
    func errors(_ scores: ObservedScores, _ threshold: Double) -> BothThresholds<ObservedErrors> {
      BothThresholds(
        own: ObservedErrors(scores, threshold: scores.threshold),
        shared: ObservedErrors(scores, threshold: threshold))
    }
    let restored = shared(\.restored).value(everybody)
    let ended = shared(\.ended).value(everybody)
    let last = shared(\.last).value(everybody)
    let cosine = shared(\.cosine).value(everybody)
    return trainings.map { training in
      LearningCurve(
        identity: training.person.identity, choice: training.person.choice,
        recordedErrors: training.person.recordedErrors,
        furtherImages: training.person.furtherRows.count, course: training.course,
        restored: errors(training.restored, restored), ended: errors(training.ended, ended),
        last: errors(training.last, last), cosine: errors(training.cosine, cosine),
        epochs: training.epochs.enumerated().map { epoch, observed in
          ObservedEpoch(
            epoch: observed.epoch, errors: errors(observed.scores, thresholds[epoch]))
        })
    }
  }

  /// Means over those who were drawn or named, with intervals by drawing them; a draw sets its own shared
  /// threshold.
  func summary(_ bootstrap: BootstrapSpec) -> LearningSummary {
    let means = MeansOverPeople(people: chosen.count, bootstrap)
    func statistic(
      _ scores: @escaping (ScoredTraining) -> ObservedScores
    ) -> BothThresholds<([Int]) -> Double> {
      let networks = chosen.map(scores)
      let own = networks.map { ObservedErrors.share($0.proxies, below: $0.threshold) }
      let shared = SharedThreshold(of: networks, rows: rows, target: target)
      return BothThresholds(
        own: { weights in
          zip(weights, own).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(own.count)
        },
        shared: { weights in
          let threshold = shared.value(weights)
          return zip(weights, networks).reduce(0) { sum, one in
            one.0 == 0
              ? sum : sum + Double(one.0) * ObservedErrors.share(one.1.proxies, below: threshold)
          } / Double(networks.count)
        })
    }
    let restored = statistic(\.restored)
    let ended = statistic(\.ended)
    let last = statistic(\.last)
    func difference(
      _ other: BothThresholds<([Int]) -> Double>
    ) -> BothThresholds<MeanOverPeople> {
      BothThresholds(
        own: means.difference(restored.own, other.own),
        shared: means.difference(restored.shared, other.shared))
    }
    let goesOn = chosen.contains { $0.epochs.count > $0.course.last.number }
    return LearningSummary(
      people: chosen.count, restored: restored.map(means.rate), ended: ended.map(means.rate),
      restoredMinusEnded: difference(ended), last: goesOn ? last.map(means.rate) : nil,
      restoredMinusLast: goesOn ? difference(last) : nil,
      cosine: statistic(\.cosine).map(means.rate))
  }
}
