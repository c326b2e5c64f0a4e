import ArgumentParser
import Experiments
import SpecFiles
import Specs

/// The arguments of every command that reads a spec.
struct SpecOptions: ParsableArguments {
  @Argument(help: "Experiment file, e.g. experiments/table2.yaml.")
  var spec: String

  @Option(
    help: """
      Folder with the dataset files, instead of the spec's; MOTE_DATA does the same.
      """)
  var data: String?

  @Option(help: "Folder that holds the results of all experiments.")
  var results = "results"

  func validate() throws {
    try Self.checkNotEmpty(results, "--results")
    if let data { try Self.checkNotEmpty(data, "--data") }
  }

  /// Refuses an empty path, most often an unset variable of a shell.
  static func checkNotEmpty(_ path: String, _ option: String) throws {
    if path.isEmpty {
      throw ValidationError("'\(option)' is empty, expected a folder; is a variable not set?")
    }
  }

  /// The spec, complete and checked; problems are printed and end the command with code 65.
  func load() throws -> ExperimentSpec {
    do throws(SpecError) {
      return try ExperimentSpec.load(spec, dataFolder: data)
    } catch {
      throw failure(error, code: 65)
    }
  }
}

/// Prints an error's text on standard error and gives the exit to throw.
func failure(_ error: any Error, code: Int32) -> ExitCode {
  Console.standardError.line("error: \(error)")
  return ExitCode(code)
}
