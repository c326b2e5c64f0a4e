import Specs

/// What the work of a cell costs, measured on a part of its own data: seconds with all workers at
/// work, on cores that nothing else uses.
package struct Pilot: Sendable, Hashable {
  /// Of the cell that was measured, to carry the figures over to others.
  package var size: CellSize
  /// Before the first reference, all folds: densities and packed rows, or a scheme's training.
  package var preparing = 0.0
  /// Per reference: enrolment with early stopping, comparison, what an attacker reads.
  package var enrolling = 0.0
  /// The same per reference of the attacker's own, which meets no probes.
  package var enrollingOwn = 0.0
  /// Per comparison: all conventions with all bootstrap replicates.
  package var evaluating = 0.0
  /// All attacks on all targets; 0: the cell is not attacked.
  package var auditing = 0.0

  package init(_ size: CellSize) { self.size = size }

  /// Wall seconds of the cell.
  ///
  /// - Parameters:
  ///   - passes: how often each reference is made.
  ///   - prepares: whether the cell is the first that needs what is made before.
  func seconds(passes: Int, prepares: Bool) -> Double {
    let enrolled = Double(size.references) * enrolling + Double(size.ownReferences) * enrollingOwn
    return (prepares ? preparing : 0) + Double(passes) * enrolled
      + Double(size.comparisons) * evaluating + auditing
  }

  /// The figures for a cell of the same system on other data: densities go over all pairs of cohort
  /// rows, schemes over the rows once; training goes by rows of an epoch, comparison by columns, the
  /// audit by targets and questions.
  package func scaled(to other: CellSize) -> Pilot {
    func ratio(_ count: (CellSize) -> Int) -> Double {
      Double(max(1, count(other))) / Double(max(1, count(size)))
    }
    let trains = size.epochRows > 0
    let cohort = ratio(\.cohortRows)
    let reference = ratio(trains ? \.epochRows : \.columns)
    var pilot = self
    pilot.size = other
    pilot.preparing *= trains ? cohort * cohort : cohort
    pilot.enrolling *= reference
    pilot.enrollingOwn *= trains ? reference : ratio(\.gallery)
    pilot.auditing *= ratio { $0.references * $0.questions }
    return pilot
  }
}

/// Pilots with the cells they were measured on, in the order of measuring.
struct Pilots {
  var measured: [(cell: Cell, pilot: Pilot)] = []

  /// The figures for a cell: its own, or those of the same system and configuration on data as near
  /// as there are; nil: nothing of the kind could be measured.
  func pilot(of cell: Cell, _ size: CellSize) -> Pilot? {
    let alike = measured.filter { $0.cell.pilotKind == cell.pilotKind }
    return alike.max { nearness($0.cell, cell) < nearness($1.cell, cell) }?.pilot.scaled(to: size)
  }

  private func nearness(_ a: Cell, _ b: Cell) -> Int {
    // Another extractor of the same dataset takes about as long.
    guard a.dataset == b.dataset else { return 0 }
    return 1
      + [a.attack == b.attack, a.extractor == b.extractor, a.repeatIndex == b.repeatIndex]
      .count { $0 }
  }
}

extension Cell {
  /// What cells have in common whose costs differ by their sizes only.
  var pilotKind: [String] { [system, preset ?? "", attack == nil ? "" : "attacked"] }
}
