import Files
import Foundation
import TestSupport
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-2, appendix B.
  @Test func meetsKnownAnswers() {
    #expect(
      SHA256.hex(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: [UInt8]())
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex(of: [UInt8](repeating: 0x61, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
  func aFileHashesLikeItsBytes(_ count: Int) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let url = folder.appendingPathComponent("a")
    try Data(bytes).write(to: url)
    #expect(try SHA256.hex(ofFile: url.path) == SHA256.hex(of: bytes))
  }

  @Test func aMissingFileIsAnError() throws {
    let error = try #require(throws: FileError.self) {
      try SHA256.hex(ofFile: "/nowhere/a")
    }
    #expect("\(error)" == "/nowhere/a: cannot open it: No such file or directory")
  }
}
