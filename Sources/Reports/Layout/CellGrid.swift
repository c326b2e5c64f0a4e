import Records
import Specs

/// Records by dataset, extractor and system, all in the order of the tables.
struct CellGrid<Record: StoredRecord & Sendable, System: Hashable & Sendable>: Sendable {
  /// Ordered by dataset, extractor, system and repeat.
  let records: [Record]
  /// Datasets in the paper's order, then others by name; likewise the extractors.
  let datasets: [String]
  let extractors: [String]
  let systems: [System]
  private let byCell: [Place: [Record]]

  private struct Place: Hashable {
    let dataset: String
    let extractor: String
    let system: System
  }

  /// - Parameters:
  ///   - system: the system that a cell belongs to.
  ///   - precedes: order of the systems.
  init(
    _ records: [Record], system: (Cell) -> System, precedes: (System, System) -> Bool
  ) {
    let datasets = ordered(records.map(\.key.dataset), first: ["Adience", "ColorFeret", "LFW"])
    let extractors = ordered(records.map(\.key.extractor), first: ["ArcFace", "MagFace"])
    let systems = Set(records.map { system($0.key) }).sorted(by: precedes)
    func place(_ key: Cell) -> (Int, Int, Int, Int) {
      (
        datasets.firstIndex(of: key.dataset)!, extractors.firstIndex(of: key.extractor)!,
        systems.firstIndex(of: system(key))!, key.repeatIndex
      )
    }
    self.records = records.sorted { place($0.key) < place($1.key) }
    self.datasets = datasets
    self.extractors = extractors
    self.systems = systems
    byCell = Dictionary(grouping: self.records) {
      Place(dataset: $0.key.dataset, extractor: $0.key.extractor, system: system($0.key))
    }
  }

  /// The repeats of a cell in order; empty when it was not run.
  func records(_ dataset: String, _ extractor: String, _ system: System) -> [Record] {
    byCell[Place(dataset: dataset, extractor: extractor, system: system)] ?? []
  }

  /// The largest number of repeats that any cell has.
  var repeats: Int { byCell.values.map(\.count).max() ?? 0 }
}

/// Distinct names: those of `first` in its order, then the others by name.
func ordered(_ names: [String], first: [String]) -> [String] {
  let found = Set(names)
  return first.filter(found.contains) + found.subtracting(first).sorted()
}
