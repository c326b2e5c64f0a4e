import Files
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func piecesAreWrittenInOrderAndFoldersAreMade() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("b/c/a").path
    try [UInt8]("one".utf8).withUnsafeBytes { one in
      try [UInt8]("two".utf8).withUnsafeBytes { two in
        try AtomicFile.write([one, two], to: path)
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "onetwo")
    try AtomicFile.write(Data("new".utf8), to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    let folderOfFile = folder.appendingPathComponent("b/c").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folderOfFile) == ["a"])
  }

  @Test func aFailedWriteNamesTheTargetAndLeavesNothing() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // A folder stands where the file should go: the rename fails.
    let target = folder.appendingPathComponent("a")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
    let error = try #require(throws: FileError.self) {
      try AtomicFile.write(Data("new".utf8), to: target.path)
    }
    #expect("\(error)" == "\(target.path): cannot replace it: it is a folder; remove or rename it")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    let below = try #require(throws: FileError.self) {
      try AtomicFile.write(Data("text".utf8), to: folder.appendingPathComponent("f").path)
      try AtomicFile.makeFolder(folder.appendingPathComponent("f").path)
    }
    #expect("\(below)".hasSuffix("f: cannot use it as a folder: it is a file; remove or rename it"))
  }
}
