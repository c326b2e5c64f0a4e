import Foundation
import Synchronization

extension CodingUserInfoKey {
  /// The `ReplicateColumn` that replicates are encoded into, or decoded from.
  package static let replicates = CodingUserInfoKey(rawValue: "replicates")!
}

/// The replicates of all measurements of a record, one after the other: what lies in a file beside the
/// record, as little-endian float64.
package final class ReplicateColumn: Sendable {
  private let numbers: Mutex<[Double]>

  /// Without replicates.
  package init() { numbers = Mutex([]) }

  /// - Parameter bytes: of a file.
  /// - Returns: nil where they are no whole numbers of 8 bytes.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count.isMultiple(of: 8) else { return nil }
    let read = [Double](unsafeUninitializedCapacity: bytes.count / 8) { buffer, count in
      count = bytes.count / 8
      for i in 0..<count {
        let word = bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)
        buffer[i] = Double(bitPattern: UInt64(littleEndian: word))
      }
    }
    numbers = Mutex(read)
  }

  /// Replicates of all measurements.
  package var count: Int { numbers.withLock(\.count) }

  /// Calls `body` with the bytes of the file.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    let words = numbers.withLock { $0.map(\.bitPattern.littleEndian) }
    return try words.withUnsafeBytes(body)
  }

  /// Adds the replicates of one measurement: where they begin, and their number.
  func append(_ values: [Double]) -> [Int] {
    numbers.withLock {
      $0 += values
      return [$0.count - values.count, values.count]
    }
  }

  /// Some of them; nil where `place` is not where they begin and their number.
  func values(at place: [Int]) -> [Double]? {
    numbers.withLock {
      guard place.count == 2, place[0] >= 0, place[1] >= 0, place[0] <= $0.count,
        place[1] <= $0.count - place[0]
      else { return nil }
      return Array($0[place[0]..<place[0] + place[1]])
    }
  }
}
