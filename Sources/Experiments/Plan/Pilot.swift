import Configurations
import Specs

/// What the work of a cell costs, measured on a part of its own data; wall seconds with all workers
/// at work.
package struct Pilot: Sendable, Hashable {
  /// Of the cell that was measured, to carry the figures over to others.
  package var size: CellSize
  /// Rows of a training epoch; 0: references are compared without training.
  package var epochRows: Int
  /// Before the first reference, all folds: densities and packed rows, or a scheme's training.
  package var preparing: Double
  /// Per reference: enrolment with early stopping, comparison, what an attacker reads.
  package var enrolling: Double
  /// Per comparison: all conventions with all bootstrap replicates.
  package var evaluating: Double
  /// All attacks on all targets; 0: the cell is not attacked.
  package var auditing: Double

  package init(
    size: CellSize, epochRows: Int = 0, preparing: Double = 0, enrolling: Double,
    evaluating: Double, auditing: Double = 0
  ) {
    self.size = size
    self.epochRows = epochRows
    self.preparing = preparing
    self.enrolling = enrolling
    self.evaluating = evaluating
    self.auditing = auditing
  }

  /// The figures for a cell of the same system on other data: densities go over all pairs of cohort
  /// rows, schemes over the rows once; training goes by rows of an epoch, comparison by columns, the
  /// audit by targets and questions.
  package func scaled(to other: CellSize, epochRows rows: Int) -> Pilot {
    func ratio(_ new: Int, _ old: Int) -> Double { Double(max(1, new)) / Double(max(1, old)) }
    func answers(_ size: CellSize) -> Int { size.references * (size.attack?.questions ?? 0) }
    let cohort = ratio(other.cohortRows, size.cohortRows)
    return Pilot(
      size: other, epochRows: rows,
      preparing: preparing * (epochRows > 0 ? cohort * cohort : cohort),
      enrolling: enrolling
        * (epochRows > 0 ? ratio(rows, epochRows) : ratio(other.columns, size.columns)),
      evaluating: evaluating, auditing: auditing * ratio(answers(other), answers(size)))
  }
}

extension ExperimentSpec {
  /// Rows of a training epoch of a cell, validation included; 0: it trains no networks.
  func epochRows(of cell: Cell, _ size: CellSize) -> Int {
    guard let preset = cell.preset else { return 0 }
    let training = configuration(preset).training
    return size.cohortRows + training.matedRows(cohortRows: size.cohortRows)
      + size.developmentRows
  }
}

/// Pilots with the cells they were measured on, in the order of measuring.
struct Pilots {
  var measured: [(cell: Cell, pilot: Pilot)] = []

  /// The figures for a cell: its own, or those of the same system and configuration on data as near
  /// as there are; nil: nothing of the kind could be measured.
  func pilot(of cell: Cell, _ size: CellSize, in spec: ExperimentSpec) -> Pilot? {
    let alike = measured.filter { $0.cell.pilotKind == cell.pilotKind }
    let best = alike.max { nearness($0.cell, cell) < nearness($1.cell, cell) }
    return best?.pilot.scaled(to: size, epochRows: spec.epochRows(of: cell, size))
  }

  private func nearness(_ a: Cell, _ b: Cell) -> Int {
    let isSameData = a.dataset == b.dataset
    // Another extractor of the same dataset takes about as long.
    return [
      isSameData, isSameData && a.attack == b.attack, isSameData && a.extractor == b.extractor,
      isSameData && a.repeatIndex == b.repeatIndex,
    ].count { $0 }
  }
}

extension Cell {
  /// What cells have in common whose costs differ by their sizes only.
  var pilotKind: [String] { [system, preset ?? "", attack == nil ? "" : "attacked"] }
}
