import Files

/// Bytes that are read piece by piece: of a file, or of a member of an archive.
///
/// A read is of few large pieces, never of single values.
protocol ByteSource: AnyObject {
  var count: Int { get }
  /// Reads `target.count` bytes from `offset` on.
  ///
  /// - Throws: `ImportError` beyond the end, or where they cannot be had.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws
}

extension ByteSource {
  /// Some bytes as an array; the caller has bounded their number.
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBytes { try read(at: range.lowerBound, into: $0) }
    return bytes
  }
}

/// A part of a mapped file.
final class FileBytes: ByteSource {
  private let file: MappedFile
  private let path: String
  private let start: Int
  let count: Int

  /// - Parameter range: inside the file; nil: all of it.
  init(_ file: MappedFile, path: String, range: Range<Int>? = nil) {
    let range = (range ?? 0..<file.bytes.count).clamped(to: 0..<file.bytes.count)
    (self.file, self.path) = (file, path)
    (start, count) = (range.lowerBound, range.count)
  }

  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws {
    guard offset >= 0, offset <= count, target.count <= count - offset else {
      throw ImportError(path, nil, "ends early: the copy is incomplete, copy it again")
    }
    if target.isEmpty { return }
    target.copyMemory(
      from: UnsafeRawBufferPointer(
        rebasing: file.bytes[start + offset..<start + offset + target.count])
    )
  }
}
