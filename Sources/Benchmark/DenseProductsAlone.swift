import Kernels

/// The dense products of a task and nothing else, as OpenBLAS does them on one thread: what dense
/// fp32 code cannot beat on this machine.
package struct DenseProductsAlone: ContestantServer.Work {
  private let widths: [Int]
  private let isTraining: Bool
  private let samples: Int
  private let networks: Int
  private let a: FloatMatrix
  private let b: FloatMatrix
  private let c: FloatMatrix

  /// Rows per product: the batch of training, and a block that OpenBLAS likes in scoring.
  private var batch: Int { isTraining ? 128 : 1024 }

  /// - Parameters:
  ///   - hiddenWidths: of a network with 512 inputs and one output.
  ///   - isTraining: forward and backward products, else forward only.
  ///   - samples: rows that pass through each network.
  ///   - networks: networks per run.
  package init(hiddenWidths: [Int], isTraining: Bool, samples: Int, networks: Int) {
    widths = [benchmarkDimension] + hiddenWidths + [1]
    self.isTraining = isTraining
    self.samples = samples
    self.networks = networks
    // One matrix serves as every operand; only shapes matter.
    let most = benchmarkDimension * 1024
    a = FloatMatrix(rows: 1, columns: most)
    b = FloatMatrix(rows: 1, columns: most)
    c = FloatMatrix(rows: 1, columns: most)
    for i in 0..<most {
      a.base[i] = Float(i % 7) * 0.1
      b.base[i] = Float(i % 5) * 0.1
    }
  }

  package mutating func run() -> ContestantServer.Done {
    for _ in 0..<networks {
      for first in stride(from: 0, to: samples, by: batch) {
        pass(rows: min(batch, samples - first))
      }
    }
    return ContestantServer.Done(work: networks * samples, identities: networks)
  }

  /// Products of one batch of n rows, layer by layer: z [n, out] = x [n, in] w^T; backward
  /// dw [out, in] = dz^T x and, except for the first layer, dx [n, in] = dz w.
  private func pass(rows n: Int) {
    for (layer, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      multiply(m: n, n: outputs, k: inputs, transposesB: true)
      guard isTraining else { continue }
      multiply(m: outputs, n: inputs, k: n, transposesB: false)
      if layer > 0 { multiply(m: n, n: inputs, k: outputs, transposesB: false) }
    }
  }

  private func multiply(m: Int, n: Int, k: Int, transposesB: Bool) {
    BLAS.multiply(
      m: m, n: n, k: k, a: a.base, aStride: k, b: b.base, bStride: transposesB ? k : n,
      transposesB: transposesB, c: c.base, cStride: n)
  }
}
