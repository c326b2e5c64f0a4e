import ArgumentParser
import Explain
import Files

/// `Harness synthesize-maps FILE`: made-up feature maps of a synthetic embedding file.
struct SynthesizeMaps: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize-maps",
    abstract: "Make up feature maps that lead to the embeddings of a synthetic file.",
    discussion: """
      For trying `Harness explain` without any image; everything made from them is labelled SYNTHETIC.

      Example:
        Harness synthesize-maps results/smoke/data/lfw_arcface.h5 --output maps.h5
      """)

  @Argument(
    help: "HDF5 file of `Harness synthesize`.", completion: .file(extensions: ["h5"]))
  var embeddings: String

  @Option(help: "People of each gender.")
  var people = 5

  @Option(help: "Images of each.")
  var images = 3

  @Option(help: "Seed of all random numbers.")
  var seed: UInt64 = 1

  @Option(help: "File to write.")
  var output: String

  @Flag(help: "Replace a file that is there; one of the same options is replaced anyway.")
  var force = false

  func validate() throws {
    try SpecOptions.checkNotEmpty(output, "--output")
    for (name, value) in [("--people", people), ("--images", images)] where value < 1 {
      throw ValidationError("\(name) \(value): expected at least 1")
    }
  }

  func run() throws {
    do {
      let maps = SyntheticMaps(embeddings: embeddings, people: people, images: images, seed: seed)
      try maps.protect(output, replaces: force)
      let (people, images) = try maps.write(to: output)
      print("\(output): \(images) images of \(people) people, SYNTHETIC")
    } catch {
      throw failure(error, code: error is OutputError ? 64 : 65)
    }
  }
}
