import Datasets
import Foundation
import Records
import Specs

/// Opens, divides and audits all data that a run is to use before anything is trained: what is wrong
/// with the last dataset is told at once, and told once.
struct DataCheck {
  /// - Throws: `DataProblems` with every problem of every dataset.
  static func check(_ lookup: Lookup, _ run: RunContext) throws {
    var problems: [String] = []
    func noting(_ body: () throws -> Void) throws {
      try run.interruption.check()
      do { try body() } catch let error where !RunJournal.isFatal(error) {
        for line in describe(error).split(separator: "\n").map(String.init)
        where !problems.contains(line) { problems.append(line) }
      }
    }
    var divisions: Set<CheckedDivision> = []
    for inputs in lookup.batches.map(lookup.inputs(of:))
    where divisions.insert(CheckedDivision(inputs)).inserted {
      try noting { _ = try BatchData(inputs, shelf: lookup.shelf) }
    }
    var attacks: Set<CheckedDivision> = []
    for inputs in lookup.attacked.map({ lookup.inputs[$0]! })
    where attacks.insert(CheckedDivision(inputs)).inserted {
      try noting { _ = try AttackData(inputs, shelf: lookup.shelf) }
    }
    if !problems.isEmpty { throw DataProblems(problems: problems) }
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

  package var description: String { problems.joined(separator: "\n") }
}
