import Configurations
import Foundation
import Kernels
import MOTE
import Testing

/// Galleries against comparators, and decisions that no precision changes.
@Suite struct GuardedGalleryTests {
  private static let shapes = [
    NetworkShape(inputs: 24, hiddenWidths: [32, 16]), NetworkShape(inputs: 24, hiddenWidths: [20]),
    NetworkShape(inputs: 24, hiddenWidths: []),
  ]

  /// Networks with weights of mixed sizes.
  private func references(_ count: Int, _ shape: NetworkShape) -> [MoteReference] {
    (0..<count).map { i in
      var rng = CounterRNG(seed: 9, purpose: .initialWeights, subject: UInt32(i))
      return MoteReference(
        shape: shape,
        weights: (0..<shape.parameterCount).map { _ in
          Float((rng.uniform() - 0.5) * (rng.uniform() < 0.1 ? 2 : 0.3))
        })
    }
  }

  private let probes = randomSet(sizes: [150], dimension: 24, spread: 2).vectors

  @Test(arguments: WeightPrecision.allCases, [1, 2, 3])
  func aGalleryScoresWhatComesBackOfTheFile(precision: WeightPrecision, workers: Int) throws {
    for shape in Self.shapes {
      let references = references(13, shape)
      let gallery = try MoteGallery(shape: shape, precision: precision, count: 13)
      for (i, reference) in references.enumerated() { gallery.set(reference, at: i) }
      for count in [1, 150] {
        let some = probes.selecting(rows: Array(0..<count))
        var expected = [Float](repeating: 0, count: 13 * count)
        var scores = expected
        MoteComparator().score(
          references.map { precision.stored($0) }, probes: some, into: &expected, stride: count)
        MoteSearch(shape: shape, workers: workers)
          .score(gallery, probes: some, into: &scores, stride: count)
        #expect(scores == expected, "\(shape.dims), \(count) probes")
      }
    }
  }

  /// Weights so small that their scale is subnormal: gallery and file agree.
  @Test func subnormalScalesCountAsZero() throws {
    let shape = NetworkShape(inputs: 24, hiddenWidths: [])
    let weights = (0..<24).map { Float($0) * 0x1p-122 * 0.01 } + [0]
    let reference = MoteReference(shape: shape, weights: weights)
    #expect(WeightPrecision.int8.stored(reference).weights.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [WeightPrecision.float16, .int8])
  func noDifferenceIsLargerThanItsBound(precision: WeightPrecision) {
    for shape in Self.shapes {
      var largest = 0.0
      for reference in references(40, shape) {
        let stored = precision.stored(reference)
        let bound = ScoreBound(exact: reference, stored: stored)
        var (exact, low) = ([Float](repeating: 0, count: 150), [Float](repeating: 0, count: 150))
        MoteComparator().score([reference], probes: probes, into: &exact, stride: 150)
        MoteComparator().score([stored], probes: probes, into: &low, stride: 150)
        for p in 0..<150 {
          let norm = probes[row: p].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
          let difference = abs(Double(exact[p]) - Double(low[p]))
          let most = bound.largestDifference(norm: norm)
          #expect(difference <= most)
          largest = max(largest, difference / most)
        }
      }
      // A bound that is far off would compute everything again.
      #expect(largest > 0.02, "\(shape.dims)")
    }
  }

  @Test(arguments: [WeightPrecision.float16, .int8], [1, 2])
  func decisionsAreThoseOfFloat32(precision: WeightPrecision, workers: Int) throws {
    for shape in Self.shapes {
      let references = references(60, shape)
      let gallery = try GuardedGallery(shape: shape, precision: precision, count: 60)
      for (i, reference) in references.enumerated() { gallery.set(reference, at: i) }
      let probes = self.probes.selecting(rows: Array(0..<150))
      probes[row: 7][3] = .nan
      probes[row: 8][3] = .infinity
      probes[row: 9][0] = 3e38
      var exact = [Float](repeating: 0, count: 60 * 150)
      MoteComparator().score(references, probes: probes, into: &exact, stride: 150)
      let search = MoteSearch(shape: shape, workers: workers)
      var low = exact
      search.score(gallery.stored, probes: probes, into: &low, stride: 150)
      var changed = 0
      for rank in stride(from: 0, to: exact.count, by: exact.count / 12) {
        // Thresholds that are scores: the closest case there is.
        let threshold = exact.filter(\.isFinite).sorted()[min(rank, exact.count - 600)]
        var scores = [Float](repeating: 0, count: exact.count)
        let count = search.score(
          gallery, threshold: threshold, probes: probes, into: &scores, stride: 150)
        #expect(count.comparisons == exact.count)
        #expect(
          count.computedAgain > 0 && 10 * count.computedAgain < 7 * count.comparisons, "\(count)")
        for i in exact.indices {
          #expect((scores[i] >= threshold) == (exact[i] >= threshold))
          changed += (low[i] >= threshold) == (exact[i] >= threshold) ? 0 : 1
        }
      }
      #expect(changed > 0, "without a guard some decision must change to show anything")
    }
  }

  @Test func whatIsNoNumberIsAlwaysComputedAgain() {
    let shape = NetworkShape(inputs: 24, hiddenWidths: [20])
    var weights = references(1, shape)[0].weights
    weights[3] = 1e6  // no finite half
    let reference = MoteReference(shape: shape, weights: weights)
    let bound = ScoreBound(exact: reference, stored: WeightPrecision.float16.stored(reference))
    #expect(!(1e30 > bound.largestDifference(norm: 1)))
  }
}
