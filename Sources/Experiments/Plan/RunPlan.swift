import Records
import Specs

/// What a run would do: units with their reasons, comparisons, trainings, time and memory.
package struct RunPlan: Sendable {
  /// One cell of the plan.
  package struct Unit: Sendable {
    package var key: Cell
    /// Why it is to be done; nil: a record with these inputs exists.
    package var reason: String?
    package var size: CellSize
    package var trainings: Int
    /// Wall seconds on free cores; 0 when cached, nil when nothing like it could be measured.
    package var seconds: Double?

    package var isCached: Bool { reason == nil }
  }

  package let experiment: String
  package private(set) var units: [Unit] = []
  package let workers: Int
  /// Largest amount of memory that is in use at a time.
  package let peakBytes: Int
  /// Whether times were measured.
  package let isCalibrated: Bool
  /// Wall seconds of hashing, reading and dividing the data.
  package let openingSeconds: Double
  /// PE-MIU comparisons a second and core by system, in table order.
  package private(set) var assignments: [(system: String, rate: Double)] = []

  /// - Parameters:
  ///   - spec: the experiment.
  ///   - statuses: what the store says of each cell.
  ///   - workers: threads that are used.
  ///   - dataBytes: memory of all embeddings that are open at a time.
  ///   - pilot: measured costs of a cell of this size; nil: no times are estimated.
  ///   - openingSeconds: wall time of hashing, reading and dividing the data.
  ///   - measuredBytes: memory that the program took for its pilots; 0: not measured.
  ///   - size: counts of a cell, from its opened data and partition.
  package init(
    spec: ExperimentSpec, statuses: [Cell: ResultStore.Status], workers: Int, dataBytes: Int,
    pilot: ((Cell, CellSize) -> Pilot?)?, openingSeconds: Double = 0, measuredBytes: Int = 0,
    size: (Cell) throws -> CellSize
  ) rethrows {
    experiment = spec.name
    self.workers = max(1, workers)
    isCalibrated = pilot != nil
    self.openingSeconds = openingSeconds
    var prepared: Set<[String]> = []
    var (largest, mostScores) = (0, 0)
    for key in spec.cells() {
      let size = try size(key)
      let systems = Self.trainedSystems(key, spec: spec, statuses: statuses)
      let reason: String? =
        switch statuses[key] {
        case .cached, .cachedAttack: nil
        case .toDo(let reason): reason
        case nil: "not looked up"
        }
      units.append(
        Unit(
          key: key, reason: reason, size: size,
          trainings: systems * (size.references + size.ownReferences), seconds: 0))
      if reason == nil { continue }
      let training = key.preset.map { spec.configuration($0).training }
      largest = max(largest, size.bytes(training, workers: self.workers))
      mostScores = max(mostScores, size.bytes(nil, workers: self.workers))
      units[units.count - 1].seconds = nil
      guard let costs = pilot?(key, size) else { continue }
      let passes = key.preset == nil ? 1 : systems
      // Densities serve all factors of a batch; an attacked cell makes its own.
      let batch = [key.dataset, key.extractor, "\(key.repeatIndex)", key.preset ?? ""]
      let prepares = key.attack != nil || passes > 0 && prepared.insert(batch).inserted
      units[units.count - 1].seconds = costs.seconds(passes: passes, prepares: prepares)
      if case .peMIU = spec.attack?.recipe(of: key.system),
        !assignments.contains(where: { $0.system == key.system })
      {
        let rate = Double(size.columns) / (costs.enrolling * Double(self.workers))
        assignments.append((key.system, rate))
      }
    }
    // What was measured has all but the scores: program, libraries, data, densities, workers.
    peakBytes = largest == 0 ? 0 : max(dataBytes + largest, measuredBytes + mostScores)
  }

  /// How many models are trained per reference for a cell. One that chooses among other cells uses
  /// their models, and trains again those of cells that were done before and kept no scores.
  private static func trainedSystems(
    _ key: Cell, spec: ExperimentSpec, statuses: [Cell: ResultStore.Status]
  ) -> Int {
    guard key.preset != nil else { return 0 }
    guard key.choosesFactor else { return 1 }
    return spec.balancingFactors.count { statuses[key.fixed(at: $0)]?.isCached ?? false }
  }

  /// Units that are to be done.
  package var toDo: [Unit] { units.filter { !$0.isCached } }

  /// Estimated wall time of what is to be done, as far as it could be measured.
  package var seconds: Double {
    toDo.isEmpty ? 0 : toDo.reduce(openingSeconds) { $0 + ($1.seconds ?? 0) }
  }
}
