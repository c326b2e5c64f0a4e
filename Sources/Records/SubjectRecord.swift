import Configurations
import Specs

/// What a cell keeps of each of its people: what the data show, how training went, and the errors
/// under every convention and operating point. Means hide whose they are.
package struct SubjectRecord: Sendable, Equatable {
  package static let currentVersion = 2
  package var key: Cell
  package var isSynthetic: Bool
  /// Cosine from which people of other names are second names, by fold.
  package var likeness: [Float]
  /// Densities by gender and fold, e.g. "male/0": those that training drew from, and those that
  /// validation drew from.
  package var densities: [String: DensitySummary]
  package var validationDensities: [String: DensitySummary]
  /// What errors are counted at; the order of `SubjectLine.errors`.
  package var points: [SubjectPoint]
  /// In the order of references, fold after fold.
  package var people: [SubjectLine]

  package init(
    key: Cell, isSynthetic: Bool, likeness: [Float], densities: [String: DensitySummary] = [:],
    validationDensities: [String: DensitySummary] = [:], points: [SubjectPoint],
    people: [SubjectLine]
  ) {
    self.key = key
    self.isSynthetic = isSynthetic
    self.likeness = likeness
    self.densities = densities
    self.validationDensities = validationDensities
    self.points = points
    self.people = people
  }
}

/// A threshold that errors are counted at.
package struct SubjectPoint: Sendable, Codable, Hashable {
  package var convention: String
  /// FMR target.
  package var target: Double
  package var threshold: Double
  /// Whether a reference meets its own sample.
  package var hasSelfTrials: Bool

  package init(convention: String, target: Double, threshold: Double, hasSelfTrials: Bool) {
    self.convention = convention
    self.target = target
    self.threshold = threshold
    self.hasSelfTrials = hasSelfTrials
  }
}

/// Errors of one person at a threshold.
package struct SubjectErrors: Sendable, Hashable {
  /// Of the person's reference or model against the person's own probes.
  package var falseNonMatches = 0
  /// Of the person's reference or model against probes of others.
  package var falseMatches = 0
  /// Of the person's probes against references or models of others.
  package var falseMatchesAsProbe = 0

  package init(falseNonMatches: Int = 0, falseMatches: Int = 0, falseMatchesAsProbe: Int = 0) {
    self.falseNonMatches = falseNonMatches
    self.falseMatches = falseMatches
    self.falseMatchesAsProbe = falseMatchesAsProbe
  }
}

/// One person of a cell.
package struct SubjectLine: Sendable, Equatable {
  package var identity: String
  /// Demographic group; "" for people of none.
  package var group: String
  package var fold: Int
  /// The reference's row of the file, from 0.
  package var referenceRow: Int
  /// Evaluated images, the reference among them.
  package var images: Int
  /// 1 - cosine of the reference with the mean of the person's other images; nil with one image.
  package var referenceDistance: Float?
  /// The evaluated person of another name with the image most similar to the reference.
  package var nearest: SimilarPerson?
  /// People of other names who may be the same person, most similar first.
  package var secondNames: [SimilarPerson]
  /// What the reference or model gives to the sample that it was enrolled from.
  package var ownScore: Float?
  /// How training went; nil where nothing is trained.
  package var training: SubjectTraining?
  /// In the order of `SubjectRecord.points`.
  package var errors: [SubjectErrors]

  package init(
    identity: String, group: String, fold: Int, referenceRow: Int, images: Int,
    referenceDistance: Float? = nil, nearest: SimilarPerson? = nil,
    secondNames: [SimilarPerson] = [], ownScore: Float? = nil, training: SubjectTraining? = nil,
    errors: [SubjectErrors]
  ) {
    self.identity = identity
    self.group = group
    self.fold = fold
    self.referenceRow = referenceRow
    self.images = images
    self.referenceDistance = referenceDistance
    self.nearest = nearest
    self.secondNames = secondNames
    self.ownScore = ownScore
    self.training = training
    self.errors = errors
  }
}

/// How the training of one person's network went, to the precision of float32.
package struct SubjectTraining: Sendable, Hashable {
  package var balancingFactor: Float
  /// Epochs run, and the one whose weights the model has, counted from 1.
  package var epochs: Int
  package var restoredEpoch: Int
  /// Learning rate and losses of that epoch; nil: no such loss, or it was no number.
  package var learningRate: Float
  package var trainingLoss: Float?
  package var validationLoss: Float?
  /// Losses of the last epoch.
  package var finalTrainingLoss: Float?
  package var finalValidationLoss: Float?
  /// How a guard chose the model; nil: one was trained.
  package var guarded: SubjectGuard?

  package init(_ enrolment: SubjectEnrolment) {
    func number(_ value: Double?) -> Float? { value.flatMap { $0.isFinite ? Float($0) : nil } }
    let (last, restored) = (enrolment.training.last, enrolment.training.restored)
    balancingFactor = Float(enrolment.balancingFactor)
    epochs = last.number
    restoredEpoch = restored.number
    learningRate = Float(restored.learningRate)
    trainingLoss = number(restored.trainingLoss)
    validationLoss = number(restored.validationLoss)
    finalTrainingLoss = number(last.trainingLoss)
    finalValidationLoss = number(last.validationLoss)
    guarded = enrolment.training.guarded.map(SubjectGuard.init)
  }

  init?(numbers: some RandomAccessCollection<Float>) {
    let n = Array(numbers)
    // Nothing was trained.
    if n[0].isNaN { return nil }
    func optional(_ value: Float) -> Float? { value.isNaN ? nil : value }
    balancingFactor = n[0]
    epochs = Int(n[1])
    restoredEpoch = Int(n[2])
    learningRate = n[3]
    trainingLoss = optional(n[4])
    validationLoss = optional(n[5])
    finalTrainingLoss = optional(n[6])
    finalValidationLoss = optional(n[7])
    guarded = n[8].isNaN ? nil : SubjectGuard(numbers: n[8..<12])
  }

  var numbers: [Float] {
    let losses = [trainingLoss, validationLoss, finalTrainingLoss, finalValidationLoss]
    return [balancingFactor, Float(epochs), Float(restoredEpoch), learningRate]
      + losses.map { $0 ?? .nan }
      + (guarded?.numbers ?? [Float](repeating: .nan, count: SubjectGuard.count))
  }
}

/// How a guard chose the model of one person, to the precision of float32.
package struct SubjectGuard: Sendable, Hashable {
  /// Networks trained, and the one that was kept, counted from 1.
  package var attempts: Int
  package var kept: Int
  /// Share of proxies that the kept one rejects at its own threshold, and their mean score beyond it.
  package var proxyFNMR: Float
  package var margin: Float

  init(_ outcome: GuardOutcome) {
    attempts = outcome.attempts
    kept = outcome.kept
    proxyFNMR = Float(outcome.judgement.proxyFNMR)
    margin = Float(outcome.judgement.margin)
  }

  init(numbers: ArraySlice<Float>) {
    let n = Array(numbers)
    (attempts, kept, proxyFNMR, margin) = (Int(n[0]), Int(n[1]), n[2], n[3])
  }

  static let count = 4
  var numbers: [Float] { [Float(attempts), Float(kept), proxyFNMR, margin] }
}
