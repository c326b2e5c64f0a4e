import CCrypto
import Foundation
import Specs

/// SHA-256 of libcrypto over bytes that arrive in pieces.
package struct SHA256 {
  private let state: OpaquePointer

  package init() {
    guard let state = mote_sha256_create() else {
      fatalError("libcrypto offers no SHA-256")
    }
    self.state = state
  }

  /// Adds bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    precondition(mote_sha256_update(state, base, bytes.count) == 1, "libcrypto: SHA-256 failed")
  }

  /// Adds bytes.
  package func update(_ bytes: some ContiguousBytes) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The 32 bytes of the digest; the state may not be used afterwards.
  package consuming func digest() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    precondition(mote_sha256_finish(state, &digest) == 1, "libcrypto: SHA-256 failed")
    return digest
  }

  /// Digest of one piece, in hexadecimal.
  package static func hex(_ bytes: some ContiguousBytes) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hexadecimal(hash.digest())
  }
}

/// Two lower-case digits per byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

extension SHA256 {
  /// Digest of a file's bytes, in hexadecimal.
  ///
  /// - Throws: `StoreError`.
  package static func hex(ofFile path: String) throws(StoreError) -> String {
    guard let file = try MappedFile(path) else {
      throw .fromErrno(ENOENT, path: path, verb: ("read", "read"))
    }
    let hash = SHA256()
    hash.update(file.bytes)
    return hexadecimal(hash.digest())
  }
}
