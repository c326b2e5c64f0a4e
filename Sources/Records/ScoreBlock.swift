import Biometrics
import Files
import Foundation

/// The scores of a unit of work, kept on disk until their cell is evaluated, and read in place.
///
/// File layout, little-endian: the seal of all that follows (`Seal.block`, 96 bytes), rows, columns,
/// bytes of metadata, 0 (UInt64 each), SHA-256 of the text that names its inputs (32 bytes), metadata
/// (JSON, padded with spaces to whole 32 bytes), scores (float32, row by row).
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

/// What stands between the seal and the metadata.
private let blockHeaderBytes = 64
/// Scores begin at a multiple of this.
private let blockAlignment = 32

extension ScoreBlock {
  /// Writes the block, complete or not at all.
  package func write(to path: String, inputHash: String) throws(StoreError) {
    var metadata = canonicalJSON(self.metadata)
    let gap = (blockAlignment - metadata.count % blockAlignment) % blockAlignment
    metadata.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: gap))
    var header: [UInt8] = []
    for value in [scores.rows, scores.columns, metadata.count, 0] {
      withUnsafeBytes(of: UInt64(value).littleEndian) { header += $0 }
    }
    header += Self.digest(of: inputHash)
    let numbers = UnsafeRawBufferPointer(
      start: scores.base, count: scores.rows * scores.columns * MemoryLayout<Float>.stride)
    var failure: StoreError?
    metadata.withUnsafeBytes { metadata in
      header.withUnsafeBytes { header in
        let content = [header, metadata, numbers]
        Seal.block.over(content).withUnsafeBytes { seal in
          do throws(FileError) {
            try AtomicFile.write([seal] + content, to: path)
          } catch { failure = StoreError(error) }
        }
      }
    }
    if let failure { throw failure }
  }

  /// Reads a block back after its seal was checked; its scores stay in the file.
  ///
  /// - Returns: nil when there is no such file, or it was made from other inputs.
  /// - Throws: `StoreError.badBlock` for a damaged file.
  package static func read(from path: String, inputHash: String) throws(StoreError) -> ScoreBlock? {
    let file: MappedFile
    do {
      file = try MappedFile(path)
    } catch {
      if error.code == ENOENT { return nil }
      throw .badBlock(path: path, reason: error.reason)
    }
    if let fault = Seal.block.fault(in: file.bytes) {
      throw .badBlock(path: path, reason: fault.description)
    }
    let bytes = Seal.block.content(of: file.bytes)
    let wrongSize = StoreError.badBlock(path: path, reason: "its size is not the one it states")
    guard bytes.count >= blockHeaderBytes else { throw wrongSize }
    let sizes = (0..<3).map {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))
    }
    guard let rows = Int(exactly: sizes[0]), let columns = Int(exactly: sizes[1]),
      let metadataCount = Int(exactly: sizes[2]),
      case (let count, let overflow) = rows.multipliedReportingOverflow(by: columns), !overflow,
      // A product of nothing says nothing of the other factor.
      rows <= bytes.count, columns <= bytes.count, count <= bytes.count / 4,
      metadataCount <= bytes.count,
      metadataCount.isMultiple(of: blockAlignment),
      bytes.count == blockHeaderBytes + metadataCount + 4 * count
    else { throw wrongSize }
    guard bytes[32..<64].elementsEqual(digest(of: inputHash)) else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[blockHeaderBytes...])
    do {
      let metadata = try JSONDecoder.ofRecords().decode(
        Metadata.self, from: Data(payload[..<metadataCount]))
      let base = (payload.baseAddress! + metadataCount).assumingMemoryBound(to: Float.self)
      return ScoreBlock(
        scores: ScoreMatrix(base: base, rows: rows, columns: columns, owner: file),
        metadata: metadata)
    } catch {
      throw .badBlock(path: path, reason: "its metadata cannot be read: \(error)")
    }
  }

  /// The block, where its size is the expected one.
  ///
  /// - Parameter columns: nil: any.
  /// - Throws: `StoreError.badBlock` where it is not.
  package func holding(
    rows: Int, columns: Int? = nil, path: String
  ) throws(StoreError) -> ScoreBlock {
    guard scores.rows == rows, columns == nil || columns == scores.columns else {
      throw .badBlock(
        path: path,
        reason: "it has \(scores.rows) rows of \(scores.columns) values, expected \(rows)"
          + (columns.map { " of \($0)" } ?? ""))
    }
    return self
  }

  private static func digest(of inputHash: String) -> [UInt8] {
    let hash = SHA256()
    hash.update(Array(inputHash.utf8))
    return hash.digest()
  }
}
