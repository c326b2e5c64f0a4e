import Files
import Foundation
import TestSupport
import Testing

@Suite struct RegularFileTests {
  @Test func bytesComeBack() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("a")
    for count in [0, 1, 1 << 16, (1 << 16) + 1] {
      let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      try bytes.write(to: url)
      #expect(try RegularFile.read(url.path) == bytes)
      let mapped = try MappedFile(url.path)
      #expect(withExtendedLifetime(mapped) { Data(mapped.bytes) } == bytes)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func whatIsNoFileIsAnErrorAtOnce() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appendingPathComponent("pipe").path
    mkfifo(pipe, 0o600)
    for (path, kind) in [
      (pipe, "a pipe (FIFO)"), (folder.path, "a folder"), ("/dev/zero", "a device"),
    ] {
      let text = "\(path): cannot open it: it is \(kind), expected a file"
      for read in [
        { _ = try RegularFile.read($0) }, { _ = try MappedFile($0) },
        { _ = try SHA256.hex(ofFile: $0) },
      ] as [(String) throws -> Void] {
        let error = try #require(throws: FileError.self) { try read(path) }
        #expect("\(error)" == text)
      }
    }
  }
}
