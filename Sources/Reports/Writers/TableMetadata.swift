import Files
import Foundation

/// What stands beside a CSV file as `.meta.json`: the command that makes it and where its numbers come
/// from. So the CSV file is a header and rows, which every reader takes as they are.
package struct TableMetadata: Encodable, Sendable {
  /// A data file that records were made from.
  private struct DataFile: Encodable {
    let file: String
    let sha256: String
  }

  /// The command that writes the file.
  let command: String
  let title: String
  let synthetic: Bool
  /// Of a figure, whose drawing shows none.
  private var caption: String?
  // What records say; nil where the numbers do not come from an experiment's records.
  private var experiment: String?
  private var records: Int?
  private var specs: [String]?
  private var specHashes: [String]?
  private var kept: String?
  private var data: [DataFile]?
  private var revisions: [String]?
  private var machines: [String]?
  private var seeds: [UInt64]?
  private var versions: [String]?

  /// Of numbers that do not come from an experiment's records.
  package init(command: String, title: String, isSynthetic: Bool) {
    self.command = command
    self.title = title
    synthetic = isSynthetic
  }

  /// Of numbers that were made as `provenance` says.
  package init(command: String, title: String, isSynthetic: Bool, provenance: ProvenanceSummary) {
    self.init(command: command, title: title, isSynthetic: isSynthetic)
    tell(provenance)
  }

  /// Of a document.
  package init(_ document: ReportDocument) {
    self.init(
      command: document.commandText, title: document.title, isSynthetic: document.isSynthetic)
    tell(document.provenance)
  }

  /// Of a figure; `output` is the output that makes it.
  package init(_ figure: Figure, output: String) {
    self.init(
      command: figure.commandText(output: output), title: figure.title,
      isSynthetic: figure.isSynthetic)
    caption = figure.fullCaption
    tell(figure.provenance)
  }

  private mutating func tell(_ provenance: ProvenanceSummary) {
    experiment = provenance.experiment
    records = provenance.recordCount
    // Whoever reads the file need not know the folders of whoever wrote it.
    specs = provenance.specPaths
    specHashes = provenance.specHashes
    kept = provenance.kept
    data = provenance.dataHashes.map {
      DataFile(file: URL(fileURLWithPath: $0.path).lastPathComponent, sha256: $0.sha256)
    }
    revisions = provenance.revisions
    machines = provenance.machines
    seeds = provenance.seeds
    versions = provenance.versions
  }

  /// The file.
  package var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Strings and integers always encode.
    return String(decoding: try! encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// Where it stands beside a CSV file.
  package static func file(beside table: URL) -> URL {
    URL(fileURLWithPath: OutputFile.sidecar(of: table.path))
  }

  /// How the file beside a table differs from this; nil: not at all, but for the command, which may name
  /// the folder in another way.
  func difference(from file: URL) -> String? {
    let name = file.lastPathComponent
    guard let found = try? RegularFile.read(file.path) else { return "\(name) is not there" }
    guard let own = Self.values(found) else { return "\(name) is not a JSON object" }
    let current = Self.values(Data(text.utf8)) ?? [:]
    for key in Set(own.keys).union(current.keys).subtracting(["command"]).sorted()
    where own[key] != current[key] {
      func said(_ value: NSObject?) -> String {
        guard let value else { return "nothing" }
        let text = try? JSONSerialization.data(
          withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes, .sortedKeys])
        return text.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
      }
      return "'\(key)' in \(name) is \(said(own[key])), the records give \(said(current[key]))"
    }
    return nil
  }

  private static func values(_ json: Data) -> [String: NSObject]? {
    (try? JSONSerialization.jsonObject(with: json)) as? [String: NSObject]
  }
}
