import Records
import Specs

/// A dataset with an extractor.
package struct Place: Hashable, Sendable {
  package let dataset: String
  package let extractor: String

  /// Title of a panel.
  package var title: String { "\(dataset) · \(extractor)" }

  package init(dataset: String, extractor: String) {
    self.dataset = dataset
    self.extractor = extractor
  }

  /// Where a cell belongs.
  package init(_ cell: Cell) { self.init(dataset: cell.dataset, extractor: cell.extractor) }
}

/// Records by dataset, extractor and system, all in the order of the tables, with the cells that the
/// experiment asks for and that have no record.
package struct CellGrid<Record: StoredRecord, System: Hashable & Sendable>: Sendable {
  /// Ordered by dataset, extractor, system and repeat.
  package let records: [Record]
  /// Datasets in the paper's order, then others by name; likewise the extractors.
  package let datasets: [String]
  package let extractors: [String]
  /// Systems in the order of the columns or rows.
  package let systems: [System]
  /// True as soon as one record was made from synthetic data.
  package let isSynthetic: Bool
  /// The largest number of repeats that any system has, made or missing.
  package let repeats: Int
  /// Title of the experiment; empty: not known.
  package let title: String
  /// What was measured anywhere, each once.
  package let facets: Set<MeasurementFacet>
  private let bySystem: [System: [Place: [Record]]]
  /// Why there is no record, by system and place.
  private let reasons: [System: [Place: String]]

  /// - Parameters:
  ///   - missing: what there is no record of.
  ///   - facets: what the records hold measurements of.
  ///   - system: the system that a cell belongs to.
  ///   - precedes: order of the systems.
  package init(
    _ records: [Record], missing: MissingCells, facets: Set<MeasurementFacet> = [],
    system: (Cell) -> System, precedes: (System, System) -> Bool
  ) {
    let cells = records.map(\.key) + missing.cells
    let datasets = ordered(cells.map(\.dataset), first: ["Adience", "ColorFeret", "LFW"])
    let extractors = ordered(cells.map(\.extractor), first: ["ArcFace", "MagFace"])
    let systems = Set(cells.map(system)).sorted(by: precedes)
    func order(_ key: Cell) -> (Int, Int, Int, Int) {
      (
        datasets.firstIndex(of: key.dataset)!, extractors.firstIndex(of: key.extractor)!,
        systems.firstIndex(of: system(key))!, key.repeatIndex
      )
    }
    self.records = records.sorted { order($0.key) < order($1.key) }
    self.datasets = datasets
    self.extractors = extractors
    self.systems = systems
    self.facets = facets
    title = missing.title
    isSynthetic = records.contains(where: \.isSynthetic)
    bySystem = Dictionary(grouping: self.records) { system($0.key) }.mapValues {
      Dictionary(grouping: $0) { Place($0.key) }
    }
    var reasons: [System: [Place: String]] = [:]
    for cell in missing.cells.reversed() {
      reasons[system(cell), default: [:]][Place(cell)] = missing.reason(of: cell)
    }
    self.reasons = reasons
    repeats =
      Dictionary(grouping: cells) { [$0.dataset, $0.extractor, "\(system($0))"] }.values
      .map(\.count).max() ?? 0
  }

  /// The repeats of a cell in order; empty when it was not run.
  package func records(_ place: Place, _ system: System) -> [Record] {
    bySystem[system]?[place] ?? []
  }

  /// Every place by dataset, those of a dataset by extractor.
  package var places: [Place] {
    datasets.flatMap { dataset in extractors.map { Place(dataset: dataset, extractor: $0) } }
  }

  /// Whether any system was, or should have been, run at a place.
  package func has(_ place: Place) -> Bool {
    bySystem.values.contains { $0[place] != nil } || reasons.values.contains { $0[place] != nil }
  }

  /// Why a system lacks records at a place; nil: nothing is known to be missing.
  package func absence(_ place: Place, _ system: System) -> String? { reasons[system]?[place] }
}

/// Distinct names: those of `first` in its order, then the others by name.
package func ordered(_ names: [String], first: [String]) -> [String] {
  let found = Set(names)
  return first.filter(found.contains) + found.subtracting(first).sorted()
}
