import ArgumentParser
import Experiments

/// `Harness protocol SPEC`: who trains, who develops and who is compared, as CSV files.
struct ProtocolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "protocol",
    abstract: "Write who trains, develops and is compared, and audit it.",
    discussion: """
      Divides the data as a run does and writes one CSV file per evaluated dataset and extractor to
      the folder 'protocol' of the experiment's results: fold, part (cohort, development, reference,
      probe), dataset, identity, row. Nothing is trained. 'partition: {files: {DATASET: FILE}}' in a
      spec takes such a file back. Runs write the same files.

      Example:
        Harness protocol experiments/lfw-half.yaml
      """)

  @OptionGroup var spec: SpecOptions

  func run() throws {
    let experiment = try spec.load()
    do {
      for split in try experiment.writeSplits(results: spec.results) {
        for line in split.lines { Console.standardError.line(line) }
        for text in split.warnings { Console.standardError.line("warning: \(text)") }
        print(split.path)
      }
    } catch {
      throw failure(error, code: 65)
    }
  }
}
