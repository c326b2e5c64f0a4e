import Configurations
import Foundation
import MOTE
import Records
import Specs

/// How much work a cell is, known once its data has been opened.
package struct CellSize: Sendable, Hashable {
  /// Enrolled subjects, one reference each (over all folds).
  package var references: Int
  /// Rows of the evaluation subjects.
  package var probes: Int
  package var comparisons: Int
  package var cohortRows: Int
  package var developmentRows: Int
  /// Embedding dimension.
  package var dimension: Int
  /// Trials that a subject bootstrap goes over; 0: none.
  package var bootstrapReplicates: Int
  /// What attacking the cell adds; nil: it is not attacked.
  package var attack: AttackSize?

  package init(
    references: Int, probes: Int, comparisons: Int, cohortRows: Int = 0, developmentRows: Int = 0,
    dimension: Int = 512, bootstrapReplicates: Int = 0
  ) {
    self.references = references
    self.probes = probes
    self.comparisons = comparisons
    self.cohortRows = cohortRows
    self.developmentRows = developmentRows
    self.dimension = dimension
    self.bootstrapReplicates = bootstrapReplicates
  }
}

/// Speeds of this machine, measured before planning; all per core and second.
package struct CalibratedRates: Sendable, Hashable {
  /// Training rows through forward and backward pass, at `parameters` weights.
  package var trainingRows: Double
  /// Rows scored by a trained network (validation and comparison), at `parameters` weights.
  package var networkRows: Double
  /// Weights of the network the two rates were measured with.
  package var parameters: Int
  /// Cosine comparisons.
  package var cosineScores: Double
  /// Scores that go through sorting and metrics once.
  package var evaluatedScores: Double
  /// Scores that one bootstrap replicate goes over.
  package var bootstrapScores: Double
  /// Share of the epoch limit that early stopping leaves, 0 ... 1.
  package var epochShare: Double
  /// Of protection schemes and attacks; nil: none are planned.
  package var attack: AttackRates?

  package init(
    trainingRows: Double, networkRows: Double, parameters: Int, cosineScores: Double,
    evaluatedScores: Double, bootstrapScores: Double, epochShare: Double = 1
  ) {
    self.trainingRows = trainingRows
    self.networkRows = networkRows
    self.parameters = parameters
    self.cosineScores = cosineScores
    self.evaluatedScores = evaluatedScores
    self.bootstrapScores = bootstrapScores
    self.epochShare = epochShare
  }
}

/// What a run would do: units with their reasons, comparisons, trainings, time and memory.
package struct RunPlan: Sendable {
  /// One cell of the plan.
  package struct Unit: Sendable {
    package var key: Cell
    /// Why it is to be done; nil: a record with these inputs exists.
    package var reason: String?
    package var size: CellSize
    package var trainings: Int
    /// Core-seconds; 0 when cached.
    package var coreSeconds: Double
    /// True where early stopping may end trainings sooner than `coreSeconds` assumes.
    package var isUpperBound: Bool

    package var isCached: Bool { reason == nil }
  }

  package let experiment: String
  package let units: [Unit]
  package let workers: Int
  /// Largest amount of memory that is in use at a time.
  package let peakBytes: Int
  package let isCalibrated: Bool
  /// Wall seconds of hashing, reading and dividing the data.
  package let openingSeconds: Double
  /// Measured speeds of schemes and attacks; nil: none are planned, or nothing was measured.
  package let attackRates: AttackRates?

  /// - Parameters:
  ///   - spec: the experiment.
  ///   - statuses: what the store says of each cell.
  ///   - size: counts of a cell, from its opened data and partition.
  ///   - rates: measured speeds; nil: no times are estimated.
  ///   - workers: cores that are used.
  ///   - dataBytes: memory of all embeddings that are open at a time.
  ///   - pilot: what enrolment was measured to cost in the cell's group; nil: rates are used.
  ///   - openingSeconds: wall time of hashing, reading and dividing the data.
  ///   - measuredBytes: memory that the program took for enrolling a few references of these data;
  ///     0: not measured.
  package init(
    spec: ExperimentSpec, statuses: [Cell: ResultStore.Status], rates: CalibratedRates?,
    workers: Int, dataBytes: Int, pilot: (Cell) -> Pilot? = { _ in nil },
    openingSeconds: Double = 0, measuredBytes: Int = 0, size: (Cell) throws -> CellSize
  ) rethrows {
    self.openingSeconds = openingSeconds
    var prepared: Set<String> = []
    experiment = spec.name
    self.workers = max(1, workers)
    isCalibrated = rates != nil
    attackRates = rates?.attack
    var units: [Unit] = []
    var largest = 0
    var mostScores = 0
    for key in spec.cells() {
      let size = try size(key)
      let configuration = key.preset.map { spec.configuration($0) }
      let systems = Self.trainedSystems(key, spec: spec, statuses: statuses)
      let trainings = systems * size.references
      let reason: String? =
        switch statuses[key] {
        case .cached, .cachedAttack: nil
        case .toDo(let reason): reason
        case nil: "not looked up"
        }
      var unit = Unit(
        key: key, reason: reason, size: size, trainings: trainings, coreSeconds: 0,
        isUpperBound: configuration?.training.patience != nil && rates?.epochShare == 1
          && pilot(key) == nil)
      if reason != nil {
        if let rates {
          let measured = pilot(key)
          let cost = { (training: TrainingConfiguration?) in
            Self.coreSeconds(
              size, training, rates, pilot: measured, workers: max(1, workers))
          }
          unit.coreSeconds =
            key.choosesFactor
            ? cost(nil) + Double(systems) * cost(configuration?.training)
            : cost(configuration?.training)
          // Densities serve all factors of a group.
          let group = "\(key.dataset)/\(key.extractor)/\(key.repeatIndex)/\(key.preset ?? "")"
          if let measured, systems > 0, prepared.insert(group).inserted {
            unit.coreSeconds += measured.preparingSeconds * Double(self.workers)
          }
        }
        largest = max(
          largest, Self.bytes(size, configuration?.training, workers: self.workers))
        mostScores = max(mostScores, Self.bytes(size, nil, workers: self.workers))
      }
      if let attack = size.attack { unit.add(attack, of: spec, rates, workers: self.workers) }
      units.append(unit)
    }
    self.units = units
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

  /// Estimated wall time of what is to be done.
  package var seconds: Double {
    toDo.isEmpty
      ? 0 : toDo.reduce(0) { $0 + $1.coreSeconds } / Double(workers) + openingSeconds
  }
}

extension RunPlan {
  /// Core-seconds of a cell: training rows of all epochs, validation rows of all epochs, scores,
  /// metrics and bootstrap. Rates of the networks scale with the number of weights.
  static func coreSeconds(
    _ size: CellSize, _ training: TrainingConfiguration?, _ rates: CalibratedRates,
    pilot: Pilot? = nil, workers: Int = 1
  ) -> Double {
    var seconds = Double(size.comparisons) / rates.evaluatedScores
    seconds +=
      Double(size.comparisons) * Double(size.bootstrapReplicates) / rates.bootstrapScores
    guard let training else { return seconds + Double(size.comparisons) / rates.cosineScores }
    if let pilot {
      // An attacked cell's cohort may be cut.
      let rows =
        size.cohortRows + training.matedRows(cohortRows: size.cohortRows) + size.developmentRows
      return seconds
        + pilot.secondsPerReference * max(1, Double(rows)) / pilot.rowsPerEpoch
        * Double(size.references) * Double(workers)
    }
    let weight = Double(training.parameters(inputs: size.dimension)) / Double(rates.parameters)
    let mated = training.matedShare ?? (training.batching == .balanced ? 1 : 0.5)
    let epochs = max(1, Double(training.epochs) * rates.epochShare)
    let trainingRows = Double(size.references) * Double(size.cohortRows) * (1 + mated) * epochs
    let validationRows =
      training.patience == nil
      ? 0 : Double(size.references) * Double(size.developmentRows) * 1.5 * epochs
    seconds += trainingRows * weight / rates.trainingRows
    seconds += (validationRows + Double(size.comparisons)) * weight / rates.networkRows
    return seconds
  }

  /// Bytes of a cell besides the embeddings: its scores with the copy that metrics sort, and per
  /// worker the synthetic rows and the network with its optimiser state.
  static func bytes(_ size: CellSize, _ training: TrainingConfiguration?, workers: Int) -> Int {
    let scores = size.comparisons * 4 * 2
    guard let training else { return scores }
    let mated = training.matedShare ?? (training.batching == .balanced ? 1 : 0.5)
    let synthetic = Double(size.cohortRows) * mated + Double(size.developmentRows) * 0.5
    let network = training.parameters(inputs: size.dimension) * 4 * 4
    return scores + workers * (Int(synthetic) * size.dimension * 4 + network)
  }
}

extension TrainingConfiguration {
  /// Number of weights and biases, for inputs of a dimension and one output.
  func parameters(inputs: Int) -> Int {
    let widths = [inputs] + hiddenWidths + [1]
    return zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
  }
}
