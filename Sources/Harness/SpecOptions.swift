import ArgumentParser
import Experiments
import Foundation
import SpecFiles
import Specs

/// The arguments of every command that reads a spec.
struct SpecOptions: ParsableArguments {
  @Argument(
    help: "Experiment file, e.g. experiments/table2.yaml.",
    completion: .file(extensions: ["yaml", "yml"]))
  var spec: String

  @OptionGroup var settings: SettingOptions

  @Option(
    help: """
      Folder with the dataset files, instead of the spec's; MOTE_DATA does the same.
      """, completion: .directory)
  var data: String?

  @Option(help: "Folder that holds the results of all experiments.", completion: .directory)
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
    let settings = try settings.all()
    do throws(SpecError) {
      return try ExperimentSpec.load(spec, dataFolder: data, settings: settings)
    } catch {
      throw failure(error, code: 65)
    }
  }
}

extension SpecOptions {
  /// The spec that an argument names, its data not looked for; nil where it names no spec file.
  ///
  /// Problems are printed and end the command with code 65.
  static func specFile(
    _ argument: String, settings: [SpecSetting] = []
  ) throws -> ExperimentSpec? {
    guard ["yaml", "yml"].contains((argument as NSString).pathExtension),
      FileManager.default.fileExists(atPath: argument)
    else { return nil }
    do throws(SpecError) {
      return try ExperimentSpec.load(argument, settings: settings, checksFiles: false)
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
