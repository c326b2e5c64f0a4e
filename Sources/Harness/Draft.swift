import ArgumentParser
import Configurations
import Experiments
import Files
import Foundation

/// `Harness draft FOLDER`: a spec for the embedding files of a folder.
struct Draft: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a small spec for the embedding files of a folder.",
    discussion: """
      Takes the files NAME_EXTRACTOR.h5 of the folder as dataset NAME by that extractor, a few people of
      each, and asks for Tables 1 to 4: a first look at one's own data, and a spec to go on from.
      `make smoke-data DATA=FOLDER` writes and runs it.

      Example:
        Harness draft data --output experiments/mine.yaml
      """)

  @Argument(help: "Folder with HDF5 files.", completion: .directory)
  var folder: String

  @Option(help: "People of each dataset.")
  var people = 60

  @Option(name: .shortAndLong, help: "YAML file to write.", completion: .file())
  var output: String

  @Flag(help: "Replace a file that is there; one that was drafted is replaced anyway.")
  var force = false

  func validate() throws {
    try SpecOptions.checkNotEmpty(folder, "FOLDER")
    try SpecOptions.checkNotEmpty(output, "--output")
    if people < 20 { throw ValidationError("--people \(people): expected at least 20") }
  }

  func run() throws {
    do {
      let isDraft = OutputFile.begins(
        output, with: DraftSpec.head)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      try OutputFile.check(
        output,
        inputs: names.map { (folder as NSString).appendingPathComponent($0) }
          .filter { !OutputFile.begins($0, with: DraftSpec.head) },
        replaces: force || isDraft)
      let draft = try DraftSpec(folder: folder, people: people, output: output)
      try AtomicFile.write(Data(draft.text.utf8), to: output)
      for (name, own) in draft.files.sorted(by: { $0.key < $1.key }) {
        print("\(escaped(name)): \(own.values.sorted().joined(separator: ", "))")
      }
      for (file, reason) in draft.omitted {
        print("left out: \(escaped(file)): \(escaped(reason))")
      }
      print(output)
    } catch {
      throw failure(error, code: error is OutputError ? 64 : 65)
    }
  }
}
