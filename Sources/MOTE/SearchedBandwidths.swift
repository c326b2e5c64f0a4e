import Files
import Kernels
import Synchronization

/// Searches of a run, by the residuals that they were made on.
///
/// The search goes over all pairs of rows and is the dearest part of preparing a cohort; many
/// configurations, and all repeats, have the same residuals. Equal rows in equal order have an equal
/// bandwidth, so what is found again is what would be searched. Holds a digest and the curve for each.
package final class SearchedBandwidths: Sendable {
  private let known = Mutex<[String: BandwidthSearch]>([:])

  package init() {}

  /// The bandwidth of residuals, [n, d], n >= 2; searched where it is not known.
  ///
  /// - Parameter workers: threads of the search; the result does not depend on it.
  package func bandwidth(of residuals: FloatMatrix, workers: Int) -> Double {
    search(of: residuals, workers: workers).bandwidth
  }

  /// The search behind it, with the likelihood of every candidate.
  package func search(of residuals: FloatMatrix, workers: Int) -> BandwidthSearch {
    let key = Self.digest(of: residuals)
    if let found = known.withLock({ $0[key] }) { return found }
    let (n, d) = (residuals.rows, residuals.columns)
    var values = [Double](repeating: 0, count: n * d)
    for i in 0..<n {
      let row = residuals[row: i]
      for j in 0..<d { values[i * d + j] = Double(row[j]) }
    }
    let found = BandwidthSearch(rows: values, n: n, d: d, workers: workers)
    known.withLock { $0[key] = found }
    return found
  }

  /// How many were searched.
  package var count: Int { known.withLock(\.count) }

  /// SHA-256 of size and values.
  private static func digest(of matrix: FloatMatrix) -> String {
    let hash = SHA256()
    withUnsafeBytes(of: (UInt64(matrix.rows), UInt64(matrix.columns))) { hash.update($0) }
    for i in 0..<matrix.rows { hash.update(UnsafeRawBufferPointer(matrix[row: i])) }
    return hash.hex()
  }
}
