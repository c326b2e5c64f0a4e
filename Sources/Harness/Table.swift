import ArgumentParser
import Claims
import Experiments
import Foundation
import Records
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
        Harness table smoke --all
        Harness table results/smoke -o table1 -o figure3
      """)

  @Argument(help: "Name of an experiment, its spec file, or its results folder.")
  var experiment: String

  @Option(
    name: .shortAndLong,
    help: """
      Output to render (\(ReportOutput.allCases.map(\.rawValue).joined(separator: ", "))); \
      repeatable. Default: what the spec asks for.
      """,
    completion: .list(ReportOutput.allCases.map(\.rawValue)))
  var output: [String] = []

  @Flag(
    help: """
      Render every output for which there are records, whatever the spec asks for, and show all of them on the \
      page.
      """)
  var all = false

  @Option(help: "Folder that holds the results of all experiments.", completion: .directory)
  var results = "results"

  @Option(
    help: "Folder with the paper's values. Default: experiments/published.", completion: .directory)
  var published: String?

  func validate() throws {
    try SpecOptions.checkNotEmpty(results, "--results")
    if all, !output.isEmpty {
      throw ValidationError("--all renders every output, and --output names some; give one of both")
    }
  }

  func run() throws {
    do {
      let spec = try SpecOptions.specFile(experiment)
      let folder = try resultsFolder(
        of: spec?.name ?? experiment, in: URL(fileURLWithPath: results, isDirectory: true))
      let asked = try asked(spec, folder)
      let rendered = try renderOutputs(
        experiment: folder, outputs: output.isEmpty ? asked : output,
        onPage: asked.map { $0 + output },
        published: published.map { URL(fileURLWithPath: $0, isDirectory: true) },
        readClaims: { try Claim.load($0) })
      rendered.tell()
      RenderedOutputs.updateIndex(of: folder.deletingLastPathComponent())
      if rendered.files.isEmpty {
        Console.standardError.line("error: nothing was written")
        throw ExitCode(65)
      }
    } catch let error as ExitCode {
      throw error
    } catch {
      throw failure(error, code: 65)
    }
  }
}

extension RenderTables {
  /// What the spec asks for: that which is named, else that of the folder. Nil, every output, with
  /// `--all` and where the folder has no spec.
  private func asked(_ spec: ExperimentSpec?, _ folder: URL) throws -> [String]? {
    if all { return nil }
    let kept = ResultStore.specPath(in: folder.relativePath)
    if let found = try spec ?? SpecOptions.specFile(kept) { return found.outputs.map(\.rawValue) }
    if output.isEmpty {
      Console.standardError.line("no spec in the results: every output is written")
    }
    return nil
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
