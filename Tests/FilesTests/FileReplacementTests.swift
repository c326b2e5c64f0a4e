import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileReplacementTests {
  @Test func theTargetIsOldUntilFinishAndNewAfterIt() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a").path
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let replacement = try FileReplacement(path: path)
    try Data("new".utf8).write(to: URL(fileURLWithPath: replacement.temporaryPath))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try replacement.finish()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
  }

  @Test func aFailedFinishLeavesTheOldFileAndNothingElse() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // A folder stands where the file should go: the rename fails.
    let target = folder.appendingPathComponent("a")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
    let replacement = try FileReplacement(path: target.path)
    try Data("new".utf8).write(to: URL(fileURLWithPath: replacement.temporaryPath))
    #expect(throws: FileError.self) { try replacement.finish() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
  }

  @Test func aMissingFolderIsNamed() throws {
    let error = try #require(throws: FileError.self) { try FileReplacement(path: "/nowhere/a") }
    #expect("\(error)" == "/nowhere/a: cannot create it: the folder '/nowhere' does not exist")
  }
}
