import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct SHA256DigestTests {
  /// FIPS 180-2, appendix B.
  @Test func meetsKnownAnswers() {
    #expect(
      SHA256Digest.hex(of: "abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256Digest.hex(of: "")
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256Digest.hex(of: [UInt8](repeating: 0x61, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
  func aFileHashesLikeItsBytes(_ count: Int) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let url = folder.appendingPathComponent("a")
    try Data(bytes).write(to: url)
    #expect(try SHA256Digest.hex(ofFile: url.path) == SHA256Digest.hex(of: bytes))
  }

  @Test func aMissingFileIsAnError() {
    #expect(
      errorText { _ = try SHA256Digest.hex(ofFile: "/nowhere/a") }
        == "/nowhere/a: cannot open it: No such file or directory")
  }
}
