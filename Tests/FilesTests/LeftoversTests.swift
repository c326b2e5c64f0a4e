import Files
import Foundation
import TestSupport
import Testing

@Suite struct LeftoversTests {
  @Test(arguments: [
    ("record.json.123.partial", 123), ("a.png.partial-77", 77), (".dat.nosync1f.aBcD", 31),
    ("storage-int8.h5.5.partial.5.partial", 5),
  ])
  func theNameOfAFileUnderConstructionSaysWhoWritesIt(name: String, process: Int32) {
    #expect(Leftovers.writer(of: name) == process)
  }

  @Test(arguments: ["notes.partial", "partial-1.txt", "record.json", ".dat.nosync", "a.partial-b"])
  func otherFilesAreNobodys(name: String) {
    #expect(Leftovers.writer(of: name) == nil)
  }

  @Test func leftoversOfOneFileAreThoseOfProcessesThatAreGone() throws {
    let folder = try temporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let child = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
    child.waitUntilExit()
    let gone = "x.h5.\(child.processIdentifier).partial"
    let kept = [
      "x.h5.1.partial", "x.h5.\(getpid()).partial", "x.h5.a.partial",
      "xx.h5.\(child.processIdentifier).partial", "x.h5",
    ]
    for name in kept + [gone] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    try Leftovers.remove(of: "\(folder)/x.h5")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == kept.sorted())
  }

  /// Process numbers repeat in containers.
  @Test func filesOfAnEarlierProcessOfTheSameNumberAreRemoved() throws {
    let folder = try temporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/a.\(getpid()).partial"
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(try Leftovers.remove(in: folder, ownIsLeft: false).isEmpty)
    #expect(try Leftovers.remove(in: folder) == [path])
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
