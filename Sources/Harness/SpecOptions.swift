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
