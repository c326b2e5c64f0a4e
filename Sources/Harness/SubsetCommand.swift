import ArgumentParser
import Configurations
import Datasets
import Files

/// `Harness subset FILE.h5`: a file with a few of the people.
struct SubsetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subset",
    abstract: "Write a file with a few of the people of an embedding file.",
    discussion: """
      As many of each gender and of each number of images (1, 2, 3 to 4, 5 to 9, 10 and more) as the file
      has in proportion, drawn by seed: the key `subset` of a spec takes the same people without a file.

      Example:
        Harness subset data/lfw_arcface.h5 --people 60 --output small/lfw_arcface.h5
      """)

  @Argument(help: "HDF5 file.", completion: .file(extensions: ["h5", "hdf5"]))
  var file: String

  @Option(help: "How many people; a file with fewer is taken whole.")
  var people: Int

  @Option(help: "Seed of the draw.")
  var seed = SubjectSubset.usualSeed

  @Option(name: .shortAndLong, help: "HDF5 file to write.", completion: .file())
  var output: String

  @Flag(help: "Replace a file that is there; the input is never replaced.")
  var force = false

  @OptionGroup var genders: GenderOptions

  func validate() throws {
    try SpecOptions.checkNotEmpty(output, "--output")
    if people < 2 { throw ValidationError("--people \(people): expected at least 2") }
  }

  func run() throws {
    do {
      let source = EmbeddingSource(
        path: file, genderCodes: genders.codes)
      let (drawn, images, total) = try source.write(
        SubjectSubset(people: people, seed: seed), to: output, replaces: force)
      print(
        "\(output): \(counted(images, "image")) of \(grouped(drawn)) of \(counted(total, "person", "people"))"
      )
    } catch {
      throw failure(error, code: error is OutputError ? 64 : 65)
    }
  }
}
