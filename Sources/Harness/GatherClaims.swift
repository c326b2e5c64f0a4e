import ArgumentParser
import Claims
import Foundation
import Reports
import Results
import SpecFiles

/// `Harness claims`: what all experiments together answer to the paper's claims.
struct GatherClaims: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Answer the paper's claims from the records of all experiments; trains nothing.",
    discussion: """
      Reads the records of every experiment in the results folder and writes claims.csv, claims.md and
      LaTeX tables into it: how often each claim holds, does not hold, cannot be told apart or is not
      testable, and every answer with its figures. Answers from synthetic data and on development people
      are marked and not counted. Claims are data: experiments/published/claims.yaml.

      Examples:
        Harness claims
        Harness trace results/claims.csv --quantity claim-R1 --dataset LFW
      """)

  @Argument(help: "Folder that holds the results of all experiments.")
  var results = "results"

  @Option(
    help: "Folder with the paper's values and claims. Default: experiments/published.",
    completion: .directory)
  var published: String?

  func validate() throws { try SpecOptions.checkNotEmpty(results, "results") }

  func run() throws {
    do {
      let folder = URL(fileURLWithPath: results, isDirectory: true)
      let source =
        published.map { URL(fileURLWithPath: $0, isDirectory: true) }
        ?? publishedFolder(near: folder)
      guard let source else {
        throw ResultsError.notReadable(
          file: "experiments/published",
          reason: "no such folder above the current one or '\(results)'; name it with --published")
      }
      let paper = try Paper(folder: source, readClaims: { try Claim.load($0) })
      guard !paper.claims.isEmpty else {
        throw ResultsError.notReadable(
          file: source.appendingPathComponent("claims.yaml").relativePath,
          reason: "it has no claims or is not there")
      }
      try GatheredClaims(results: folder, paper: paper).write().tell()
      RenderedOutputs.updateIndex(of: folder)
    } catch {
      throw failure(error, code: 65)
    }
  }
}
