import Foundation
import Records
import Specs

/// All attack records of an experiment, ordered.
package typealias AttackRecordSet = CellGrid<AttackRecord, AttackedSystem>

extension AttackRecordSet {
  package var isEmpty: Bool { records.isEmpty }

  package init(records: [AttackRecord]) {
    self.init(records, system: AttackedSystem.init) { $0.rank < $1.rank }
  }

  /// Reads the records of `folder`; a folder that is not there holds none.
  ///
  /// - Throws: `ReportError` when a record cannot be read or has another version.
  package init(folder: URL) throws {
    let folder = RecordFolder<AttackRecord>(folder.path)
    self.init(
      records: try ReportError.reading { () throws(RecordError) in try folder.records() })
  }

  /// Every attribute and question that was asked, in order: gender first.
  var questions: [AttackQuestion] {
    let all = records.flatMap { $0.reports.map(AttackQuestion.init) }.distinct()
    return all.filter { $0.attribute == "gender" } + all.filter { $0.attribute != "gender" }
  }
}
