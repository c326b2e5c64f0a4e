import Biometrics
import Configurations
import Kernels

/// What one network gives to those who observe it (definitions 6.9).
package struct ObservedScores: Sendable {
  /// The largest scores of development rows, descending.
  package var development: [Float]
  /// Of the network alone: type-7 quantile of all its scores on development rows at 1 - target.
  package var threshold: Double
  /// Of the person's proxies, ascending.
  package var proxies: [Float]
  /// Of the person's images besides the reference, ascending.
  package var furtherImages: [Float]

  /// - Parameters:
  ///   - development: all scores of development rows; not empty.
  ///   - kept: how many of them are kept.
  ///   - target: FMR on development rows that the threshold is set for.
  package init(
    development: [Float], kept: Int, target: Double, proxies: [Float], furtherImages: [Float]
  ) {
    var top = TopScores(capacity: kept)
    development.withUnsafeBufferPointer { top.insert($0) }
    self.development = top.largest
    threshold = development.withUnsafeBufferPointer { nonMatedQuantile($0, atFMR: target)! }
    self.proxies = proxies.sorted()
    self.furtherImages = furtherImages.sorted()
  }
}

/// An epoch of a training, and what the network as it was then gives.
package struct ObservedEpochScores: Sendable {
  package let epoch: TrainedEpoch
  package let scores: ObservedScores
}

/// Watches the trainings of one worker (definitions 6.9): after every epoch the network scores
/// development rows, proxies and the person's further images as it stands. It draws nothing and changes
/// nothing: an enrolment gives the same bits with and without. Belongs to one thread.
package final class TrainingObserver {
  /// Whether epochs are run after early stopping has ended the training, for the observer alone.
  package let goesBeyondPatience: Bool
  private let target: Double
  private let kept: Int
  private let pairs: ProxyPairs
  private let development: FloatMatrix
  /// Of the person, [m, d].
  package let proxies: FloatMatrix
  /// The person's images besides the reference, [n, d].
  package private(set) var furtherImages: FloatMatrix
  /// Epochs of each network that a guard trained; of one without.
  private var attempts: [[ObservedEpochScores]] = []

  /// - Parameters:
  ///   - context: whose networks are watched; it has development rows.
  ///   - pairs: make the proxies; not empty.
  ///   - target: FMR on development rows that a network's own threshold is set for.
  ///   - kept: how many of the largest scores of development rows are kept of each epoch.
  package init(
    context: EnrolmentContext, pairs: ProxyPairs, target: Double, kept: Int,
    goesBeyondPatience: Bool
  ) {
    precondition(context.development.rows > 0 && pairs.count > 0, "nothing to observe with")
    self.goesBeyondPatience = goesBeyondPatience
    self.target = target
    self.kept = kept
    self.pairs = pairs
    development = context.development
    proxies = FloatMatrix(rows: pairs.count, columns: context.shape.inputs)
    furtherImages = FloatMatrix(rows: 0, columns: context.shape.inputs)
  }

  /// Turns to the next person.
  ///
  /// - Parameters:
  ///   - reference: the reference sample, d floats.
  ///   - furtherImages: the person's other images, [n, d]; n may be 0.
  package func begin(_ reference: UnsafePointer<Float>, furtherImages: FloatMatrix) {
    pairs.carry(to: reference, into: proxies)
    self.furtherImages = furtherImages
    attempts = []
  }

  /// The epochs of the network that an enrolment has kept.
  package func epochs(of outcome: EnrolmentOutcome) -> [ObservedEpochScores] {
    attempts[(outcome.training.guarded?.kept ?? 1) - 1]
  }

  /// What any way to score gives to the samples of the person.
  ///
  /// - Parameter score: the scores of some rows.
  package func observed(_ score: (FloatMatrix) -> [Float]) -> ObservedScores {
    ObservedScores(
      development: score(development), kept: kept, target: target, proxies: score(proxies),
      furtherImages: score(furtherImages))
  }

  func beginAttempt() { attempts.append([]) }

  /// Notes an epoch that has just ended; the network that the engine holds stays as it is.
  func observe(_ epoch: TrainedEpoch, engine: TrainingEngine) {
    let scores = observed { rows in
      var scores = [Float](repeating: 0, count: rows.rows)
      engine.logits(of: rows.base, stride: rows.stride, count: rows.rows, into: &scores)
      return scores
    }
    attempts[attempts.count - 1].append(ObservedEpochScores(epoch: epoch, scores: scores))
  }
}
