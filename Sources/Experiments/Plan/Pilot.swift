import Specs

/// What the work of a cell costs, measured on a part of its own data and taken as a whole: wall
/// seconds with all workers at work, on cores that nothing else uses.
package struct Pilot: Sendable, Hashable {
  /// Of the cell that was measured.
  package var size: CellSize
  /// Before the first reference, all folds: densities and packed rows, or a scheme's training.
  package var preparing = 0.0
  /// All references once: enrolment with early stopping, comparison, what an attacker reads.
  package var enrolling = 0.0
  /// Relative standard error of `enrolling`: epochs differ between people. 0: they do not, or one
  /// person alone was enrolled.
  package var enrollingError = 0.0
  /// References that were enrolled for `enrolling`.
  package var enrolled = 0
  /// The same of the attacker's own references, which meet no probes.
  package var enrollingOwn = 0.0
  /// All conventions with all bootstrap replicates.
  package var evaluating = 0.0
  /// All attacks on all targets; 0: the cell is not attacked.
  package var auditing = 0.0

  package init(_ size: CellSize) { self.size = size }

  /// What a cell of the same system costs, on these data or others: densities go over all pairs of
  /// cohort rows, schemes over the rows once; training goes by rows of an epoch, comparison by
  /// columns, the audit by targets and questions.
  ///
  /// - Parameters:
  ///   - passes: how often each reference is made.
  ///   - prepares: whether the cell is the first that needs what is made before.
  package func cost(of cell: CellSize, passes: Int, prepares: Bool) -> CellCost {
    func times(_ seconds: Double, _ count: (CellSize) -> Int) -> Double {
      seconds * Double(max(1, count(cell))) / Double(max(1, count(size)))
    }
    let trains = size.epochRows > 0
    let enrolled =
      times(enrolling) { trains ? $0.references * $0.epochRows : $0.columns }
      + times(enrollingOwn) { $0.ownReferences * (trains ? $0.epochRows : $0.gallery) }
    return CellCost(
      preparing: prepares
        ? times(preparing) { trains ? $0.cohortRows * $0.cohortRows : $0.cohortRows } : 0,
      enrolling: Double(passes) * enrolled,
      evaluating: times(evaluating, \.comparisons)
        + times(auditing) { $0.references * $0.questions })
  }
}

/// Wall seconds of a cell by what can be divided: every shard prepares, enrolment is dealt among
/// them, what merges them evaluates.
package struct CellCost: Sendable, Equatable {
  package var preparing = 0.0
  package var enrolling = 0.0
  /// Evaluation and attacks.
  package var evaluating = 0.0

  package var seconds: Double { preparing + enrolling + evaluating }

  package static func += (sum: inout CellCost, cost: CellCost) {
    sum.preparing += cost.preparing
    sum.enrolling += cost.enrolling
    sum.evaluating += cost.evaluating
  }
}

extension CellSize {
  /// Scores of all references against probes and galleries.
  var columns: Int { comparisons + references * gallery }
}

/// Pilots as they are measured, one for each system and configuration on each dataset until the
/// time for them is used up; a system that has none yet is measured whatever it takes.
struct Pilots {
  /// By system, and by system and data.
  private var measured: [[String]: Pilot] = [:]
  private let limit: Double
  private let share: Double
  /// Wall seconds that measuring has taken.
  private(set) var seconds = 0.0

  /// - Parameters:
  ///   - cells: what is to be done.
  ///   - limit: seconds for all pilots, roughly.
  init(of cells: [Cell], limit: Double) {
    self.limit = limit
    share = limit / Double(max(1, Set(cells.map(\.systemOnData)).count))
  }

  /// Measures a cell unless a pilot stands for it.
  ///
  /// - Parameter body: takes about so many seconds; nil: these data do not show what the cell costs.
  mutating func measure(_ cell: Cell, _ body: (_ seconds: Double) throws -> Pilot?) {
    let known = measured[cell.pilotSystem]
    if measured[cell.systemOnData] != nil || known != nil && seconds > limit { return }
    let watch = StopWatch()
    // What cannot be done costs nothing: the run will say why.
    if let pilot = try? body(max(0.3, share)) {
      measured[cell.systemOnData] = pilot
      measured[cell.pilotSystem] = known ?? pilot
    }
    seconds += watch.wallSeconds
  }

  /// The pilot of a cell's system and configuration on the same data, or on any; nil: nothing of the
  /// kind could be measured.
  func pilot(of cell: Cell) -> Pilot? { measured[cell.systemOnData] ?? measured[cell.pilotSystem] }
}

extension Cell {
  /// Cells that agree in it differ in their costs by the sizes of their data only.
  fileprivate var pilotSystem: [String] { [system, preset ?? "", attack == nil ? "" : "attacked"] }
  /// The same on the same data: other extractors, repeats and factors take about as long.
  fileprivate var systemOnData: [String] {
    pilotSystem + [dataset, attack?.cohortMaleShare.map { "\($0)" } ?? ""]
  }
}
