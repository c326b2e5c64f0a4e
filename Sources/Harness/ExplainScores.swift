import ArgumentParser
import Claims
import Experiments
import Records
import Reports
import Results
import SpecFiles
import Specs

/// `Harness explain SPEC --maps FILE`: heat maps of scores, Figure 4.
struct ExplainScores: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what scores rest on in a face: Figure 4, from exported feature maps.",
    discussion: """
      Grad-CAM++ of MOTE's logit and of the cosine of traditional templates, for the people and images of
      a file of exported feature maps (datasets.md, section 'Feature maps'); no backbone runs. The people
      must be evaluated people of the spec. Their networks are read from kept model-templates of the same
      inputs, else trained as a run would. First the maps must lead to the file's embeddings.

      Deletion by pixels needs the whole network: experiments/export/occlude.py greys what the heat maps
      of a first run mark and embeds the faces again; a second run with --occluded scores these.

      Example:
        Harness explain experiments/lfw-half-figure4.yaml --maps lfw_gradcam.h5
      """)

  @OptionGroup var spec: SpecOptions

  @Option(
    help: "HDF5 file of exported feature maps and the network's last layers.",
    completion: .file(extensions: ["h5"]))
  var maps: String

  @Option(
    help: ArgumentHelp(
      "HDF5 file of occluded faces, embedded again (experiments/export/occlude.py); once per cell.",
      valueName: "file"),
    completion: .file(extensions: ["h5"]))
  var occluded: [String] = []

  @OptionGroup var kernels: KernelOptions

  @OptionGroup var threads: WorkerOptions

  func validate() throws {
    try SpecOptions.checkNotEmpty(maps, "--maps")
    for path in occluded { try SpecOptions.checkNotEmpty(path, "--occluded") }
  }

  func run() throws {
    try spec.measureApart(
      outputs: { ["figure4"] + ($0.outputs.contains(.claims) ? ["claims"] : []) },
      readClaims: { try Claim.load($0) },
      isOfResults: { $0 is StoreError || $0 is ReportError || $0 is ResultsError },
      work: {
        try ExplanationRun(
          $0, maps: maps, occluded: occluded, results: spec.results, workers: threads.workers,
          interruption: $1, report: $2
        ).run()
      })
  }
}
