import Glibc
import Kernels
import Workers

/// The exact cross-validated bandwidth of a Gaussian kernel density, definitions 5.
///
/// 40 values 10^linspace(-2.5, 0.4); unshuffled folds in row order (the first n mod k folds get one
/// row more), k = min(5, n); a fold's score is the total log-likelihood of its rows under the
/// density of the others; the choice is the first maximum of the unweighted mean over folds.
///
/// This is the exact likelihood. scikit-learn's `KernelDensity` with its default tree returns other
/// values in high dimensions (its bounds lose contributions to round-off); with `leaf_size >= n` it
/// agrees with this.
package struct BandwidthSearch: Sendable {
  /// The candidates, ascending.
  package static let candidates: [Double] = (0..<40).map { pow(10, -2.5 + 2.9 * Double($0) / 39) }

  /// [candidate][fold], total held-out log-likelihood.
  package let foldScores: [[Double]]
  /// [candidate], mean over folds.
  package let meanScores: [Double]
  /// First maximum of `meanScores`.
  package let bestIndex: Int
  package var bandwidth: Double { BandwidthSearch.candidates[bestIndex] }

  /// - Parameters:
  ///   - rows: n x d, row-major.
  ///   - n: number of rows, at least 2.
  ///   - d: dimension.
  ///   - folds: folds asked for; min(folds, n) are used.
  ///   - workers: threads; the result does not depend on it.
  ///   - storedDistances: distances are kept up to this many, n^2, and computed twice beyond it;
  ///     the result does not depend on it.
  /// - Complexity: n^2 d for the distances (0.4 of it where they are kept), at most 40 n^2
  ///   exponentials; memory 2 n d float64, 96 n per worker, and the distances that are kept.
  package init(
    rows: [Double], n: Int, d: Int, folds: Int = 5, workers: Int = 1,
    storedDistances: Int = 1 << 26
  ) {
    precondition(n >= 2 && d >= 1 && rows.count == n * d, "\(rows.count) values, \(n) x \(d)")
    precondition(folds >= 2, "\(folds) folds")
    let bounds = BandwidthSearch.foldBounds(n: n, folds: min(folds, n))
    let h = BandwidthSearch.candidates
    let scales = h.map { 1 / (2 * $0 * $0) }

    // log sum over the training rows of exp(-|x - r|^2 / 2h^2), for every row and candidate.
    var logSums = [Double](repeating: 0, count: n * h.count)
    let distances = SquaredDistances(rows: rows, count: n, dimension: d)
    logSums.withUnsafeMutableBufferPointer { out in
      HeldOutSums(
        distances: distances, scales: scales, bounds: bounds, out: out,
        storedDistances: storedDistances
      ).run(workers)
    }

    // Sums in row order, so that they do not depend on who computed them.
    var scores = h.map { _ in [Double](repeating: 0, count: bounds.count) }
    for (fold, range) in bounds.enumerated() {
      for i in h.indices {
        var sum = 0.0
        for row in range { sum += logSums[row * h.count + i] }
        let constant =
          -log(Double(n - range.count)) - Double(d) * log(h[i]) - 0.5 * Double(d) * log(2 * .pi)
        scores[i][fold] = sum + Double(range.count) * constant
      }
    }
    foldScores = scores
    meanScores = scores.map { $0.reduce(0, +) / Double(bounds.count) }
    var best = 0
    for i in meanScores.indices where meanScores[i] > meanScores[best] { best = i }
    bestIndex = best
  }

  /// Row ranges of unshuffled folds.
  package static func foldBounds(n: Int, folds: Int) -> [Range<Int>] {
    var start = 0
    return (0..<folds).map { fold in
      let size = n / folds + (fold < n % folds ? 1 : 0)
      defer { start += size }
      return start..<(start + size)
    }
  }
}

/// The quadratic part of the search, cut into chunks of held-out rows that workers take in turn.
///
/// Rows of different folds need their distance twice, once for each: where all distances fit into
/// memory, a first pass computes those to the rows of later folds, and the sums read the others from
/// there, transposed. A value is the same whichever row it was computed for.
private struct HeldOutSums {
  let distances: SquaredDistances
  let scales: [Double]
  let bounds: [Range<Int>]
  let out: UnsafeMutableBufferPointer<Double>
  /// Distances of every row to the rows of later folds, [n, n]; nil: computed twice.
  let later: UnsafeMutablePointer<Double>?

  static let rowsPerChunk = 96

  /// - Parameter storedDistances: most entries of an n x n matrix that is kept.
  init(
    distances: SquaredDistances, scales: [Double], bounds: [Range<Int>],
    out: UnsafeMutableBufferPointer<Double>, storedDistances: Int
  ) {
    self.distances = distances
    self.scales = scales
    self.bounds = bounds
    self.out = out
    let n = distances.count
    later = n * n <= storedDistances ? .allocate(capacity: n * n) : nil
  }

  func run(_ workers: Int) {
    defer { later?.deallocate() }
    var chunks: [(rows: Range<Int>, fold: Range<Int>)] = []
    for fold in bounds {
      for first in stride(from: fold.lowerBound, to: fold.upperBound, by: Self.rowsPerChunk) {
        chunks.append((first..<min(first + Self.rowsPerChunk, fold.upperBound), fold))
      }
    }
    let n = distances.count
    if let later {
      concurrently(units: chunks.count, workers: workers) { _, unit in
        let (rows, fold) = chunks[unit]
        distances.evaluate(
          rows: rows, columns: fold.upperBound..<n, into: later + rows.lowerBound * n, stride: n)
      }
    }
    let blockSize = Self.rowsPerChunk * n
    let blocks = UnsafeMutablePointer<Double>.allocate(
      capacity: max(1, min(workers, chunks.count)) * blockSize)
    defer { blocks.deallocate() }
    concurrently(units: chunks.count, workers: workers) { worker, unit in
      let (rows, fold) = chunks[unit]
      let block = blocks + worker * blockSize
      collect(rows, fold: fold, into: block)
      for row in rows {
        LogSumExp.evaluate(
          distances: block + (row - rows.lowerBound) * n, count: n - fold.count,
          scales: scales, into: out.baseAddress! + row * scales.count)
      }
    }
  }

  /// Distances of a chunk to all rows outside of its fold, `block[row][n - fold.count]` with n
  /// entries from row to row.
  private func collect(
    _ rows: Range<Int>, fold: Range<Int>, into block: UnsafeMutablePointer<Double>
  ) {
    let n = distances.count
    let after = n - fold.upperBound
    guard let later else {
      distances.evaluate(rows: rows, columns: 0..<fold.lowerBound, into: block, stride: n)
      distances.evaluate(rows: rows, columns: fold.upperBound..<n, into: block, stride: n)
      for i in 0..<rows.count {
        // The rows after the fold close the gap that the fold leaves.
        let line = block + i * n
        (line + fold.lowerBound).update(from: line + fold.upperBound, count: after)
      }
      return
    }
    for i in 0..<rows.count {
      (block + i * n + fold.lowerBound).update(
        from: later + (rows.lowerBound + i) * n + fold.upperBound, count: after)
    }
    // Eight rows at a time, a cache line of what the earlier fold computed.
    for i in stride(from: 0, to: rows.count, by: 8) {
      for j in 0..<fold.lowerBound {
        let source = later + j * n + rows.lowerBound + i
        for l in 0..<min(8, rows.count - i) { block[(i + l) * n + j] = source[l] }
      }
    }
  }
}
