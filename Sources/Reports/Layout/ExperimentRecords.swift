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

  /// - Parameter folder: results folder of the experiment.
  /// - Throws: `ReportError` when there is no record of any kind, or one cannot be read.
  package init(folder: URL) throws {
    let records = folder.appendingPathComponent("records")
    attacks = try AttackRecordSet(folder: records.appendingPathComponent("attacks"))
    costs = try ResultStore.costRecords(in: folder)
    // An experiment of attacks or of costs alone evaluates nothing.
    results =
      (attacks.isEmpty && costs.isEmpty) || Self.holdsRecords(records)
      ? try RecordSet(folder: records) : .empty
  }

  /// Whether a folder has record files of its own.
  private static func holdsRecords(_ folder: URL) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.contains { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
  }
}
