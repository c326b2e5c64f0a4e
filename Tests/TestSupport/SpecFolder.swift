import Foundation
import SpecFiles
import Specs

/// A folder with spec files and empty dataset files, for one test.
package struct SpecFolder {
  package let folder: URL

  /// - Parameters:
  ///   - files: content by file name.
  ///   - data: dataset files that exist (empty), below `data/`.
  package init(_ files: [String: String], data: [String] = ["lfw.h5", "morph.h5", "adience.h5"])
    throws
  {
    folder = try temporaryFolder("mote-spec")
    for (name, text) in files { try write(Data(text.utf8), to: name) }
    for name in data { try write(Data(), to: "data/\(name)") }
  }

  package func write(_ bytes: Data, to name: String) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: url)
  }

  package func path(_ name: String = "spec.yaml") -> String {
    folder.appendingPathComponent(name).path
  }

  package func load(_ name: String = "spec.yaml", checksFiles: Bool = true) throws -> ExperimentSpec
  {
    try ExperimentSpec.load(
      path(name), dataFolder: path("data"), environment: [:], checksFiles: checksFiles)
  }

  /// The text of the error, with the folder's name left out; "no problem" where there is none.
  package func problems(_ name: String = "spec.yaml", checksFiles: Bool = true) -> String {
    do {
      _ = try load(name, checksFiles: checksFiles)
      return "no problem"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
    }
  }
}

/// A complete small spec; `changes` replaces or adds top-level lines by their key, "" removes one.
package func specText(_ changes: [String: String] = [:]) -> String {
  let lines: [(String, String)] = [
    ("name", "name: small"),
    ("title", "title: A small experiment"),
    ("outputs", "outputs: [table1]"),
    ("extractors", "extractors: [ArcFace]"),
    (
      "datasets",
      """
      datasets:
        LFW: {files: {ArcFace: lfw.h5}}
        MORPH: {files: {ArcFace: morph.h5}}
        Adience: {files: {ArcFace: adience.h5}}
      """
    ),
    ("evaluate", "evaluate: [Adience]"),
    ("partition", "partition: {cross: {cohort: MORPH, development: LFW}}"),
    ("presets", "presets: [paper]"),
    ("seed", "seed: 1"),
  ]
  let known = Set(lines.map(\.0))
  let kept = lines.map { changes[$0.0] ?? $0.1 }
  let added = changes.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
  return (kept + added).filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
}

/// The problems of the small spec with changes.
package func problems(
  _ changes: [String: String], data: [String] = ["lfw.h5", "morph.h5", "adience.h5"]
)
  throws -> String
{
  try SpecFolder(["spec.yaml": specText(changes)], data: data).problems()
}
