import Foundation
import Records
import Specs

/// All attack records of an experiment, ordered.
package struct AttackRecordSet: Sendable {
  private let grid: CellGrid<AttackRecord, AttackedSystem>
  package let isSynthetic: Bool
  /// The largest number of repeats that any cell has.
  package let repeats: Int

  package var records: [AttackRecord] { grid.records }
  package var datasets: [String] { grid.datasets }
  package var extractors: [String] { grid.extractors }
  package var systems: [AttackedSystem] { grid.systems }
  package var isEmpty: Bool { records.isEmpty }

  package init(records: [AttackRecord]) {
    grid = CellGrid(records, system: AttackedSystem.init) { $0.rank < $1.rank }
    isSynthetic = records.contains(where: \.isSynthetic)
    repeats = grid.repeats
  }

  /// Reads the records of `folder`; a folder that is not there holds none.
  ///
  /// - Throws: `ReportError` when a record cannot be read or has another version.
  package init(folder: URL) throws {
    let folder = RecordFolder<AttackRecord>(folder.path)
    self.init(
      records: try ReportError.reading { () throws(RecordError) in try folder.records() })
  }

  /// The repeats of a cell.
  package func records(_ dataset: String, _ extractor: String, _ system: AttackedSystem)
    -> [AttackRecord]
  {
    grid.records(dataset, extractor, system)
  }

  /// Every attribute and question that was asked, in order: gender first.
  var questions: [AttackQuestion] {
    var seen: Set<AttackQuestion> = []
    let all = records.flatMap { $0.reports.map(AttackQuestion.init) }
      .filter { seen.insert($0).inserted }
    return all.filter { $0.attribute == "gender" } + all.filter { $0.attribute != "gender" }
  }
}
