import AttackReports
import Configurations
import Foundation
import Records
import Specs

/// An attacked system as rows of a table name it: "MOTE (paper), cohort 50 % male".
package struct AttackedSystem: Sendable, Hashable {
  package let configuration: SystemConfiguration
  /// Male share of the training cohort; nil: as it is.
  package let cohortMaleShare: Double?

  init(_ key: Cell) {
    configuration = SystemConfiguration(
      system: key.system, preset: key.preset, balancingFactor: key.balancingFactor)
    cohortMaleShare = key.attack?.cohortMaleShare
  }

  package var isMote: Bool { configuration.system == "mote" }

  /// The paper's name of the system: block sizes and other settings are ours.
  var publishedName: String {
    configuration.system.hasPrefix("pe-miu") ? "pe-miu" : configuration.system
  }

  /// Title of a row.
  package var title: String {
    cohortMaleShare.map { "\(name), cohort \(CellFormat.percent.text($0)) % male" } ?? name
  }

  private var name: String {
    let parts = configuration.system.split(separator: "-")
    switch parts.first {
    case "pe": return "PE-MIU (block \(parts.last!))"
    case "ssnt": return "SSNT (\(parts[1]) \(parts.last!))"
    case "pfrnet": return "PFRNet (re-implementation)"
    case "negative": return "NFR"
    default: return configuration.title
    }
  }

  /// Traditional first, MOTE next, then the schemes by name.
  fileprivate var rank: (Int, Int, String, Int, Double) {
    let order = configuration.isTraditional ? 0 : isMote ? 1 : 2
    let presets = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    // Block sizes in the order of numbers.
    let block =
      configuration.system.hasPrefix("pe-miu-") ? Int(configuration.system.dropFirst(7)) : nil
    return (
      order, presets.firstIndex(of: configuration.preset ?? "") ?? presets.count,
      (block == nil ? configuration.system : "pe-miu") + (configuration.preset ?? "")
        + "\(configuration.balancingFactor ?? -1)", block ?? 0, cohortMaleShare ?? -1
    )
  }
}

/// All attack records of an experiment, ordered.
package struct AttackRecordSet: Sendable {
  package let records: [AttackRecord]
  package let datasets: [String]
  package let extractors: [String]
  package let systems: [AttackedSystem]
  package let repeats: Int
  package let isSynthetic: Bool

  package var isEmpty: Bool { records.isEmpty }

  package init(records: [AttackRecord]) {
    func distinct(_ names: [String], first: [String]) -> [String] {
      let found = Set(names)
      return first.filter(found.contains) + found.subtracting(first).sorted()
    }
    let datasets = distinct(records.map(\.key.dataset), first: ["Adience", "ColorFeret", "LFW"])
    let extractors = distinct(records.map(\.key.extractor), first: ["ArcFace", "MagFace"])
    let systems = Set(records.map { AttackedSystem($0.key) }).sorted { $0.rank < $1.rank }
    func place(_ record: AttackRecord) -> [Int] {
      [
        datasets.firstIndex(of: record.key.dataset)!,
        extractors.firstIndex(of: record.key.extractor)!,
        systems.firstIndex(of: AttackedSystem(record.key))!, record.key.repeatIndex,
      ]
    }
    self.records = records.sorted { place($0).lexicographicallyPrecedes(place($1)) }
    self.datasets = datasets
    self.extractors = extractors
    self.systems = systems
    repeats = (records.map(\.key.repeatIndex).max() ?? 0) + 1
    isSynthetic = records.contains(where: \.isSynthetic)
  }

  /// Reads every `*.json` of `folder`; a folder that is not there holds none.
  ///
  /// - Throws: `ReportError` when a record cannot be read or has another version.
  package init(folder: URL) throws {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
    let decoder = ResultStore.decoder()
    struct Version: Decodable { let version: Int }
    self.init(
      records: try names.map { name in
        let file = folder.appendingPathComponent(name)
        do {
          let data = try Data(contentsOf: file)
          let version = try decoder.decode(Version.self, from: data).version
          guard version == AttackRecord.currentVersion else {
            throw ReportError.recordVersion(
              file: file.path, found: version, expected: AttackRecord.currentVersion)
          }
          return try decoder.decode(AttackRecord.self, from: data)
        } catch let error as DecodingError {
          throw ReportError.unreadableRecord(file: file.path, reason: error.reason)
        }
      })
  }

  /// The repeats of a cell.
  package func records(_ dataset: String, _ extractor: String, _ system: AttackedSystem)
    -> [AttackRecord]
  {
    records.filter {
      $0.key.dataset == dataset && $0.key.extractor == extractor
        && AttackedSystem($0.key) == system
    }
  }

  /// Every attribute and question that was asked, in order: gender first.
  var questions: [AttackQuestion] {
    var seen: Set<AttackQuestion> = []
    let all = records.flatMap { $0.reports.map(AttackQuestion.init) }
      .filter { seen.insert($0).inserted }
    return all.filter { $0.attribute == "gender" } + all.filter { $0.attribute != "gender" }
  }
}

/// What was inferred: an attribute, and which group against which.
struct AttackQuestion: Hashable {
  let attribute: String
  let first: String
  let second: String

  init(_ report: AttackReport) {
    attribute = report.attribute
    first = report.question.first
    second = report.question.second
  }

  /// "gender", "age_group: 20-29".
  var title: String { attribute == "gender" ? attribute : "\(attribute): \(first)" }
  /// Part of file names; empty for gender.
  var suffix: String {
    attribute == "gender"
      ? ""
      : "-" + "\(attribute)-\(first)".map { $0.isLetter || $0.isNumber ? "\($0)" : "-" }.joined()
  }

  func reports(_ records: [AttackRecord]) -> [AttackReport] {
    records.compactMap { record in record.reports.first { AttackQuestion($0) == self } }
  }
}
