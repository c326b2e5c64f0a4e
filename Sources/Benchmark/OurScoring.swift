import Foundation
import Kernels
import MOTE
import Workers

/// Our scoring: every probe against every reference, references dealt to the threads.
package struct OurScoring: ContestantServer.Work {
  private let references: [MoteReference]
  private let probes: FloatMatrix
  private let comparators: [MoteComparator]
  private let scores: FloatMatrix

  /// References have untrained 512-128-64-1 networks, as the peers' have: the time of a score does
  /// not depend on how well a network was trained.
  package init(inputs: URL, references: Int, probes: Int, threads: Int) throws {
    let shape = NetworkShape(inputs: benchmarkDimension, hiddenWidths: [128, 64])
    self.references = (0..<references).map { untrained(shape, index: $0) }
    self.probes = try BenchmarkInput.probes.matrix(in: inputs, rows: probes)
    comparators = (0..<threads).map { _ in MoteComparator() }
    scores = FloatMatrix(rows: references, columns: probes)
  }

  /// Computes all scores; the result is the sum of every eighth reference's first score.
  package mutating func run() throws -> ContestantServer.Done {
    let references = references
    let probes = probes
    let scores = scores
    let comparators = comparators
    // Blocks are small enough to keep the threads equally busy to the end.
    let block = 2
    let blocks = (references.count + block - 1) / block
    concurrently(units: blocks, workers: comparators.count) { worker, k in
      let range = k * block..<min((k + 1) * block, references.count)
      comparators[worker].score(
        Array(references[range]), probes: probes,
        into: scores.base + range.lowerBound * scores.stride, stride: scores.stride)
    }
    return ContestantServer.Done(
      work: references.count * probes.rows,
      identities: references.count,
      // A digest: the score of each block's first reference and first probe.
      result: (0..<blocks).reduce(0) { $0 + Double(scores.base[$1 * block * scores.stride]) })
  }
}

/// A network with PyTorch's initial weights: U(-1/sqrt(inputs), 1/sqrt(inputs)) in each layer.
private func untrained(_ shape: NetworkShape, index: Int) -> MoteReference {
  var random = CounterRNG(seed: 2, purpose: .initialWeights, subject: UInt32(index))
  var weights: [Float] = []
  weights.reserveCapacity(shape.parameterCount)
  for (inputs, outputs) in zip(shape.dims, shape.dims.dropFirst()) {
    let bound = 1 / Double(inputs).squareRoot()
    for _ in 0..<(inputs + 1) * outputs {
      weights.append(Float((2 * random.uniform() - 1) * bound))
    }
  }
  return MoteReference(shape: shape, weights: weights)
}
