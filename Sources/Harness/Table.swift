import ArgumentParser
import Claims
import Experiments
import Foundation
import Reports
import Results
import SpecFiles
import Specs

/// `Harness table EXPERIMENT`: tables and figures again from the records of a run.
struct RenderTables: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Render tables and figures from the records of a run; trains nothing.",
    discussion: """
      Prints the tables as Markdown on standard output and the list of written files on standard
      error. Files go to the 'tables' and 'figures' folders beside the records.

      Examples:
        Harness table table2
        Harness table results/smoke -o table1 -o figure3
      """)

  @Argument(help: "Name of an experiment, its spec file, or its results folder.")
  var experiment: String

  @Option(
    name: .shortAndLong,
    help: """
      Output to render (\(ReportOutput.allCases.map(\.rawValue).joined(separator: ", "))); \
      repeatable. Default: all for which there are records.
      """)
  var output: [String] = []

  @Option(help: "Folder that holds the results of all experiments.")
  var results = "results"

  @Option(help: "Folder with the paper's values. Default: experiments/published.")
  var published: String?

  func validate() throws { try SpecOptions.checkNotEmpty(results, "--results") }

  func run() throws {
    do {
      let folder = try resultsFolder(
        of: try nameInSpec() ?? experiment, in: URL(fileURLWithPath: results, isDirectory: true))
      let rendered = try renderOutputs(
        experiment: folder, outputs: output.isEmpty ? nil : output,
        published: published.map { URL(fileURLWithPath: $0, isDirectory: true) },
        readClaims: { try Claim.load($0) })
      rendered.tell()
      RenderedOutputs.updateIndex(of: folder.deletingLastPathComponent())
    } catch {
      throw failure(error, code: 65)
    }
  }
}

extension RenderTables {
  /// The name that a spec gives its experiment; nil where the argument is no spec file.
  private func nameInSpec() throws -> String? {
    guard ["yaml", "yml"].contains((experiment as NSString).pathExtension),
      FileManager.default.fileExists(atPath: experiment)
    else { return nil }
    do throws(SpecError) {
      return try ExperimentSpec.load(experiment, checksFiles: false).name
    } catch {
      throw failure(error, code: 65)
    }
  }
}

extension RenderedOutputs {
  /// Prints the tables, and on standard error what the user should know and which files there are.
  func tell() {
    print(markdown, terminator: "")
    for warning in warnings { Console.standardError.line("warning: \(warning)") }
    for file in files { Console.standardError.line("wrote \(file.relativePath)") }
  }

  /// Writes the index of a results folder anew; what keeps it from being written is no error of a command.
  static func updateIndex(of results: URL) {
    if let warning = ResultsIndex.write(results) {
      Console.standardError.line("warning: \(warning)")
    }
  }
}
