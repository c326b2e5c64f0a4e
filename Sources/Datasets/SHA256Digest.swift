import CCrypto
import Foundation

/// An incremental SHA-256 over libcrypto.
package final class SHA256Digest {
  private let state: OpaquePointer
  private var isFinished = false

  package init() {
    guard let state = mote_sha256_create() else { fatalError("libcrypto offers no SHA-256") }
    self.state = state
  }

  deinit {
    if !isFinished { _ = hex() }
  }

  /// Adds bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(!isFinished, "SHA256Digest.update after hex()")
    if let base = bytes.baseAddress { _ = mote_sha256_update(state, base, bytes.count) }
  }

  /// Ends the digest: 64 lower-case hexadecimal digits. Callable once.
  package func hex() -> String {
    precondition(!isFinished, "SHA256Digest.hex called twice")
    isFinished = true
    var digest = [UInt8](repeating: 0, count: 32)
    _ = mote_sha256_finish(state, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// SHA-256 of text (its UTF-8 bytes), hex.
  package static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }

  /// SHA-256 of bytes, hex.
  package static func hex(of bytes: [UInt8]) -> String {
    let digest = SHA256Digest()
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.hex()
  }

  /// SHA-256 of a file's bytes, hex, read in blocks of 1 MiB.
  package static func hex(ofFile path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemError(path, "open it") }
    defer { close(descriptor) }
    let digest = SHA256Digest()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw systemError(path, "read it") }
      if count == 0 { return digest.hex() }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}

/// The last failure of the operating system as an error of the stage.
func systemError(_ path: String, _ operation: String) -> HDF5Error {
  .system(file: path, operation: operation, reason: String(cString: strerror(errno)))
}
