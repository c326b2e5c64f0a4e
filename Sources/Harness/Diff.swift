import ArgumentParser
import Foundation
import Records
import Results
import SpecFiles
import Specs

/// `Harness diff RESULTS RESULTS`: two results side by side.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two results: spec, data, code, machine, and numbers with paired intervals.",
    discussion: """
      Numbers of cells that both have are held against each other, of repeats the means. Where both were
      evaluated on the same people with the same bootstrap draws, a difference has its paired 95 %
      interval; elsewhere a note says why it has none. Trains nothing, needs no data.

      Exit codes: 0 all cells and numbers are equal, 1 something of them differs, 64 bad command line,
      65 no cell is in both, or records cannot be read.

      Examples:
        Harness diff smoke smoke-64
        Harness diff results/smoke /scratch/results/smoke --quantity fnmr --group all
      """)

  @Argument(help: "Name of an experiment, or its results folder.")
  var first: String

  @Argument(help: "Another one.")
  var second: String

  @Option(help: "Show numbers whose name has this word, e.g. fnmr, auc, A0; repeatable.")
  var quantity: [String] = []

  @Option(help: "Show numbers of this group, e.g. all, female.")
  var group: String?

  @Option(help: "Most numbers to print; all are compared.")
  var limit = 40

  @Option(help: "Folder that holds the results of all experiments.", completion: .directory)
  var results = "results"

  func validate() throws {
    try SpecOptions.checkNotEmpty(results, "--results")
    if limit < 1 { throw ValidationError("--limit is \(limit), expected 1 or more") }
  }

  func run() throws {
    do {
      let folders = try [first, second].map {
        try resultsFolder(of: $0, in: URL(fileURLWithPath: results, isDirectory: true))
      }
      let records = try folders.map { try ExperimentRecords(folder: $0) }
      let specs = try folders.map { try SpecDocument.values(of: ResultStore.specPath(in: $0.path)) }
      let difference = try ResultDifference(
        records[0], named: folders[0].relativePath, spec: specs[0],
        records[1], named: folders[1].relativePath, spec: specs[1])
      print(
        difference.text(limit: limit) { number in
          let words = number.name.split { " ,:".contains($0) }.map(String.init)
          return (quantity.isEmpty || quantity.contains(where: words.contains))
            && (group.map(words.contains) ?? true)
        })
      if !difference.isEqual { throw ExitCode(1) }
    } catch let error as ExitCode {
      throw error
    } catch {
      throw failure(error, code: 65)
    }
  }
}
