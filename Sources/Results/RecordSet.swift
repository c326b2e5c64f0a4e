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

  /// - Parameters:
  ///   - missing: cells without record.
  ///   - names: names of the records in errors; nil: those of their cells.
  /// - Throws: `ResultsError.duplicateRecord` when two records describe the same cell.
  package init(
    records: [EvaluationRecord], missing: MissingCells = .none, names: [String]? = nil
  ) throws {
    var known: [Cell: String] = [:]
    for (record, name) in zip(records, names ?? records.map(\.key.slug)) {
      if let first = known.updateValue(name, forKey: record.key) {
        throw ResultsError.duplicateRecord(cell: record.key.slug, first: first, second: name)
      }
    }
    self.init(
      records, missing: missing.cells(attacked: false), facets: records.facets,
      system: \.configuration
    ) { $0.rank < $1.rank }
  }

  /// The systems of Tables 1 and 2: MOTE and traditional, MOTE at factor 0.5. What was made for readings
  /// alone stands in their tables.
  package var mainConfigurations: [SystemConfiguration] {
    usualConfigurations.filter { !$0.isMadeForReadings }
  }

  /// MOTE at factor 0.5, whatever it was made for, and traditional.
  ///
  /// An experiment without factor 0.5 shows the factors that it has.
  package var usualConfigurations: [SystemConfiguration] {
    let main = configurations.filter {
      ($0.system == "mote" && $0.balancingRule == nil) || $0.isTraditional
    }
    let usual = main.filter { $0.balancingFactor == nil || $0.balancingFactor == 0.5 }
    return usual.contains { $0.system == "mote" } ? usual : main
  }

  /// Distinct values of a measurement's property, the named ones first, then by name.
  package func distinct(
    of quantity: Quantity, first: [String] = [], _ property: (MeasurementFacet) -> String
  ) -> [String] {
    ordered(facets.filter { $0.quantity == quantity }.map(property), first: first)
  }

  /// Whether any record has a measurement of the quantity.
  package func holds(_ quantity: Quantity) -> Bool { facets.contains { $0.quantity == quantity } }

  /// The FMR targets of a quantity: the paper's first, then the others, largest first.
  package func targets(of quantity: Quantity, convention: String) -> [Double] {
    let found = Set(
      facets.filter { $0.quantity == quantity && $0.convention == convention }.compactMap(\.target))
    return found.filter(PaperTarget.isPaper)
      + found.filter { !PaperTarget.isPaper($0) }.sorted(by: >)
  }
}

/// The operating point of the paper's tables.
package enum PaperTarget {
  /// The false match rate that thresholds are set at.
  package static let fmr = 0.001

  /// Whether a target is the paper's; a number next to it is another target.
  package static func isPaper(_ target: Double) -> Bool { target == fmr }
}

extension Cell {
  /// The column this cell belongs to.
  package var configuration: SystemConfiguration {
    SystemConfiguration(
      system: system, preset: preset, balancingFactor: balancingFactor,
      balancingRule: balancingRule, reference: reference)
  }
}

extension EvaluationRecord {
  /// The column this record belongs to.
  package var configuration: SystemConfiguration { key.configuration }
}
