import Foundation

/// Numbers of 8 bytes as base64 of little-endian bytes: how records keep shares of people in JSON, and
/// those of before replicates.
enum PackedNumbers {
  /// - Throws: `DecodingError.dataCorrupted` where the text is something else.
  static func decode(_ text: String, at path: [any CodingKey], _ what: String) throws -> [UInt64] {
    guard let data = Data(base64Encoded: text), data.count % 8 == 0 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "\(what) are not base64 of numbers of 8 bytes"))
    }
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
  }

  static func encode(_ words: some Collection<UInt64>) -> String {
    let words = words.map(\.littleEndian)
    return words.withUnsafeBytes { Data($0) }.base64EncodedString()
  }
}
