import Datasets
import Files
import Foundation
import HDF5
import HDF5Library
import Kernels
import TestSupport
import Testing

@Suite struct HDF5WriterTests {
  /// A matrix of distinct values that float16 represents exactly.
  static func matrix(_ rows: Int, _ columns: Int) -> FloatMatrix {
    let matrix = FloatMatrix(rows: rows, columns: columns)
    for i in 0..<rows * columns { matrix.base[i] = Float(i % 2_000) / 8 - 100 }
    return matrix
  }

  @Test(arguments: [HDF5Writer.Element.float32, .float16, .float64], [nil, [3, 5]])
  func matricesSurviveStreamedWriting(_ element: HDF5Writer.Element, _ chunk: [Int]?) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.h5").path
    let matrix = Self.matrix(17, 13)
    let writer = try HDF5Writer(path: path)
    try writer.create("group/values", element, shape: [17, 13], chunk: chunk)
    try writer.write("group/values", rows: 0..<10, from: matrix.base)
    try writer.write("group/values", rows: 10..<17, from: matrix.base + 130)
    try writer.finish()
    let read = try HDF5File(path: path).read("group/values")
    #expect((0..<17 * 13).allSatisfy { read.base[$0] == matrix.base[$0] })
  }

  @Test func readingCrossesBlockAndChunkBorders() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.h5").path
    // 3 x 8 MiB of float32 in chunks that divide neither axis.
    let matrix = Self.matrix(3_077, 2_048)
    let writer = try HDF5Writer(path: path)
    try writer.create("x", .float16, shape: [3_077, 2_048], chunk: [777, 300])
    try writer.write("x", rows: 0..<3_077, from: matrix.base)
    try writer.finish()
    let dataset = try HDF5File(path: path).dataset("x")
    #expect(dataset.preferredBlockRows % 777 == 0 && dataset.preferredBlockRows < 3_077)
    let read = try dataset.readMatrix()
    #expect((0..<3_077 * 2_048).allSatisfy { read.base[$0] == matrix.base[$0] })
  }

  @Test func bytesStringsAndAttributesSurvive() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.h5").path
    let writer = try HDF5Writer(path: path)
    try writer.create("bytes", .int8, shape: [2, 2], chunk: [1, 2])
    try writer.write("bytes", rows: 0..<2, from: [-128, -1, 0, 127] as [Int8])
    try writer.writeStrings("names", ["", "Zoë", "李", "a\"b"])
    try writer.writeVector("scales", [0.5, -2], as: .float64)
    try writer.setAttribute("format", "templates 1")
    try writer.setAttribute("unit", "none", of: "scales")
    try writer.finish()
    let file = try HDF5File(path: path)
    let bytes = try file.read("bytes")
    #expect(try file.dataset("bytes").typeName == "int8")
    #expect(Array(bytes[row: 0]) + Array(bytes[row: 1]) == [-128, -1, 0, 127])
    #expect(try file.labels("names") == ["", "Zoë", "李", "a\"b"])
    let scales = try file.read("scales")
    #expect(scales[row: 1][0] == -2)
    #expect(try file.attributes()["format"] == "templates 1")
    #expect(try file.attributes(of: "scales")["unit"] == "none")
  }

  @Test func nothingAppearsBeforeFinishAndNothingRemainsWithout() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.h5").path
    do {
      let writer = try HDF5Writer(path: path)
      try writer.writeStrings("names", ["x"])
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func theSameContentGivesTheSameBytes() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let digests = try (0..<2).map { k in
      let path = folder.appendingPathComponent("\(k).h5").path
      let writer = try HDF5Writer(path: path)
      try writer.writeStrings("names", (0..<500).map { "subject \($0)" })
      try writer.writeVector("g/x", [1, 2, 3], as: .float32)
      try writer.finish()
      return try SHA256.hex(ofFile: path)
    }
    #expect(digests[0] == digests[1])
  }

  @Test func valuesBeyondFloat16AreRefused() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.h5").path
    let writer = try HDF5Writer(path: path)
    try writer.create("x", .float16, shape: [1])
    #expect(
      errorText { try writer.write("x", rows: 0..<1, from: [70_000] as [Float]) }
        == "\(path): 'x' gets the value 70000.0, beyond float16; store it as float32")
  }

  @Test func aMissingFolderFailsBeforeAnyWork() {
    #expect(
      errorText { _ = try HDF5Writer(path: "/nowhere/a.h5") }
        == "/nowhere/a.h5: cannot create it: the folder '/nowhere' does not exist")
  }
}
