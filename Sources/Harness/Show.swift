import ArgumentParser
import Files
import Foundation
import Records
import Results
import SpecFiles
import Specs

/// `Harness show EXPERIMENT`: the spec as one file.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the spec of results, or of a spec file, as one file.",
    discussion: """
      What a spec extends and what --set sets stands in it, comments do not; keys that it does not have
      hold what 'Harness help spec' says. The output is a spec of the same content: it can be run.

      Examples:
        Harness show smoke
        Harness show experiments/table2.yaml --set training.epochs=20 > mine.yaml
      """)

  @Argument(help: "Name of an experiment, its results folder, or a spec file.")
  var experiment: String

  @OptionGroup var settings: SettingOptions

  @Option(help: "Folder that holds the results of all experiments.", completion: .directory)
  var results = "results"

  func validate() throws { try SpecOptions.checkNotEmpty(results, "--results") }

  func run() throws {
    if let spec = try SpecOptions.specFile(experiment, settings: settings.all()) {
      print(spec.resolvedYAML, terminator: "")
      return
    }
    guard settings.set.isEmpty else {
      throw ValidationError("--set changes a spec file, and '\(experiment)' is none")
    }
    do {
      let folder = try resultsFolder(
        of: experiment, in: URL(fileURLWithPath: results, isDirectory: true))
      let path = ResultStore.specPath(in: folder.relativePath)
      guard FileManager.default.fileExists(atPath: path) else {
        throw ResultsError.notReadable(
          file: path, reason: "there is none; the next run of the experiment writes it")
      }
      print(
        String(decoding: try ResultsError.text(of: URL(fileURLWithPath: path)).utf8, as: UTF8.self),
        terminator: "")
    } catch {
      throw failure(error, code: 65)
    }
  }
}
