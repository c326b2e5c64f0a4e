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

      Example:
        Harness trace results/smoke/tables/table2.csv --dataset LFW --group male --system mote
      """)

  @Argument(help: "CSV file of a table.", completion: .file(extensions: ["csv"]))
  var table: String

  @Option var dataset: String?
  @Option var extractor: String?
  @Option(help: "\"mote\", \"traditional\", ….") var system: String?
  @Option var preset: String?
  @Option(help: "Balancing factor.") var factor: Double?
  @Option(help: "\"all\", \"male\", \"female\".") var group: String?
  @Option(help: "\"default\", \"paper-compatible\", ….") var convention: String?
  @Option(help: "\"fnmr\", \"accuracy\", ….") var quantity: String?
  @Option(help: "FMR target.") var target: Double?
  @Option(help: "Most rows to print; all that fit are checked.") var limit = 10

  @Option(help: "Folder with the paper's values and claims. Default: experiments/published.")
  var published: String?

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is \(limit), expected 1 or more") }
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
