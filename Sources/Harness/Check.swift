import ArgumentParser
import Configurations
import Datasets

/// `Harness check FILE.h5`: what an embedding file holds, and whether it can be used.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Summarise embedding files and check them.",
    discussion: """
      Prints shape, storage, subjects, genders, norms, repeated rows and every problem found.
      Exits 65 when a file cannot be used.

      Examples:
        Harness check data/lfw_arcface.h5
        Harness check mine.h5 --embeddings feats/arcface --identity labels/person --male 1 --female 0
      """)

  @Argument(help: "HDF5 files.", completion: .file(extensions: ["h5", "hdf5"]))
  var files: [String]

  @Option(help: "Name of the dataset, for the published counts (LFW, Adience, ColorFERET, MORPH).")
  var dataset: String?

  @Option(help: "HDF5 path of the embeddings (default: embeddings).")
  var embeddings: String?

  @Option(help: "HDF5 path of the subject labels (default: identity).")
  var identity: String?

  @Option(help: "HDF5 path of the gender labels (default: gender, if present).")
  var gender: String?

  @Option(help: "HDF5 path of the image names (default: filename, if present).")
  var filename: String?

  @Option(name: .customLong("attribute"), help: "Further labels, NAME=HDF5 path; repeatable.")
  var attributes: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: "Gender code that means male; repeatable (default: M, male, man).")
  var male: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: "Gender code that means female; repeatable (default: F, female, woman).")
  var female: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: "Gender code that means unlabelled; repeatable (default: U, unknown, empty).")
  var unlabelled: [String] = []

  @Option(help: "Expected embedding dimension.")
  var dimension: Int?

  func validate() throws {
    if files.isEmpty { throw ValidationError("no file given") }
    for attribute in attributes where !attribute.dropFirst().contains("=") {
      throw ValidationError("'--attribute \(attribute)': expected NAME=HDF5 path")
    }
  }

  func run() throws {
    var columns: [String: String] = [:]
    for attribute in attributes {
      let parts = attribute.split(separator: "=", maxSplits: 1)
      columns[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    var isUsable = true
    for (index, file) in files.enumerated() {
      let report = DatasetReport(
        of: EmbeddingSource(
          path: file,
          mapping: HDF5Mapping(
            embeddings: embeddings, identity: identity, gender: gender, filename: filename,
            attributes: columns),
          genderCodes: GenderCodes(male: male, female: female, unlabelled: unlabelled),
          dimension: dimension),
        dataset: dataset)
      if index > 0 { print() }
      print(report.text)
      isUsable = isUsable && report.isUsable
    }
    if !isUsable { throw ExitCode(65) }
  }
}
