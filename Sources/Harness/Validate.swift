import ArgumentParser
import Experiments

/// `Harness validate SPEC`: spec and data are read and checked, nothing is run.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a spec and its data; nothing is run or written.",
    discussion: """
      Reads the spec with all it extends, then opens, divides and audits the data as a run would: what a
      run refuses at its begin is refused here, every problem at once. Prints who would be compared.
      Warnings go to standard error.

      Exit codes: 0 sound, 64 bad command line, 65 bad spec or data.

      Examples:
        Harness validate experiments/mine.yaml
        Harness validate experiments/table2.yaml --set training.batch_size=64
      """)

  @OptionGroup var spec: SpecOptions

  func run() throws {
    let experiment = try spec.load()
    let interruption = Interruption()
    interruption.install()
    do {
      let validation = try SpecValidation(of: experiment, interruption: interruption)
      for warning in validation.warnings { Console.standardError.line("warning: \(warning)") }
      print(validation.text)
    } catch {
      if let code = interruption.exitCode { throw failure(Interrupted(exitCode: code), code: code) }
      throw failure(error, code: 65)
    }
  }
}
