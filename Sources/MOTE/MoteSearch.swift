import Kernels
import Synchronization
import Workers

/// Searches of galleries of one shape on several threads; a search allocates nothing for a person or
/// a probe. Belongs to one thread.
package final class MoteSearch {
  package let shape: NetworkShape
  private let searches: [GallerySearch]
  private var norms: [Double] = []

  /// Bytes of networks that a thread takes at a time: much more than taking them costs, little
  /// enough that all threads end together.
  private static let bytesPerUnit = 4 << 20

  package init(shape: NetworkShape, workers: Int, path: CPUPath = .current) {
    self.shape = shape
    searches = (0..<max(1, workers)).map { _ in GallerySearch(shape: shape, path: path) }
  }

  /// Writes the score of every pair, the same bits as `MoteComparator` gives for the network that
  /// comes back of the gallery's precision: person r against probe p to `scores[r * stride + p]`.
  package func score(
    _ gallery: MoteGallery, probes: FloatMatrix, into scores: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    forEachBlock(of: gallery, probes) { search, people in
      search.score(
        gallery.networks, people, probes: probes.base, probeStride: probes.stride,
        count: probes.rows, into: scores + people.lowerBound * stride, stride: stride)
    }
  }

  /// The same of some people of a gallery, on the calling thread; the first of them is row 0 of the
  /// scores.
  package func score(
    _ gallery: MoteGallery, _ people: Range<Int>, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    precondition(probes.columns == shape.inputs, "\(shape.dims), probes of \(probes.columns)")
    searches[0].score(
      gallery.networks, people, probes: probes.base, probeStride: probes.stride,
      count: probes.rows, into: scores, stride: stride)
  }

  /// Scores as those of the stored networks, where these lie near the threshold as those of the
  /// float32 networks: `score >= threshold` decides as if all were float32.
  package func score(
    _ gallery: GuardedGallery, threshold: Float, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>, stride: Int
  ) -> GuardedCount {
    norms.removeAll(keepingCapacity: true)
    for p in 0..<probes.rows {
      norms.append(probes[row: p].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
    }
    let again = Atomic<Int>(0)
    forEachBlock(of: gallery.stored, probes) { search, people in
      search.score(
        gallery.stored.networks, people, probes: probes.base, probeStride: probes.stride,
        count: probes.rows, into: scores + people.lowerBound * stride, stride: stride)
      var close = 0
      for r in people {
        let bound = gallery.bound(of: r)
        for p in 0..<probes.rows {
          let score = scores + r * stride + p
          let distance = abs(Double(score.pointee) - Double(threshold))
          // Also where one of them is no number.
          guard !(distance > bound.largestDifference(norm: norms[p])) else { continue }
          search.score(
            gallery.exact.networks, r..<(r + 1), probes: probes.base + p * probes.stride,
            probeStride: probes.stride, count: 1, into: score, stride: 1)
          close += 1
        }
      }
      again.wrappingAdd(close, ordering: .relaxed)
    }
    return GuardedCount(
      comparisons: gallery.count * probes.rows, computedAgain: again.load(ordering: .relaxed))
  }

  /// Deals the people of a gallery to the threads.
  private func forEachBlock(
    of gallery: MoteGallery, _ probes: FloatMatrix, _ body: (GallerySearch, Range<Int>) -> Void
  ) {
    precondition(
      gallery.shape == shape && probes.columns == shape.inputs,
      "search of \(shape.dims), gallery of \(gallery.shape.dims), probes of \(probes.columns)")
    let block = max(1, Self.bytesPerUnit / gallery.networks.stride)
    concurrently(units: (gallery.count + block - 1) / block, workers: searches.count) { worker, k in
      body(searches[worker], k * block..<min((k + 1) * block, gallery.count))
    }
  }
}
