import Files
import Foundation

/// Scores of some references against all probes, kept on disk until their cell is evaluated.
///
/// File layout, little-endian: "MOTEBLK1", rows, columns, bytes of metadata (UInt64 each), SHA-256
/// of the input hash's text (32 bytes), SHA-256 of metadata and scores (32 bytes), metadata (JSON),
/// scores (float32, row by row).
package struct ScoreBlock<Metadata: Codable & Sendable>: Sendable {
  /// References.
  package let rows: Int
  /// Probes.
  package let columns: Int
  /// Row-major, [rows, columns].
  package let scores: [Float]
  /// What else the unit of work left behind, e.g. epochs and seconds per subject.
  package var metadata: Metadata

  /// - Precondition: `scores.count == rows * columns`.
  package init(rows: Int, columns: Int, scores: [Float], metadata: Metadata) {
    precondition(
      scores.count == rows * columns, "\(scores.count) scores for \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.scores = scores
    self.metadata = metadata
  }
}

private let blockMagic = Array("MOTEBLK1".utf8)
private let blockHeaderBytes = 96

extension ScoreBlock {
  /// Writes the block, complete or not at all.
  func write(to path: String, inputHash: String) throws(StoreError) {
    let metadata = canonicalJSON(self.metadata)
    var header = blockMagic
    for value in [rows, columns, metadata.count] {
      withUnsafeBytes(of: UInt64(value).littleEndian) { header += $0 }
    }
    header += Self.digest(of: inputHash)
    var failure: StoreError?
    metadata.withUnsafeBytes { metadata in
      scores.withUnsafeBytes { scores in
        let hash = SHA256()
        hash.update(metadata)
        hash.update(scores)
        header += hash.digest()
        header.withUnsafeBytes { header in
          do throws(StoreError) {
            try AtomicFile.write([header, metadata, scores], to: path)
          } catch { failure = error }
        }
      }
    }
    if let failure { throw failure }
  }

  /// Reads a block back.
  ///
  /// - Returns: nil when there is no such file, or it was made from other inputs.
  /// - Throws: `StoreError.badBlock` for a damaged file.
  static func read(from path: String, inputHash: String) throws(StoreError) -> ScoreBlock? {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      if access(path, F_OK) != 0 && errno == ENOENT { return nil }
      throw .badBlock(path: path, reason: error.localizedDescription)
    }
    return try bytes.withUnsafeBytes { bytes in
      Result { () throws(StoreError) in try parse(bytes, path: path, inputHash: inputHash) }
    }.get()
  }

  private static func parse(
    _ bytes: UnsafeRawBufferPointer, path: String, inputHash: String
  ) throws(StoreError) -> ScoreBlock? {
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
      let metadata = try JSONDecoder().decode(Metadata.self, from: Data(payload[..<metadataCount]))
      let scores = [Float](unsafeUninitializedCapacity: count) { target, initialised in
        UnsafeMutableRawBufferPointer(target).copyBytes(from: payload[metadataCount...])
        initialised = count
      }
      return ScoreBlock(rows: rows, columns: columns, scores: scores, metadata: metadata)
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
