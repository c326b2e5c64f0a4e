// Energy distance (Székely and Rizzo 2013) of two kinds of samples in d dimensions. n pairs.
import COpenBLAS
import Glibc
import Kernels
import Privacy

/// Distances of all samples of both kinds to each other, from which the energy distance under any swap
/// of labels is one product.
///
/// sqrt(2 E|a - b| - E|a - a'| - E|b - b'|) with means over all pairs of samples, those of a sample with
/// itself included: 0 for equal samples, and above 0 for samples of one distribution, the more so the
/// fewer there are; what a swap gives says how much.
package struct EnergyDistance: Sendable {
  /// [2n, 2n], first kind, then second.
  private let distances: [Double]
  private let person: [Int]

  /// - Complexity: (2n)² d multiplications; memory (2n)² float64.
  package init(_ samples: PairedSamples) {
    let stacked = samples.stacked
    let (n, d) = (stacked.rows, stacked.columns)
    var products = [Double](repeating: 0, count: n * n)
    stacked.values.withUnsafeBufferPointer { x in
      products.withUnsafeMutableBufferPointer { out in
        BLAS.multiply(
          m: n, n: n, k: d, a: x.baseAddress!, aStride: d, b: x.baseAddress!, bStride: d,
          transposesB: true, c: out.baseAddress!, cStride: n)
      }
    }
    let squares = (0..<n).map { products[$0 * n + $0] }
    for i in 0..<n {
      for j in 0..<n {
        let square = i == j ? 0 : squares[i] + squares[j] - 2 * products[i * n + j]
        products[i * n + j] = square > 0 ? square.squareRoot() : 0
      }
    }
    distances = products
    person = samples.person
  }

  /// The distance under swapped labels.
  package func value(_ swap: LabelSwap) -> Double {
    let n = person.count
    var signs = [Double](repeating: 0, count: 2 * n)
    for i in 0..<n {
      let sign = swap.isSwapped[person[i]] ? -1.0 : 1
      signs[i] = sign / Double(n)
      signs[n + i] = -sign / Double(n)
    }
    var image = [Double](repeating: 0, count: 2 * n)
    BLAS.useOneThread()
    cblas_dsymv(
      CblasRowMajor, CblasUpper, Int32(2 * n), 1, distances, Int32(2 * n), signs, 1, 0, &image, 1)
    var sum = 0.0
    for i in signs.indices { sum -= signs[i] * image[i] }
    return sum > 0 ? sum.squareRoot() : 0
  }
}
