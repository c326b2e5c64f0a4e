import ArgumentParser
import Claims
import Experiments
import Foundation
import Records
import Reports
import SpecFiles
import Specs

/// `Harness trace TABLE.csv`: where numbers of a table come from.
struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trace numbers of a table to their records, spec and data.",
    discussion: """
      Makes the table of a CSV file again from the records, holds the rows that fit the options beside
      it, and prints for each the record files, counts, input hash, spec hash, SHA-256 of the data
      (compared with the files as they are now), seed and code revision. Exits 1 when no record
      is left of a row, or the records give another head, other rows, or another row: value, interval,
      counts, note, any column.

      Options that name a column keep the rows that have the value in it; without them all rows are held.

      Example:
        Harness trace results/smoke/tables/table2.csv --dataset LFW --group male --system mote
      """)

  @Argument(help: "CSV file of a table.", completion: .file(extensions: ["csv"]))
  var table: String

  @Option(help: "Rows of this dataset, e.g. LFW.") var dataset: String?
  @Option(help: "Of this extractor, e.g. ArcFace.") var extractor: String?
  @Option(help: "Of this system: mote, traditional, a protection scheme.") var system: String?
  @Option(help: "Of this preset or configuration, e.g. paper.") var preset: String?
  @Option(help: "Of this balancing factor, e.g. 0.5.") var factor: Double?
  @Option(help: "Of this group: all, male, female, or another label.") var group: String?
  @Option(help: "Under this convention: default, paper-compatible, or one of the spec's own.")
  var convention: String?
  @Option(help: "Of this quantity, e.g. fnmr, eer, accuracy, claim-R1.") var quantity: String?
  @Option(help: "At this FMR target, e.g. 0.001.") var target: Double?
  @Option(help: "Most rows to print; all that fit are checked.") var limit = 10

  @Option(
    help: "Folder with the paper's values and claims. Default: experiments/published.",
    completion: .directory)
  var published: String?

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is \(limit), expected 1 or more") }
  }

  /// A file of means over epochs, of which no row is one number of a record.
  private static func refuseEpochs(_ table: String) throws {
    let name = (table as NSString).lastPathComponent
    guard name == "learning-curves-epochs.csv" else { return }
    let beside = (table as NSString).deletingLastPathComponent
    let other = (beside as NSString).appendingPathComponent("learning-curves.csv")
    throw NotTraced(file: table, other: other)
  }

  func run() throws {
    var filters: [String: String] = [:]
    filters["dataset"] = dataset
    filters["extractor"] = extractor
    filters["system"] = system
    filters["preset"] = preset
    filters["balancing_factor"] = factor.map { "\($0)" }
    filters["group"] = group
    filters["convention"] = convention
    filters["quantity"] = quantity
    filters["target"] = target.map { "\($0)" }
    do {
      try Self.refuseEpochs(table)
      let trace = try TableTrace(
        table: URL(fileURLWithPath: table), filters: filters,
        published: published.map { URL(fileURLWithPath: $0, isDirectory: true) },
        readClaims: { try Claim.load($0) })
      print(trace.text(limit: limit))
      if !trace.isSound { throw ExitCode(1) }
    } catch let error as ExitCode {
      throw error
    } catch {
      throw failure(error, code: 65)
    }
  }
}

/// A CSV file whose rows are no numbers of a record.
private struct NotTraced: Error, CustomStringConvertible {
  let file: String
  let other: String

  var description: String {
    "'\(file)': its rows are epochs of curves, which no record has one by one; trace the table made of "
      + "them: Harness trace \(other)"
  }
}
