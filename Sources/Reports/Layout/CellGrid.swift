import Records
import Specs

/// A dataset with an extractor.
package struct Place: Hashable, Sendable {
  let dataset: String
  let extractor: String

  /// Title of a panel.
  var title: String { "\(dataset) · \(extractor)" }
}

/// Records by dataset, extractor and system, all in the order of the tables.
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
  /// The largest number of repeats that any cell has.
  package let repeats: Int
  private let bySystem: [System: [Place: [Record]]]

  /// - Parameters:
  ///   - system: the system that a cell belongs to.
  ///   - precedes: order of the systems.
  init(
    _ records: [Record], system: (Cell) -> System, precedes: (System, System) -> Bool
  ) {
    let datasets = ordered(records.map(\.key.dataset), first: ["Adience", "ColorFeret", "LFW"])
    let extractors = ordered(records.map(\.key.extractor), first: ["ArcFace", "MagFace"])
    let systems = Set(records.map { system($0.key) }).sorted(by: precedes)
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
    isSynthetic = records.contains(where: \.isSynthetic)
    bySystem = Dictionary(grouping: self.records) { system($0.key) }.mapValues {
      Dictionary(grouping: $0) {
        Place(dataset: $0.key.dataset, extractor: $0.key.extractor)
      }
    }
    repeats = bySystem.values.flatMap(\.values).map(\.count).max() ?? 0
  }

  /// The repeats of a cell in order; empty when it was not run.
  func records(_ place: Place, _ system: System) -> [Record] { bySystem[system]?[place] ?? [] }

  /// Every place by dataset, those of a dataset by extractor.
  var places: [Place] {
    datasets.flatMap { dataset in extractors.map { Place(dataset: dataset, extractor: $0) } }
  }

  /// Whether any system was run at a place.
  func has(_ place: Place) -> Bool { bySystem.values.contains { $0[place] != nil } }

  /// Where the numbers come from.
  var provenance: ProvenanceSummary { ProvenanceSummary(of: records.map(\.provenance)) }
}

/// Distinct names: those of `first` in its order, then the others by name.
func ordered(_ names: [String], first: [String]) -> [String] {
  let found = Set(names)
  return first.filter(found.contains) + found.subtracting(first).sorted()
}
