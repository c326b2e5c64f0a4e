import Foundation
import Records
import Specs

/// All attack records of an experiment, ordered.
package typealias AttackRecordSet = CellGrid<AttackRecord, AttackedSystem>

extension AttackRecordSet {
  package var isEmpty: Bool { records.isEmpty }

  /// - Parameter missing: cells without record.
  package init(records: [AttackRecord], missing: MissingCells = .none) {
    self.init(
      records, missing: missing.cells(attacked: true), system: AttackedSystem.init
    ) { $0.rank < $1.rank }
  }

  /// Every attribute and question that was asked, in order: gender first.
  package var questions: [AttackQuestion] {
    let all = records.flatMap { $0.reports.map(AttackQuestion.init) }.distinct()
    return all.filter { $0.attribute == "gender" } + all.filter { $0.attribute != "gender" }
  }
}
