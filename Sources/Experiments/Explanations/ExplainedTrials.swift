import Configurations
import Explain
import Kernels
import Synchronization
import Workers

/// A system whose scores are explained.
enum ExplainedSystem: String, CaseIterable {
  case mote, traditional
}

/// What one trial shows under one system.
struct TrialMaps {
  let score: Double
  /// By rule, in the order of `AlphaRule.allCases`.
  let maps: [HeatMap]
  /// Share of alpha outside [0, 1], by rule.
  let alphaOutside: [Double]

  func map(_ rule: AlphaRule) -> HeatMap { maps[AlphaRule.allCases.firstIndex(of: rule)!] }

  /// - Throws: `ExplainError`.
  init(
    _ maps: FeatureMaps, tail: BackboneTail, score: ExplainedScore, isNormalised: Bool
  ) throws {
    let gradient = try MapGradient(
      maps: maps, tail: tail, score: score, isNormalised: isNormalised)
    self.score = gradient.score
    let explanations = AlphaRule.allCases.map { rule in
      var configuration = GradCAMConfiguration()
      configuration.alphaRule = rule
      configuration.isNormalised = isNormalised
      return GradCAMPlusPlus(maps: maps, gradient: gradient, configuration: configuration)
    }
    self.maps = explanations.map(\.map)
    alphaOutside = explanations.map(\.shareOfAlphaOutsideUnit)
  }
}

/// All trials of a cell, explained under both systems, and what deleting cells does to the mated ones.
struct ExplainedTrials {
  let maps: ExportedMaps
  let people: MappedPeople
  /// Score of each person's templates, [p] by system.
  let scores: [ExplainedSystem: [ExplainedScore]]
  /// [t] by system.
  let found: [ExplainedSystem: [TrialMaps]]
  /// Mated trials alone: the fall of the score by size and choice of cells, [t] by system; NaN where a choice
  /// cannot be made.
  let drops: [ExplainedSystem: [DeletionKey: [Double]]]
  /// Each image against the mean direction of its person's other images; nil: there are none.
  let otherImages: [TrialMaps?]

  /// One way of deleting: cells of the maps, or pixels; `side` of a square of as many.
  struct DeletionKey: Hashable {
    let cells: DeletedCells
    let side: Int
    static let sides = [1, 2, 3]
  }

  /// - Parameters:
  ///   - networks: of each person.
  ///   - references: traditional template of each person.
  ///   - seed: of random cells.
  /// - Throws: `ExplainError`, `Interrupted`.
  init(
    _ maps: ExportedMaps, _ people: MappedPeople, networks: [Float64Network],
    references: [[Double]], isNormalised: Bool, seed: UInt64, workers: Int,
    interruption: Interruption
  ) throws {
    self.maps = maps
    self.people = people
    let tail = maps.tail
    let mean = try MeanMaps(images: maps.count) { try maps.maps($0) }
    let scores: [ExplainedSystem: [ExplainedScore]] = [
      .mote: networks.map(ExplainedScore.network),
      .traditional: references.map(ExplainedScore.cosine(with:)),
    ]
    self.scores = scores
    struct Part {
      var found: [ExplainedSystem: TrialMaps] = [:]
      var drops: [ExplainedSystem: [DeletionKey: Double]] = [:]
    }
    let parts = try collected(people.trials.count, workers, interruption) { t -> Part in
      let trial = people.trials[t]
      let own = try maps.maps(trial.image)
      var part = Part()
      for system in ExplainedSystem.allCases {
        part.found[system] = try TrialMaps(
          own, tail: tail, score: scores[system]![trial.reference], isNormalised: isNormalised)
      }
      guard trial.isMated else { return part }
      let nose = maps.faces?.nose(trial.image)
      for system in ExplainedSystem.allCases {
        let score = scores[system]![trial.reference]
        let before = part.found[system]!.score
        for side in DeletionKey.sides where side <= min(maps.height, maps.width) {
          for cells in DeletedCells.allCases {
            let choices = cells.choices(
              part.found[system]!.map(.library), side: side, nose: nose, seed: seed,
              unit: UInt32(t))
            var sum = 0.0
            for choice in choices {
              let changed = try mean.deleting(choice, from: own)
              sum +=
                before - score.value(of: tail.embedding(changed), isNormalised: isNormalised)
            }
            part.drops[system, default: [:]][DeletionKey(cells: cells, side: side)] =
              choices.isEmpty ? .nan : sum / Double(choices.count)
          }
        }
      }
      return part
    }
    found = Dictionary(
      uniqueKeysWithValues: ExplainedSystem.allCases.map { system in
        (system, parts.map { $0.found[system]! })
      })
    let mated = parts.prefix(people.matedTrials)
    drops = Dictionary(
      uniqueKeysWithValues: ExplainedSystem.allCases.map { system in
        let keys = mated.first?.drops[system].map { Array($0.keys) } ?? []
        return (
          system,
          Dictionary(
            uniqueKeysWithValues: keys.map { key in
              (key, mated.map { $0.drops[system]![key]! })
            })
        )
      })
    otherImages = try Self.otherImages(maps, people, workers, interruption)
  }

  /// The reference's own measure of specificity, without enrolment (definitions 7).
  private static func otherImages(
    _ maps: ExportedMaps, _ people: MappedPeople, _ workers: Int, _ interruption: Interruption
  ) throws -> [TrialMaps?] {
    let directions = try collected(maps.count, workers, interruption) { i in
      let embedding = maps.tail.embedding(try maps.maps(i))
      let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return embedding.map { $0 / max(length, .leastNormalMagnitude) }
    }
    return try collected(maps.count, workers, interruption) { i in
      var sum = [Double](repeating: 0, count: maps.dimension)
      var others = 0
      for j in directions.indices
      where j != i && people.personOfImage[j] == people.personOfImage[i] {
        for k in sum.indices { sum[k] += directions[j][k] }
        others += 1
      }
      guard others > 0 else { return nil }
      return try TrialMaps(
        try maps.maps(i), tail: maps.tail, score: .cosine(with: sum), isNormalised: true)
    }
  }
}

/// Values made one by one on several threads, in order.
///
/// - Throws: what `make` throws, `Interrupted`.
func collected<Value: Sendable>(
  _ count: Int, _ workers: Int, _ interruption: Interruption,
  _ make: @Sendable (Int) throws -> Value
) throws -> [Value] {
  let isStopped = { interruption.isRequested }
  let made = Mutex<[Value?]>(Array(repeating: nil, count: count))
  try concurrently(units: count, workers: workers, isStopped: isStopped) {
    _, unit in
    let value = try make(unit)
    made.withLock { $0[unit] = value }
  }
  try interruption.check()
  return made.withLock { $0.map { $0! } }
}
