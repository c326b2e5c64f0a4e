import Datasets
import Foundation
import Records
import Specs

/// Opens, divides and audits data as a run would, before anything is trained: what is wrong with the
/// last dataset is told at once, and told once.
struct DataCheck {
  let shelf: DataShelf
  let interruption: Interruption
  /// Where the spec says what people are grouped by; nil: nowhere.
  let groupsAt: SourceLocation?
  private var problems: [String] = []

  init(_ shelf: DataShelf, _ interruption: Interruption, groupsAt: SourceLocation?) {
    (self.shelf, self.interruption, self.groupsAt) = (shelf, interruption, groupsAt)
  }

  /// The data of what a run has to do.
  ///
  /// - Throws: `DataProblems` with every problem of every dataset.
  static func check(
    _ lookup: Lookup, _ interruption: Interruption, groupsAt: SourceLocation?
  ) throws {
    var check = DataCheck(lookup.shelf, interruption, groupsAt: groupsAt)
    try check.evaluated(lookup.batches.map(lookup.inputs(of:))) { _, _ in }
    try check.attacked(lookup.attacked.map { lookup.inputs[$0]! }) { _, _ in }
    try check.finish()
  }

  /// The data of evaluated cells, each division once; `use` receives those that are sound.
  mutating func evaluated(_ cells: [CellInputs], use: (CellInputs, BatchData) -> Void) throws {
    var known: Set<CheckedDivision> = []
    let shelf = shelf
    for inputs in cells where known.insert(CheckedDivision(inputs)).inserted {
      try noting { use(inputs, try BatchData(inputs, shelf: shelf)) }
    }
  }

  /// The same of attacked cells.
  mutating func attacked(_ cells: [CellInputs], use: (CellInputs, AttackData) -> Void) throws {
    var known: Set<CheckedDivision> = []
    let shelf = shelf
    for inputs in cells where known.insert(CheckedDivision(inputs)).inserted {
      try noting { use(inputs, try AttackData(inputs, shelf: shelf)) }
    }
  }

  /// - Throws: `DataProblems` with all that was found.
  func finish() throws {
    if !problems.isEmpty { throw DataProblems(problems: problems) }
  }

  private mutating func noting(_ body: () throws -> Void) throws {
    try interruption.check()
    do { try body() } catch let error where !RunJournal.isFatal(error) {
      for line in Self.text(of: error, groupsAt: groupsAt).split(separator: "\n").map(String.init)
      where !problems.contains(line) { problems.append(line) }
    }
  }

  /// What is wrong with the data; with its place in the spec where a key of it is to blame.
  static func text(of error: any Error, groupsAt: SourceLocation?) -> String {
    let place = (error is SubjectGroupsError ? groupsAt : nil).map { "\($0): " } ?? ""
    return place + describe(error)
  }
}

/// What the data of a cell follow from, and what is asked of them.
private struct CheckedDivision: Hashable {
  let division: DivisionInputs
  let audit: AuditInputs
  /// Nil: the cell is not attacked.
  let attacker: DatasetInputs?

  init(_ inputs: CellInputs) {
    division = inputs.division
    audit = inputs.audit
    attacker = inputs.attack?.attacker
  }
}

/// Why the data of a spec cannot be used: every problem of every dataset, each once.
package struct DataProblems: Error, CustomStringConvertible {
  package let problems: [String]

  package init(problems: [String]) { self.problems = problems }

  package var description: String { problems.joined(separator: "\n") }
}
