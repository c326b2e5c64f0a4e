import ArgumentParser
import Configurations
import Datasets
import Foundation
import Import

/// `Harness check FILE.h5`: what an embedding file holds, and whether it can be used.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Summarise embedding files and check them.",
    discussion: """
      Prints shape, storage, subjects, genders, norms, repeated rows and every problem found. With \
      --audit all images meet all images: people with look-alikes under other names (second names, label \
      errors) and other genders, images nearer to somebody else than to their own person, repeated \
      pictures, unusual norms; of several files people who are in two. Of a file that is laid out in another \
      way the ways in which it could be meant are tried, and the command that brings it in is printed. \
      Exits 65 when a file cannot be used.

      Examples:
        Harness check data/lfw_arcface.h5
        Harness check --audit data/lfw_arcface.h5 data/morph_arcface.h5
        Harness check --json data/lfw_arcface.h5
        Harness check mine.h5 --embeddings feats/arcface --identity labels/person --male 1 --female 0
      """)

  @Argument(help: "HDF5 files.", completion: .file(extensions: ["h5", "hdf5"]))
  var files: [String]

  @Option(help: "Name of the dataset, for the published counts (LFW, Adience, ColorFERET, MORPH).")
  var dataset: String?

  @Option(help: "HDF5 path of the embeddings (default: embeddings).")
  var embeddings: String?

  @Option(help: "HDF5 path of the subject labels (default: identity).")
  var identity: String?

  @Option(help: "HDF5 path of the gender labels (default: gender, if present).")
  var gender: String?

  @Option(help: "HDF5 path of the image names (default: filename, if present).")
  var filename: String?

  @Option(name: .customLong("attribute"), help: "Further labels, NAME=HDF5 path; repeatable.")
  var attributes: [String] = []

  @OptionGroup var genders: GenderOptions

  @Option(help: "Expected embedding dimension.")
  var dimension: Int?

  @Flag(help: "Compare all images with all images (a minute for 55,000).")
  var audit = false

  @Flag(help: "Print everything as JSON.")
  var json = false

  @OptionGroup var threads: WorkerOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("no file given") }
    for attribute in attributes where !attribute.dropFirst().contains("=") {
      throw ValidationError("'--attribute \(attribute)': expected NAME=HDF5 path")
    }
  }

  func run() throws {
    var columns: [String: String] = [:]
    for attribute in attributes {
      let parts = attribute.split(separator: "=", maxSplits: 1)
      columns[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    var reports: [DatasetReport] = []
    var commands: [FittingCommand?] = []
    for file in files {
      let source = EmbeddingSource(
        path: file,
        mapping: HDF5Mapping(
          embeddings: embeddings, identity: identity, gender: gender, filename: filename,
          attributes: columns),
        genderCodes: genders.codes,
        dimension: dimension)
      var report = DatasetReport(
        of: source, dataset: dataset, audits: audit, workers: threads.workers)
      let way =
        report.isOfOtherLayout || report.looksTransposed
        ? Result { try FittingCommand(for: source, isTransposed: report.looksTransposed) } : nil
      if case .success(let command) = way { report.add(command: command.text) }
      if !json {
        print((reports.isEmpty ? "" : "\n") + report.text)
        switch way {
        case .success(let command):
          print("comes in with: \(escaped(command.text))\n  (\(escaped(command.outcome)))")
        // What is broken was said above.
        case .failure(let error) where !report.text.contains("\(error)"):
          print("no command was found that brings it in; Harness import says: \(error)")
        default: break
        }
      }
      reports.append(report)
      commands.append(try? way?.get())
    }
    let sets = reports.compactMap(\.set)
    let shared = sets.indices.flatMap { j in
      sets[..<j].compactMap { SharedPeople($0, sets[j]) }
    }
    if json {
      print(
        try CheckedFiles(
          files: zip(reports, commands).map(CheckedFiles.File.init), sharedPeople: shared
        ).text)
    } else {
      for line in shared.map(\.text) { print("\n" + line) }
    }
    if !reports.allSatisfy(\.isUsable) { throw ExitCode(65) }
  }
}

/// What `--json` prints.
private struct CheckedFiles: Encodable {
  struct File: Encodable {
    let verdict: String
    let summary: DatasetSummary
    let findings: DatasetFindings
    let audit: NeighbourAudit?
    /// What makes a file fit that is laid out in another way.
    let importCommand: String?

    init(_ report: DatasetReport, _ command: FittingCommand?) {
      importCommand = command?.text
      verdict = report.verdict
      summary = report.summary
      findings = report.findings
      audit = report.audit
    }
  }

  let files: [File]
  /// People who look alike in two of the files.
  let sharedPeople: [SharedPeople]

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
