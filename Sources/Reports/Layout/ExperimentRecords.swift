import Foundation
import Records
import Specs

/// Everything an experiment has written down, of all kinds.
package struct ExperimentRecords: Sendable {
  /// Evaluated cells.
  package let results: RecordSet
  /// Attacked cells.
  package let attacks: AttackRecordSet
  /// Measured costs.
  package let costs: [CostRecord]
  /// The run that last brought the folder up to date; nil: records made apart from a run.
  package let run: PresentRun?

  /// - Parameter folder: results folder of the experiment.
  /// - Throws: `ReportError` when there is no record of any kind, or one cannot be read.
  package init(folder: URL) throws {
    run = try ReportError.reading { () throws(RecordError) in
      try PresentRun.read(in: folder.path)
    }
    let records = folder.appendingPathComponent("records")
    attacks = try AttackRecordSet(folder: records.appendingPathComponent("attacks"))
    let costs = RecordFolder<CostRecord>(folder.appendingPathComponent("costs").path)
    self.costs = try ReportError.reading { () throws(RecordError) in try costs.records() }
    // An experiment of attacks or of costs alone evaluates nothing.
    results =
      (attacks.isEmpty && self.costs.isEmpty)
        || !RecordFolder<EvaluationRecord>(records.path).names.isEmpty
      ? try RecordSet(folder: records) : .empty
  }
}
