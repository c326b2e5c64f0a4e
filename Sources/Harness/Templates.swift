import ArgumentParser
import Datasets
import Experiments
import Files
import Foundation
import MOTE
import Records
import Specs

/// `Harness verify-templates FILE`: whether stored model-templates can be used.
struct VerifyTemplates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-templates",
    abstract: "Check files of model-templates and say what they hold.",
    discussion: """
      Reads every weight. Exits 65 when a file cannot be used.

      Example:
        Harness verify-templates results/NAME/templates/*.h5
      """)

  @Argument(help: "HDF5 files of model-templates.", completion: .file(extensions: ["h5"]))
  var files: [String]

  func run() throws {
    for file in files {
      do {
        print(try ModelTemplates(path: file).verified())
      } catch {
        throw failure(error, code: 65)
      }
    }
  }
}

/// `Harness score`: stored model-templates against probes, without training.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score probes against stored model-templates; trains nothing.",
    discussion: """
      Every template against every row of the probe file. Scores are logits, the same numbers as the
      run's that saved the templates where these are float32. Prints a summary; with --output writes
      'scores' [templates, probes] with the identities of both.

      Example:
        Harness score --templates results/NAME/templates/LFW_ArcFace_mote_paper_f0.5_r0.float32.h5 \\
          --probes results/smoke/data/lfw_arcface.h5 --output scores.h5
      """)

  @Option(help: "HDF5 file of model-templates.", completion: .file(extensions: ["h5"]))
  var templates: String

  @Option(help: "HDF5 file of embeddings.", completion: .file(extensions: ["h5"]))
  var probes: String

  @Option(help: "HDF5 file to write the scores to.")
  var output: String?

  @Flag(help: "Replace a file that is there.")
  var force = false

  @OptionGroup var kernels: KernelOptions

  @OptionGroup var threads: WorkerOptions

  func run() throws {
    do {
      let isOwn = output.map { TemplateScores.wrote($0, templates: templates, probes: probes) }
      if let output {
        // Another file may turn out to be the same; that shows in the end.
        try OutputFile.check(output, inputs: [templates, probes], replaces: true)
      }
      let scores = try TemplateScores(
        templates: templates, probes: probes, workers: threads.workers)
      print(scores.summary)
      if let output {
        try scores.write(to: output, keepsOther: !force && isOwn != true)
        print("wrote \(output)")
      }
    } catch let error as OutputError {
      throw failure(error, code: 64)
    } catch {
      throw failure(error, code: 65)
    }
  }
}
