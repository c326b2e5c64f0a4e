import CCrypto
import Foundation

/// An incremental SHA-256 over libcrypto.
package final class SHA256 {
  private let state: OpaquePointer
  private var isFinished = false

  package init() {
    guard let state = mote_sha256_create() else { fatalError("libcrypto offers no SHA-256") }
    self.state = state
  }

  deinit {
    // Ending the digest frees the state.
    if !isFinished { _ = digest() }
  }

  /// Adds bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(!isFinished, "SHA256.update after the digest was taken")
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    precondition(mote_sha256_update(state, base, bytes.count) == 1, "libcrypto: SHA-256 failed")
  }

  /// Adds bytes.
  package func update(_ bytes: some ContiguousBytes) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Ends the digest: its 32 bytes. Callable once.
  package func digest() -> [UInt8] {
    precondition(!isFinished, "SHA256.digest called twice")
    isFinished = true
    var digest = [UInt8](repeating: 0, count: 32)
    precondition(mote_sha256_finish(state, &digest) == 1, "libcrypto: SHA-256 failed")
    return digest
  }

  /// Ends the digest: 64 lower-case hexadecimal digits. Callable once.
  package func hex() -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// SHA-256 of bytes, hex.
  package static func hex(of bytes: some ContiguousBytes) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hash.hex()
  }

  /// SHA-256 of a file's bytes, hex, read in blocks of 1 MiB.
  ///
  /// - Throws: `FileError` when it cannot be opened or read, or is no regular file.
  package static func hex(ofFile path: String) throws(FileError) -> String {
    let descriptor = try RegularFile.open(path)
    defer { close(descriptor) }
    let hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last(path, .read) }
      if count == 0 { return hash.hex() }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
