import Biometrics
import Configurations
import Foundation
import Records
import Specs

/// A system as the columns of a table name it: "MOTE (paper)", "Traditional".
package struct SystemConfiguration: Sendable, Hashable {
  /// "mote", "traditional", or a later system's name.
  package let system: String
  package let preset: String?
  package let balancingFactor: Double?
  /// "per-subject" where each person's factor was chosen at enrolment.
  package let balancingRule: String?

  package init(
    system: String, preset: String? = nil, balancingFactor: Double? = nil,
    balancingRule: String? = nil
  ) {
    self.system = system
    self.preset = preset
    self.balancingFactor = balancingFactor
    self.balancingRule = balancingRule
  }

  /// Cosine of the vectors.
  package static let traditional = SystemConfiguration(system: "traditional")

  package var isTraditional: Bool { system == "traditional" }

  /// Title of a column; the factor is named where it is not the usual 0.5.
  package var title: String {
    let name = SystemConfiguration.titles[system] ?? system
    var details = preset.map { [$0] } ?? []
    if let balancingFactor, balancingFactor != 0.5 { details.append("factor \(balancingFactor)") }
    if let balancingRule { details.append("factor \(balancingRule)") }
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }

  /// Order of columns: MOTE by preset and factor, other systems, traditional last as in the paper.
  fileprivate var rank: (Int, Int, String, Double) {
    let order = system == "mote" ? 0 : isTraditional ? 2 : 1
    let presets = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    let place = presets.firstIndex(of: preset ?? "") ?? presets.count
    return (
      order, place, system + (preset ?? ""), balancingFactor ?? (balancingRule == nil ? -1 : 2)
    )
  }

  private static let titles = [
    "mote": "MOTE", "traditional": "Traditional", "pe-miu": "PE-MIU", "pfrnet": "PFRNet",
    "ive": "IVE", "ssnt": "SSNT",
  ]
}

/// All records of an experiment, ordered, with what the layouts of tables follow from.
package struct RecordSet: Sendable {
  package let records: [EvaluationRecord]
  /// Datasets in the paper's order, then others by name; likewise the extractors.
  package let datasets: [String]
  package let extractors: [String]
  /// Systems in the order of the columns.
  package let configurations: [SystemConfiguration]
  /// The largest number of repeats that any cell has.
  package let repeats: Int
  /// True as soon as one record was made from synthetic data.
  package let isSynthetic: Bool

  private let byCell: [Place: [EvaluationRecord]]

  private struct Place: Hashable {
    let dataset: String
    let extractor: String
    let configuration: SystemConfiguration
  }

  /// No records: what an experiment of attacks alone has.
  static let empty = RecordSet()

  private init() {
    (records, datasets, extractors, configurations) = ([], [], [], [])
    (repeats, isSynthetic, byCell) = (0, false, [:])
  }

  /// - Throws: `ReportError.duplicateRecord` when two records describe the same cell.
  package init(records: [EvaluationRecord]) throws {
    try self.init(records.map { ($0.key.slug, $0) })
  }

  /// Reads every `*.json` of `folder`.
  ///
  /// - Throws: `ReportError` when there is none, when one cannot be read or has another version,
  ///   and when two describe the same cell.
  package init(folder: URL) throws {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
    guard !names.isEmpty else { throw ReportError.noRecords(folder: folder.path) }
    let decoder = ResultStore.decoder()
    try self.init(
      names.map { name in
        let file = folder.appendingPathComponent(name)
        do {
          let data = try Data(contentsOf: file)
          let version = try decoder.decode(Version.self, from: data).version
          guard version == EvaluationRecord.currentVersion else {
            throw ReportError.recordVersion(
              file: file.path, found: version, expected: EvaluationRecord.currentVersion)
          }
          return (name, try decoder.decode(EvaluationRecord.self, from: data))
        } catch let error as DecodingError {
          throw ReportError.unreadableRecord(file: file.path, reason: error.reason)
        }
      })
  }

  private struct Version: Decodable {
    let version: Int
  }

  private init(_ named: [(name: String, record: EvaluationRecord)]) throws {
    var names: [Cell: String] = [:]
    for (name, record) in named {
      if let first = names.updateValue(name, forKey: record.key) {
        throw ReportError.duplicateRecord(cell: record.key.slug, first: first, second: name)
      }
    }
    let datasets = ordered(
      named.map(\.record.key.dataset), first: ["Adience", "ColorFeret", "LFW"])
    let extractors = ordered(named.map(\.record.key.extractor), first: ["ArcFace", "MagFace"])
    let configurations = Set(named.map(\.record.configuration)).sorted { $0.rank < $1.rank }
    self.records = named.map(\.record).sorted {
      func place(_ record: EvaluationRecord) -> (Int, Int, Int, Int) {
        (
          datasets.firstIndex(of: record.key.dataset)!,
          extractors.firstIndex(of: record.key.extractor)!,
          configurations.firstIndex(of: record.configuration)!, record.key.repeatIndex
        )
      }
      return place($0) < place($1)
    }
    self.datasets = datasets
    self.extractors = extractors
    self.configurations = configurations
    byCell = Dictionary(grouping: records) {
      Place(
        dataset: $0.key.dataset, extractor: $0.key.extractor, configuration: $0.configuration)
    }
    repeats = byCell.values.map(\.count).max() ?? 0
    isSynthetic = records.contains(where: \.isSynthetic)
  }

  /// The repeats of a cell in order; empty when it was not run.
  package func records(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration
  ) -> [EvaluationRecord] {
    byCell[Place(dataset: dataset, extractor: extractor, configuration: configuration)] ?? []
  }

  /// Whether any system was run on a dataset with an extractor.
  package func has(_ dataset: String, _ extractor: String) -> Bool {
    configurations.contains { !records(dataset, extractor, $0).isEmpty }
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
}

extension EvaluationRecord {
  /// The column this record belongs to.
  package var configuration: SystemConfiguration {
    SystemConfiguration(
      system: key.system, preset: key.preset, balancingFactor: key.balancingFactor,
      balancingRule: key.balancingRule)
  }
}

/// Distinct names: those of `first` in its order, then the others by name.
private func ordered(_ names: [String], first: [String]) -> [String] {
  let found = Set(names)
  return first.filter(found.contains) + found.subtracting(first).sorted()
}

extension DecodingError {
  /// What was wrong and at which key, without the decoder's type names.
  var reason: String {
    func path(_ context: Context) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return keys.isEmpty ? "" : " at '\(keys.joined(separator: "."))'"
    }
    switch self {
    case .keyNotFound(let key, let context):
      return "no key '\(key.stringValue)'\(path(context))"
    case .typeMismatch(let type, let context): return "expected \(type)\(path(context))"
    case .valueNotFound(let type, let context): return "null, expected \(type)\(path(context))"
    case .dataCorrupted(let context): return context.debugDescription + path(context)
    @unknown default: return "\(self)"
    }
  }
}
