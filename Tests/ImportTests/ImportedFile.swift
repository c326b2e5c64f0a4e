import Configurations
import Datasets
import Foundation
import HDF5
import Import
import TestSupport

/// What an imported file holds.
struct ImportedFile {
  let vectors: [Float]
  let shape: [Int]
  let identity: [String]
  let gender: [String]?
  let filename: [String]?
  let attributes: [String: String]
  private let file: HDF5File

  /// Carries a request out in a folder of its own and reads what came of it.
  init(_ request: ImportRequest) throws {
    let folder = try temporaryFolder("import")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("out.h5").path
    _ = try request.write(to: path)
    try self.init(path)
  }

  init(_ path: String) throws {
    let file = try HDF5File(path: path)
    self.file = file
    let matrix = try file.read("embeddings")
    shape = [matrix.rows, matrix.columns]
    vectors = (0..<matrix.rows).flatMap { row in
      (0..<matrix.columns).map { matrix.base[row * matrix.stride + $0] }
    }
    identity = try file.labels("identity")
    gender = try file.contains("gender") ? file.labels("gender") : nil
    filename = try file.contains("filename") ? file.labels("filename") : nil
    attributes = try file.attributes()
    labels = try Dictionary(
      uniqueKeysWithValues: ["age", "ethnicity", "n"].filter(file.contains).map {
        ($0, try file.labels($0))
      })
  }

  /// Further labels by name.
  let labels: [String: [String]]
}

/// A file of `Tests/Fixtures/import`.
func fixture(_ name: String) -> String {
  fixturesFolder.appendingPathComponent("import/\(name)").path
}

/// What all fixtures hold, as `make_fixtures.py` writes it.
enum Planted {
  static let vectors = (0..<96).map { (Float($0) - 40) / 16 }
  static let people = ["Ann", "Bob", "Zoë", "李"]
  static let identity = perPerson(people)
  static let gender = perPerson(["F", "M", "F", "M"])
  static let images = people.flatMap { person in (1...3).map { "\(person)_000\($0).jpg" } }
}

/// Labels of people as labels of their images.
func perPerson(_ labels: [String]) -> [String] {
  labels.flatMap { [String](repeating: $0, count: 3) }
}

/// A request with some settings.
func request(_ inputs: String..., set: (inout ImportRequest) -> Void = { _ in }) -> ImportRequest {
  var request = ImportRequest(inputs.map(fixture))
  set(&request)
  return request
}

/// The text of the error that a request ends with, folders left out.
func failure(_ request: ImportRequest) -> String {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("import-\(UUID().uuidString)")
  try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  do {
    _ = try request.write(to: folder.appendingPathComponent("out.h5").path)
    return "no error"
  } catch {
    let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let text = left.isEmpty ? "\(error)" : "left \(left): \(error)"
    return text.replacingOccurrences(
      of: fixturesFolder.appendingPathComponent("import").path + "/", with: "")
  }
}
