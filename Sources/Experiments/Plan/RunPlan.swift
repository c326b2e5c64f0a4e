import Records
import Specs

/// What a run would do: units with their reasons, comparisons, trainings, time and memory.
package struct RunPlan: Sendable {
  /// One cell of the plan.
  package struct Unit: Sendable {
    package let key: Cell
    /// Why it is to be done; nil: a record with these inputs exists.
    package let reason: String?
    package let size: CellSize
    /// References whose scores an interrupted run has kept.
    package let scored: Int
    package fileprivate(set) var trainings = 0
    /// Wall seconds on free cores; nil when it is cached, or nothing like it could be measured.
    package fileprivate(set) var seconds: Double?

    package init(_ key: Cell, reason: String?, size: CellSize, scored: Int = 0) {
      self.key = key
      self.reason = reason
      self.size = size
      self.scored = min(scored, size.references)
    }

    /// Share of the references that are to be scored.
    fileprivate var open: Double {
      1 - Double(scored) / Double(max(1, size.references))
    }

    package var isCached: Bool { reason == nil }
  }

  package let experiment: String
  package private(set) var units: [Unit]
  package let workers: Int
  /// Largest amount of memory that is in use at a time.
  package private(set) var peakBytes = 0
  /// Whether times were measured.
  package let isCalibrated: Bool
  /// PE-MIU comparisons a second and core by system, in table order.
  package private(set) var assignments: [(system: String, rate: Double)] = []
  /// Estimated wall time of what is to be done, as far as it could be measured.
  package private(set) var seconds = 0.0
  /// Standard error of `seconds`: epochs differ between people, of whom few were enrolled.
  package private(set) var secondsError = 0.0
  /// How many people were enrolled to measure.
  package private(set) var enrolled = 0
  /// Wall time of the shards that a run is divided into; nil: it is not divided.
  package private(set) var division: Division?
  /// Ways to read the paper that cells are made for; nil: the spec has none.
  package let readings: ReadingsSpec?
  /// What one repeat more would cost, whatever is cached.
  package let repeatMore: RepeatCost

  /// Trainings of a repeat, and wall seconds on free cores; nil where not all could be measured.
  package struct RepeatCost: Sendable, Equatable {
    package var trainings: Int
    package var seconds: Double?

    package init(trainings: Int, seconds: Double?) {
      (self.trainings, self.seconds) = (trainings, seconds)
    }
  }

  /// A run by shards.
  package struct Division: Sendable, Equatable {
    package var shards: Int
    /// Wall time of the shard that takes longest, and of merging all of them.
    package var shardSeconds: Double
    package var mergeSeconds: Double
  }

  /// - Parameters:
  ///   - units: all cells of the spec, in table order.
  ///   - workers: threads that are used.
  ///   - shards: parts that the run is divided into; 1: it is not.
  ///   - dataBytes: memory of all embeddings that are open at a time.
  ///   - openingSeconds: wall time of hashing, reading and dividing the data.
  ///   - measuredBytes: memory that the program took for its pilots; 0: not measured.
  ///   - pilot: measured costs of a cell's system; nil: no times are estimated.
  package init(
    spec: ExperimentSpec, units: [Unit], workers: Int, shards: Int = 1, dataBytes: Int,
    openingSeconds: Double = 0,
    measuredBytes: Int = 0, pilot: ((Cell) -> Pilot?)?
  ) {
    experiment = spec.name
    readings = spec.readings
    repeatMore = Self.repeatCost(units, spec: spec, pilot)
    self.units = units
    self.workers = max(1, workers)
    isCalibrated = pilot != nil
    let cached = Set(units.filter(\.isCached).map(\.key))
    var prepared: Set<[String]> = []
    var total = CellCost()
    // What one pilot stands for is wrong by the same share.
    var ofPilot: [Pilot: Double] = [:]
    // Enrolling by shard.
    var dealt = [Double](repeating: 0, count: max(1, shards))
    for (i, unit) in units.enumerated() {
      let (key, size) = (unit.key, unit.size)
      let models = Self.trainedModels(key, spec: spec, cached: cached)
      self.units[i].trainings = models * (size.references - unit.scored + size.ownReferences)
      if unit.isCached { continue }
      let training = key.preset.map { spec.configuration($0).training }
      // What was measured has all but the scores: program, libraries, data, densities, workers.
      peakBytes = max(
        peakBytes, dataBytes + size.bytes(training, workers: self.workers),
        measuredBytes + size.bytes(nil, workers: self.workers))
      guard let costs = pilot?(key) else { continue }
      let passes = key.preset == nil ? 1 : models
      // Bandwidths are searched once for equal rows, and serve all factors and repeats; schemes are
      // trained cell by cell.
      let densities = [
        key.dataset, key.extractor, key.preset ?? "",
        key.attack?.cohortMaleShare.map { "\($0)" } ?? "",
      ]
      let prepares = key.preset == nil || passes > 0 && prepared.insert(densities).inserted
      var cost = costs.cost(of: size, passes: passes, prepares: prepares)
      cost.enrolling *= unit.open
      let dealing = max(1, size.references)
      for (u, first) in stride(from: 0, to: dealing, by: UnitOfWork.references).enumerated() {
        dealt[Shard.number(unit: u, cell: i, of: dealt.count)] +=
          cost.enrolling * Double(min(UnitOfWork.references, dealing - first)) / Double(dealing)
      }
      self.units[i].seconds = cost.seconds
      total += cost
      ofPilot[costs, default: 0] += cost.enrolling
      if case .peMIU = spec.attack?.recipe(of: key.system),
        !assignments.contains(where: { $0.system == key.system })
      {
        let rate = Double(costs.size.columns) / (costs.enrolling * Double(self.workers))
        assignments.append((key.system, rate))
      }
    }
    if toDo.isEmpty { return }
    seconds = openingSeconds + total.seconds
    enrolled = ofPilot.keys.reduce(0) { $0 + $1.enrolled }
    secondsError = ofPilot.reduce(0) { sum, entry in
      let error = entry.value * entry.key.enrollingError
      return sum + error * error
    }.squareRoot()
    if shards > 1 {
      division = Division(
        shards: shards,
        shardSeconds: openingSeconds + total.preparing + dealt.max()!,
        mergeSeconds: openingSeconds + total.evaluating)
    }
  }

  /// What the cells of a repeat cost where nothing is cached. Of readings the first repeat alone is
  /// attacked, so that another one has no attacks.
  private static func repeatCost(
    _ units: [Unit], spec: ExperimentSpec, _ pilot: ((Cell) -> Pilot?)?
  ) -> RepeatCost {
    var cost = RepeatCost(trainings: 0, seconds: 0)
    for (key, size) in units.map({ ($0.key, $0.size) })
    where key.repeatIndex == 0 && (key.attack == nil || spec.readings == nil) {
      let models = trainedModels(key, spec: spec, cached: [])
      cost.trainings += models * (size.references + size.ownReferences)
      let passes = key.preset == nil ? 1 : models
      // Bandwidths of the other repeats serve this one.
      let seconds = pilot?(key)?.cost(of: size, passes: passes, prepares: key.preset == nil).seconds
      cost.seconds = cost.seconds.flatMap { sum in seconds.map { sum + $0 } }
    }
    return cost
  }

  /// How many models are trained per reference for a cell. One that chooses among other cells uses
  /// their models, and trains again those of cells that were done before and kept no scores.
  private static func trainedModels(
    _ key: Cell, spec: ExperimentSpec, cached: Set<Cell>
  ) -> Int {
    guard key.preset != nil else { return 0 }
    guard key.choosesFactor else { return 1 }
    return spec.balancingFactors.count { cached.contains(key.fixed(at: $0)) }
  }

  /// Units that are to be done.
  package var toDo: [Unit] { units.filter { !$0.isCached } }
}
