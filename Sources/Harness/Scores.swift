import ArgumentParser
import Experiments
import Files
import Foundation
import Records
import Reports
import Specs

/// `Harness scores SPEC`: comparison scores for other programs.
struct Scores: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the comparison scores of a cell for other programs.",
    discussion: """
      Makes the comparisons of a cell again (a network is trained for each reference, as in a run) and \
      writes the scores: cosines of the traditional system, logits of MOTE; higher is more alike. \
      Formats: bob (CSV with the columns of bob.bio.base), pyeer (two text files), npy (a matrix per fold \
      with its rows and columns as CSV), hdf5. Beside them STEM.meta.json says where they come from. A \
      reference's comparison with its own sample is left out of bob and pyeer; of matrices 'own_column' \
      names it.

      Examples:
        Harness scores experiments/smoke.yaml --cell LFW_ArcFace_traditional_r0 --output scores
        Harness scores experiments/lfw-half.yaml --cell LFW_ArcFace_mote_paper_f0.5_r0 --format hdf5 \\
          --output results/scores
      """)

  @OptionGroup var spec: SpecOptions

  @Option(help: "Cell, as its record is named; may be left out where there is one.")
  var cell: String?

  @Option(help: "Format: \(ScoreFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format = ScoreFormat.bob

  @Option(name: .shortAndLong, help: "Path of the files without their endings.")
  var output: String

  @Flag(help: "Write a reference's comparison with its own sample, too (bob and pyeer).")
  var withSelf = false

  @Flag(help: "Replace files that are there.")
  var force = false

  @OptionGroup var kernels: KernelOptions
  @OptionGroup var threads: WorkerOptions

  func validate() throws { try SpecOptions.checkNotEmpty(output, "--output") }

  func run() throws {
    let experiment = try spec.load()
    let interruption = Interruption()
    interruption.install()
    do {
      var files: [String] = []
      let metadata = output + ".meta.json"
      let summary = try ScoreExport(
        experiment, workers: threads.workers, interruption: interruption
      ) {
        Console.standardError.line($0)
      }.export(cell) { folds in
        files = format.files(output, folds: folds)
        for path in files + [metadata] {
          try OutputFile.check(path, inputs: [spec.spec] + experiment.dataFiles, replaces: force)
        }
        return try format.sink(output, withSelf: withSelf)
      }
      let said = TableMetadata(
        command: Provenance.commandText(CommandLine.arguments), title: summary.cell.title,
        isSynthetic: summary.isSynthetic,
        provenance: ProvenanceSummary(of: [summary.provenance], title: experiment.title))
      try AtomicFile.write(Data(said.text.utf8), to: metadata)
      print(
        "\(summary.cell.title): \(summary.mated) mated and \(summary.nonMated) non-mated comparisons"
          + (summary.isSynthetic ? ", SYNTHETIC DATA" : ""))
      for file in files + [metadata] { print("wrote \(file)") }
    } catch {
      if let code = interruption.exitCode { throw failure(Interrupted(exitCode: code), code: code) }
      switch error {
      case is OutputError, is ScoreExportError: throw failure(error, code: 64)
      default: throw failure(error, code: 65)
      }
    }
  }
}

extension ScoreFormat: ExpressibleByArgument {}
