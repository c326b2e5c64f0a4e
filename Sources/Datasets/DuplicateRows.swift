import Foundation
import Kernels

// Rows that are equal bit for bit: found by a 64-bit hash, confirmed by comparing the bytes.

/// 64-bit hash of each row's bits.
///
/// Two lanes of multiply and rotate over 64-bit words; equal rows hash equally, nothing else is
/// promised.
package func rowHashes(of matrix: FloatMatrix) -> [UInt64] {
  (0..<matrix.rows).map { i in
    let row = UnsafeRawPointer(matrix.base + i * matrix.stride)
    let bytes = matrix.columns * MemoryLayout<Float>.stride
    var a: UInt64 = 0x9E37_79B9_7F4A_7C15
    var b: UInt64 = 0xBF58_476D_1CE4_E5B9
    var offset = 0
    while offset + 16 <= bytes {
      a = (a ^ row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
      b =
        (b ^ row.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        &* 0xC4CE_B9FE_1A85_EC53
      a ^= a &>> 29
      b ^= b &>> 31
      offset += 16
    }
    while offset < bytes {
      let word = UInt64(row.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      a = (a ^ word) &* 0xFF51_AFD7_ED55_8CCD
      a ^= a &>> 32
      offset += 4
    }
    return a ^ (b &<< 23 | b &>> 41)
  }
}

/// One row of one of several matrices.
struct RowLocation: Hashable, Sendable {
  let matrix: Int
  let row: Int
}

/// Groups of at least two rows that are equal bit for bit, among the given rows of the matrices.
///
/// Groups are ordered by their first row, rows within a group as given.
///
/// - Complexity: one pass over the values and a sort of the hashes.
func duplicateRows(
  _ rows: [RowLocation], in matrices: [FloatMatrix], hashes: [[UInt64]]
) -> [[RowLocation]] {
  let keys = rows.map { hashes[$0.matrix][$0.row] }
  let order = (0..<rows.count).sorted { (keys[$0], $0) < (keys[$1], $1) }
  var groups: [(first: Int, rows: [RowLocation])] = []
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && keys[order[end]] == keys[order[start]] { end += 1 }
    // Rows of one hash value, split into classes of truly equal rows.
    var rest = Array(order[start..<end])
    while rest.count > 1 {
      let first = rest[0]
      var (equal, others): ([Int], [Int]) = ([], [])
      for row in rest {
        if row == first || areEqual(rows[first], rows[row], in: matrices) {
          equal.append(row)
        } else {
          others.append(row)
        }
      }
      if equal.count > 1 { groups.append((first, equal.map { rows[$0] })) }
      rest = others
    }
    start = end
  }
  return groups.sorted { $0.first < $1.first }.map(\.rows)
}

/// True when two rows have the same bits.
private func areEqual(_ a: RowLocation, _ b: RowLocation, in matrices: [FloatMatrix]) -> Bool {
  let (x, y) = (matrices[a.matrix], matrices[b.matrix])
  return x.columns == y.columns
    && memcmp(
      x.base + a.row * x.stride, y.base + b.row * y.stride,
      x.columns * MemoryLayout<Float>.stride) == 0
}
