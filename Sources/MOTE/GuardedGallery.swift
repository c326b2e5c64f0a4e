import Configurations
import Kernels

/// People's networks in a low precision, with the float32 ones behind it for close decisions.
///
/// A score decides by `score >= threshold`. Where the score of the stored network lies further from
/// the threshold than it can lie from the float32 score (`ScoreBound`), the decision is that of
/// float32; else the score is computed again in float32. No decision changes, whatever the probe.
package final class GuardedGallery: @unchecked Sendable {
  package let stored: MoteGallery
  package let exact: MoteGallery
  private let bounds: UnsafeMutableBufferPointer<ScoreBound>

  package var shape: NetworkShape { stored.shape }
  package var count: Int { stored.count }

  /// - Throws: `NetworkGalleryError` where the system has no room for both.
  package init(
    shape: NetworkShape, precision: WeightPrecision, count: Int
  ) throws(NetworkGalleryError) {
    stored = try MoteGallery(shape: shape, precision: precision, count: count)
    exact = try MoteGallery(shape: shape, precision: .float32, count: count)
    bounds = .allocate(capacity: count)
    // What is not set has zeros only.
    bounds.initialize(repeating: .zero)
  }

  deinit { bounds.deallocate() }

  /// Sets network `i`, what is stored of it and its bound (some milliseconds); from several threads
  /// at once for different people.
  package func set(_ reference: MoteReference, at i: Int) {
    stored.set(reference, at: i)
    exact.set(reference, at: i)
    bounds[i] = ScoreBound(exact: reference, stored: stored.precision.stored(reference))
  }

  /// How far person `i`'s stored score can lie from the float32 one.
  package func bound(of i: Int) -> ScoreBound { bounds[i] }
}

/// What a guarded search did.
package struct GuardedCount: Sendable, Equatable {
  package var comparisons = 0
  /// Comparisons that float32 decided.
  package var computedAgain = 0
}
