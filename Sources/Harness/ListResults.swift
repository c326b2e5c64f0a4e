import ArgumentParser
import Experiments
import Foundation
import Records
import Results
import SpecFiles
import Specs

/// `Harness ls [EXPERIMENT]`: what is done, what is missing, what it takes on disk.
struct ListResults: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List experiments, or the cells of one: what is done and missing, sizes on disk.",
    discussion: """
      Without a name: the experiments of the results folder. With one: its cells. A cell is done when its
      record is there; whether data, code and libraries are still those of the record, 'Harness plan'
      says. Reads no data and no records.

      Examples:
        Harness ls
        Harness ls smoke
        Harness ls experiments/table2.yaml
      """)

  @Argument(help: "Name of an experiment, its spec file, or its results folder.")
  var experiment: String?

  @Option(help: "Folder that holds the results of all experiments.", completion: .directory)
  var results = "results"

  func validate() throws { try SpecOptions.checkNotEmpty(results, "--results") }

  func run() throws {
    do {
      guard let experiment else {
        guard FileManager.default.fileExists(atPath: results) else {
          throw DataProblems(problems: ["no folder '\(results)'; 'Harness run SPEC' makes one"])
        }
        let (listings, problems) = ResultListing.all(in: results)
        print(
          listings.isEmpty
            ? "no experiments in '\(results)'; 'Harness run SPEC' makes one"
            : ResultListing.text(listings))
        if !problems.isEmpty { throw DataProblems(problems: problems) }
        return
      }
      if let spec = try SpecOptions.specFile(experiment) {
        let folder = URL(fileURLWithPath: results).appendingPathComponent(spec.name).relativePath
        print(
          try ResultListing(folder: folder, spec: spec).text(
            next: toGoOn(experiment, in: results)))
        return
      }
      let folder = try resultsFolder(
        of: experiment, in: URL(fileURLWithPath: results, isDirectory: true))
      let listing = try ResultListing(folder: folder.relativePath)
      let path = try PresentRun.read(in: folder.path)?.specPath ?? "SPEC"
      print(
        listing.text(
          next: toGoOn(path, in: folder.deletingLastPathComponent().relativePath)))
    } catch let error as ExitCode {
      throw error
    } catch {
      throw failure(error, code: 65)
    }
  }

  /// The command that goes on with a run.
  private func toGoOn(_ spec: String, in folder: String) -> String {
    let isUsual =
      URL(fileURLWithPath: folder).standardizedFileURL.path
      == URL(fileURLWithPath: "results").standardizedFileURL.path
    return Provenance.commandText(
      ["Harness", "run", spec] + (isUsual ? [] : ["--results", folder]))
  }
}
