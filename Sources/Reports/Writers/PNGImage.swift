// PNG without compression (RFC 2083, stored blocks of RFC 1951): pictures in SVG files need a container that
// every reader knows, and equal pictures must be equal bytes.
import Foundation

/// Writes pictures as PNG.
package enum PNGImage {
  /// The bytes of a file.
  package static func bytes(_ picture: Picture) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // 8 bits, RGB, no interlacing.
    append(
      "IHDR", bigEndian(picture.width) + bigEndian(picture.height) + [8, 2, 0, 0, 0], to: &file)
    var rows: [UInt8] = []
    rows.reserveCapacity(picture.height * (3 * picture.width + 1))
    for row in 0..<picture.height {
      // Filter type 0: bytes as they are.
      rows.append(0)
      rows += picture.pixels[(row * 3 * picture.width)..<((row + 1) * 3 * picture.width)]
    }
    append("IDAT", stored(rows), to: &file)
    append("IEND", [], to: &file)
    return file
  }

  /// The file as a data URI.
  package static func dataURI(_ picture: Picture) -> String {
    "data:image/png;base64," + Data(bytes(picture)).base64EncodedString()
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, bytes.count)
      let count = UInt16(end - start)
      stream.append(end == bytes.count ? 1 : 0)
      for value in [count, ~count] { stream += [UInt8(value & 0xFF), UInt8(value >> 8)] }
      stream += bytes[start..<end]
      start = end
    } while start < bytes.count
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return stream + bigEndian(Int(b << 16 | a))
  }

  private static func append(_ type: String, _ content: [UInt8], to file: inout [UInt8]) {
    let body = Array(type.utf8) + content
    file += bigEndian(content.count) + body + bigEndian(Int(checksum(body)))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 of a chunk.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    return ~crc
  }

  private static let table: [UInt32] = (0..<256).map { n in
    (0..<8).reduce(UInt32(n)) { c, _ in c & 1 == 1 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1 }
  }
}
