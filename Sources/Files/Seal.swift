import Foundation

/// What a file of this program begins with: the SHA-256 of every byte that follows, so that a file
/// that was edited or damaged since is told from one as it was written.
///
/// The same seal for all kinds of files, in the clothes of each: fixed bytes, 64 hexadecimal digits,
/// fixed bytes. No byte of a file is outside of both, so that any change breaks it. It says nothing
/// of who wrote a file.
package struct Seal: Sendable {
  private let before: [UInt8]
  private let after: [UInt8]

  /// Bytes of the seal; a multiple of 32 but for JSON.
  package var count: Int { before.count + 64 + after.count }

  private init(_ before: String, _ after: String, padding: Int = 0) {
    self.before = Array(before.utf8)
    self.after = Array(after.utf8) + [UInt8](repeating: 0, count: padding)
  }

  /// First key of a JSON object: `{"sha256":"…",` and the rest of the object.
  package static let json = Seal(#"{"sha256":""#, #"","#)
  /// Blocks of scores and weights: "MOTEBLK3", digits, 24 zero bytes.
  package static let block = Seal("MOTEBLK3", "", padding: 24)
  /// HDF5: the file's user block of 512 bytes, "MOTE-SHA256 ", digits, a line end, zero bytes.
  package static let hdf5 = Seal("MOTE-SHA256 ", "\n", padding: 435)

  /// Why a file cannot be trusted.
  package enum Fault: Sendable, Hashable, CustomStringConvertible {
    /// The file does not begin with a seal of the kind.
    case absent
    /// The seal is of another content.
    case broken

    package var description: String {
      switch self {
      case .absent: "it does not begin with the digest of its content"
      case .broken: "it was changed after it was written: its content does not fit its digest"
      }
    }
  }

  /// The seal of a content that is given in pieces.
  package func over(_ pieces: [UnsafeRawBufferPointer]) -> [UInt8] {
    let hash = SHA256()
    for piece in pieces { hash.update(piece) }
    return before + Array(hash.hex().utf8) + after
  }

  /// What is wrong with a file; nil: it is as it was written.
  package func fault(in file: UnsafeRawBufferPointer) -> Fault? {
    guard file.count >= count, file.prefix(before.count).elementsEqual(before),
      file[(count - after.count)..<count].elementsEqual(after)
    else { return .absent }
    let isIntact = file.prefix(count).elementsEqual(over([content(of: file)]))
    return isIntact ? nil : .broken
  }

  /// The bytes after the seal.
  package func content(of file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file[count...])
  }

  /// Seals a file that a library has written, with room for the seal at its beginning.
  ///
  /// - Precondition: the file has at least `count` bytes.
  package func write(into path: String) throws(FileError) {
    let mapped = try MappedFile(path)
    let seal = withExtendedLifetime(mapped) { over([content(of: mapped.bytes)]) }
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last(path, .open) }
    let written = pwrite(file, seal, seal.count, 0)
    let code = errno
    guard close(file) == 0, written == seal.count else {
      throw FileError(path: path, operation: .write, code: written < 0 ? code : EIO)
    }
  }
}
