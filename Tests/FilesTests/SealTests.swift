import Files
import Foundation
import TestSupport
import Testing

@Suite struct SealTests {
  private static let seals = [Seal.json, .block, .hdf5]

  @Test(arguments: 0..<3, [0, 1, 31, 1_000])
  func everyByteOfAFileCounts(_ kind: Int, _ count: Int) {
    let seal = Self.seals[kind]
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let file = content.withUnsafeBytes { seal.over([$0]) } + content
    func fault(_ bytes: [UInt8]) -> Seal.Fault? { bytes.withUnsafeBytes { seal.fault(in: $0) } }
    #expect(fault(file) == nil)
    #expect(file.count == seal.count + count)
    for i in file.indices {
      var changed = file
      changed[i] ^= 1
      #expect(fault(changed) != nil, "byte \(i)")
    }
    #expect(fault(file + [0]) == .broken)
    #expect(fault([]) == .absent)
    for end in [1, seal.count - 1] { #expect(fault(Array(file.prefix(end))) == .absent) }
    if count > 0 { #expect(fault(file.dropLast()) == .broken) }
  }

  @Test func piecesAreSealedAsOne() {
    let (one, two) = (Array("one".utf8), Array("two".utf8))
    one.withUnsafeBytes { one in
      two.withUnsafeBytes { two in
        let whole = (Array("onetwo".utf8)).withUnsafeBytes { Seal.block.over([$0]) }
        #expect(Seal.block.over([one, two]) == whole)
      }
    }
  }

  @Test func aFileIsSealedInPlace() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a").path
    try Data([UInt8](repeating: 0, count: 512) + [1, 2, 3]).write(to: URL(fileURLWithPath: path))
    try Seal.hdf5.write(into: path)
    let file = try MappedFile(path)
    withExtendedLifetime(file) {
      #expect(Seal.hdf5.fault(in: file.bytes) == nil)
      #expect(Array(Seal.hdf5.content(of: file.bytes)) == [1, 2, 3])
    }
  }
}
