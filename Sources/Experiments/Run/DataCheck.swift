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
    var divisions: Set<DivisionInputs> = []
    for inputs in lookup.batches.map(lookup.inputs(of:))
    where divisions.insert(inputs.division).inserted {
      try noting { _ = try BatchData(inputs, shelf: lookup.shelf) }
    }
    var attacks: Set<AttackedDivision> = []
    for inputs in lookup.attacked.map({ lookup.inputs[$0]! })
    where attacks.insert(AttackedDivision(inputs)).inserted {
      try noting { _ = try AttackData(inputs, shelf: lookup.shelf) }
    }
    if !problems.isEmpty { throw DataProblems(problems: problems) }
  }
}

/// What the data of an attacked cell follow from.
private struct AttackedDivision: Hashable {
  let division: DivisionInputs
  let attacker: DatasetInputs
  let cohortMaleShare: Double?

  init(_ inputs: CellInputs) {
    division = inputs.division
    attacker = inputs.attack!.attacker
    cohortMaleShare = inputs.attack!.cohortMaleShare
  }
}

/// Why the data of a spec cannot be used: every problem of every dataset, each once.
package struct DataProblems: Error, CustomStringConvertible {
  package let problems: [String]

  package var description: String { problems.joined(separator: "\n") }
}
