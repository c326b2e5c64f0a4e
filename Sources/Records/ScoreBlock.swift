import Biometrics
import Files
import Foundation

/// The scores of a unit of work, kept on disk until their cell is evaluated, and read in place.
///
/// File layout, little-endian: "MOTEBLK2", rows, columns, bytes of metadata (UInt64 each), SHA-256
/// of the input hash's text (32 bytes), SHA-256 of metadata and scores (32 bytes), metadata (JSON,
/// padded with spaces to whole 32 bytes), scores (float32, row by row).
package struct ScoreBlock<Metadata: Codable & Sendable>: Sendable {
  /// References against samples, [rows, columns], rows without gaps.
  package let scores: ScoreMatrix
  /// What else the unit of work left behind, e.g. epochs and seconds per subject.
  package var metadata: Metadata

  /// - Precondition: the rows of `scores` have no gaps.
  package init(scores: ScoreMatrix, metadata: Metadata) {
    precondition(scores.stride == scores.columns)
    self.scores = scores
    self.metadata = metadata
  }
}

private let blockMagic = Array("MOTEBLK2".utf8)
private let blockHeaderBytes = 96
/// Scores begin at a multiple of this.
private let blockAlignment = 32

extension ScoreBlock {
  /// Writes the block, complete or not at all.
  package func write(to path: String, inputHash: String) throws(StoreError) {
    var metadata = canonicalJSON(self.metadata)
    let gap = (blockAlignment - metadata.count % blockAlignment) % blockAlignment
    metadata.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: gap))
    var header = blockMagic
    for value in [scores.rows, scores.columns, metadata.count] {
      withUnsafeBytes(of: UInt64(value).littleEndian) { header += $0 }
    }
    header += Self.digest(of: inputHash)
    let numbers = UnsafeRawBufferPointer(
      start: scores.base, count: scores.rows * scores.columns * MemoryLayout<Float>.stride)
    var failure: StoreError?
    metadata.withUnsafeBytes { metadata in
      let hash = SHA256()
      hash.update(metadata)
      hash.update(numbers)
      header += hash.digest()
      header.withUnsafeBytes { header in
        do throws(FileError) {
          try AtomicFile.write([header, metadata, numbers], to: path)
        } catch { failure = StoreError(error) }
      }
    }
    if let failure { throw failure }
  }

  /// Reads a block back; its scores stay in the file.
  ///
  /// - Returns: nil when there is no such file, or it was made from other inputs.
  /// - Throws: `StoreError.badBlock` for a damaged file.
  package static func read(from path: String, inputHash: String) throws(StoreError) -> ScoreBlock? {
    let file: MappedFile
    do {
      guard let found = try MappedFile(path) else { return nil }
      file = found
    } catch {
      throw .badBlock(path: path, reason: "\(error)")
    }
    let bytes = file.bytes
    guard bytes.count >= blockHeaderBytes, bytes.prefix(8).elementsEqual(blockMagic) else {
      throw .badBlock(path: path, reason: "it does not begin as one")
    }
    let sizes = (0..<3).map {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 + 8 * $0, as: UInt64.self))
    }
    guard let rows = Int(exactly: sizes[0]), let columns = Int(exactly: sizes[1]),
      let metadataCount = Int(exactly: sizes[2]),
      case (let count, let overflow) = rows.multipliedReportingOverflow(by: columns), !overflow,
      count <= bytes.count / 4, metadataCount <= bytes.count,
      metadataCount.isMultiple(of: blockAlignment),
      bytes.count == blockHeaderBytes + metadataCount + 4 * count
    else {
      throw .badBlock(path: path, reason: "its size is not the one it states")
    }
    guard bytes[32..<64].elementsEqual(digest(of: inputHash)) else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[blockHeaderBytes...])
    let hash = SHA256()
    hash.update(payload)
    guard bytes[64..<96].elementsEqual(hash.digest()) else {
      throw .badBlock(path: path, reason: "its checksum does not match")
    }
    do {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let metadata = try decoder.decode(Metadata.self, from: Data(payload[..<metadataCount]))
      let base = (payload.baseAddress! + metadataCount).assumingMemoryBound(to: Float.self)
      return ScoreBlock(
        scores: ScoreMatrix(base: base, rows: rows, columns: columns, owner: file),
        metadata: metadata)
    } catch {
      throw .badBlock(path: path, reason: "its metadata cannot be read: \(error)")
    }
  }

  private static func digest(of inputHash: String) -> [UInt8] {
    let hash = SHA256()
    hash.update(Array(inputHash.utf8))
    return hash.digest()
  }
}
