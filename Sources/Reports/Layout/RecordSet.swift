import Biometrics
import Configurations
import Foundation
import Records
import Specs

/// All records of an experiment, ordered, with what the layouts of tables follow from.
package typealias RecordSet = CellGrid<EvaluationRecord, SystemConfiguration>

extension RecordSet {
  /// Systems in the order of the columns.
  package var configurations: [SystemConfiguration] { systems }

  /// No records: what an experiment of attacks alone has.
  static var empty: RecordSet { RecordSet(distinct: []) }

  private init(distinct records: [EvaluationRecord]) {
    self.init(records, system: \.configuration) { $0.rank < $1.rank }
  }

  /// - Throws: `ReportError.duplicateRecord` when two records describe the same cell.
  package init(records: [EvaluationRecord]) throws {
    try self.init(records, names: records.map(\.key.slug))
  }

  /// Reads the records of `folder`.
  ///
  /// - Throws: `ReportError` when there is none, when one cannot be read or has another version,
  ///   and when two describe the same cell.
  package init(folder: URL) throws {
    let folder = RecordFolder<EvaluationRecord>(folder.path)
    let names = folder.names
    guard !names.isEmpty else { throw ReportError.noRecords(folder: folder.path) }
    try self.init(
      ReportError.reading { () throws(RecordError) in try folder.records() }, names: names)
  }

  /// `names` are those of the records in errors.
  private init(_ records: [EvaluationRecord], names: [String]) throws {
    var known: [Cell: String] = [:]
    for (record, name) in zip(records, names) {
      if let first = known.updateValue(name, forKey: record.key) {
        throw ReportError.duplicateRecord(cell: record.key.slug, first: first, second: name)
      }
    }
    self.init(distinct: records)
  }

  /// The systems of Tables 1 and 2: MOTE and traditional, MOTE at factor 0.5.
  ///
  /// An experiment without factor 0.5 shows the factors that it has.
  package var mainConfigurations: [SystemConfiguration] {
    let main = configurations.filter {
      ($0.system == "mote" && $0.balancingRule == nil) || $0.isTraditional
    }
    let usual = main.filter { $0.balancingFactor == nil || $0.balancingFactor == 0.5 }
    return usual.contains { $0.system == "mote" } ? usual : main
  }

  /// Distinct values of a measurement's property, the named ones first, then by name.
  package func distinct(
    of quantity: Quantity, first: [String] = [], _ property: (MetricValue) -> String
  ) -> [String] {
    ordered(
      records.flatMap { $0.measurements.filter { $0.quantity == quantity }.map(property) },
      first: first)
  }

  /// The FMR targets of a quantity: the paper's where the records have it, else all, largest first.
  func targets(of quantity: Quantity, convention: String) -> [Double] {
    let found = Set(
      records.flatMap { record in
        record.measurements.filter { $0.quantity == quantity && $0.convention == convention }
          .compactMap(\.target)
      })
    if let paper = found.first(where: PaperTarget.isPaper) { return [paper] }
    return found.sorted(by: >)
  }
}

/// The operating point of the paper's tables.
enum PaperTarget {
  static let fmr = 0.001

  /// Whether a target is the paper's, in spite of rounding.
  static func isPaper(_ target: Double) -> Bool { abs(target - fmr) < 1e-12 }

  /// What names of files add for another target: "-at-1e-2".
  static func suffix(_ target: Double) -> String {
    isPaper(target) ? "" : "-at-\(CellFormat.target(target))"
  }
}

extension Cell {
  /// The column this cell belongs to.
  var configuration: SystemConfiguration {
    SystemConfiguration(
      system: system, preset: preset, balancingFactor: balancingFactor,
      balancingRule: balancingRule)
  }
}

extension EvaluationRecord {
  /// The column this record belongs to.
  package var configuration: SystemConfiguration { key.configuration }
}
