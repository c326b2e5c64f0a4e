import Configurations
import Foundation
import HDF5Library
import Import
import TestSupport
import Testing

/// What `check` finds for files that could be meant in several ways.
@Suite struct FittingCommandTests {
  /// The options of the command that is found, and what comes of it.
  private func found(_ name: String, _ write: (String) throws -> Void) throws -> (
    options: String, outcome: String
  ) {
    let folder = try temporaryFolder("fitting")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent(name).path
    try write(path)
    let command = try FittingCommand(for: EmbeddingSource(path: path))
    let output = " --output "
    let options = command.text.components(separatedBy: output)[0]
      .replacingOccurrences(of: "Harness import \(path)", with: "")
    return (options, command.outcome)
  }

  private func text(_ lines: @escaping (Int) -> String, count: Int = 12, header: String? = nil) -> (
    String
  )
    throws -> Void
  {
    { path in
      let all = (header.map { [$0] } ?? []) + (0..<count).map(lines)
      try Data((all.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
  }

  /// Vectors of a few values, [rows, 8] at each path.
  private func matrices(_ paths: [String], rows: Int = 3) -> (String) throws -> Void {
    { path in
      let writer = try HDF5Writer(path: path)
      for place in paths {
        try writer.create(place, .float32, shape: [rows, 8])
        let values = (0..<rows * 8).map { Float($0) + Float(place.utf8.count) / 8 }
        try writer.write(place, rows: 0..<rows, from: values)
      }
      try writer.finish()
    }
  }

  private let values = "0.25,-1.5,0.125,2.75"

  @Test func valuesOfVectorsAreNotPeople() throws {
    let found = try found(
      "x.csv",
      text({ "p\($0 / 3)/\($0).jpg,\(Float($0 % 5)),\(values)" }, header: "img,e0,e1,e2,e3,e4"))
    #expect(found.options == " --identity-from folder")
    #expect(found.outcome.hasPrefix("12 vectors of 5 values, 4 people"))
  }

  @Test func codesBesideVectorsAreNoValues() throws {
    let found = try found("x.csv", text({ "p\($0 / 3),\($0 / 3 % 2),\(values)" }))
    #expect(found.options == " --identity 1")
    #expect(found.outcome.hasPrefix("12 vectors of 4 values, 4 people"))
    #expect(found.outcome.contains("that '1' names people is assumed: check it"))
    // Whole numbers all over are values.
    let whole = try self.found("x.csv", text({ "p\($0 / 3),\($0),2,3,4" }))
    #expect(whole.outcome.hasPrefix("12 vectors of 4 values, 4 people"))
  }

  @Test func groupsWithTheSamePeopleAreNotMixed() throws {
    let people = (0..<4).map { "p\($0)" }
    let found = try found(
      "x.h5", matrices(people.map { "arcface/\($0)" } + people.map { "magface/\($0)" }))
    #expect(found.options == " --under arcface --identity-from group")
    #expect(
      found.outcome.hasSuffix(
        "; that 'arcface' is meant, and not 'magface', is assumed: check it"), "\(found.outcome)")
  }

  @Test func groupsWithOtherPeopleArePartsWhichIsSaid() throws {
    let people = (0..<4).map { "set\($0 % 2)/p\($0)" }
    let found = try found("x.h5", matrices(people))
    #expect(found.options == " --under set0 --under set1 --identity-from group")
    #expect(
      found.outcome.hasSuffix("'set0', 'set1' are parts of one dataset is assumed: check it"))
  }

  @Test func imagesAreTakenByTheirNames() throws {
    let images = (0..<12).map { "\($0 % 3 == 0 ? "val" : "train")/Ann\($0 / 3)_000\($0 % 3).jpg" }
    let found = try found("x.h5", matrices(images, rows: 1))
    #expect(found.options == " --identity-from filename")
    #expect(found.outcome.hasPrefix("12 vectors of 8 values, 4 people"))
  }

  @Test func attributesOfDatasetsSayWhoTheyShow() throws {
    let found = try found("x.h5") { path in
      let writer = try HDF5Writer(path: path)
      for image in 0..<12 {
        try writer.create("i\(image)", .float32, shape: [8])
        try writer.write(
          "i\(image)", rows: 0..<8, from: [Float](repeating: Float(image) + 1, count: 8))
        try writer.setAttribute("identity", "p\(image / 3)", of: "i\(image)")
      }
      try writer.finish()
    }
    #expect(found.options == " --identity identity")
    #expect(found.outcome.hasPrefix("12 vectors of 8 values, 4 people"))
  }

  @Test func commandsCanBeTypedWhateverNamesAre() throws {
    let found = try found("a\n'b\u{1B}.csv") { path in
      try Data("identity,e0,e1\np0,1,2\np0,3,4\np1,5,6\n".utf8)
        .write(to: URL(fileURLWithPath: path))
    }
    #expect(found.options.contains("a\\12\\'b\\33.csv'"), "\(found.options)")
  }

  @Test func whereNothingWorksTheSimplestReasonIsThrown() throws {
    #expect {
      _ = try found("x.csv", text({ "\(Float($0) / 8),\(values)" }))
    } throws: {
      "\($0)".contains("says nowhere which person a vector is of")
    }
  }
}
