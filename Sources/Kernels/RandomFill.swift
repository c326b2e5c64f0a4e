import CKernels

/// Bulk draws of a stream of `CounterRNG`, vectorised: the same words, 16 blocks at a time.
///
/// A chunk is 64 numbers from blocks 16 c ..< 16 c + 16; number q * 16 + i of it comes from word q
/// of block 16 c + i.
package struct RandomFill {
  /// Numbers per chunk.
  package static let chunk = 64

  private let stream: mote_stream
  private let kernels: mote_kernels

  package init(_ rng: CounterRNG, path: CPUPath = .current) {
    stream = mote_stream(key0: rng.key0, key1: rng.key1, step: rng.step, subject: rng.subject)
    kernels = path.kernels
  }

  /// 64 random words for each chunk.
  package func words(chunks: Range<Int>, into out: UnsafeMutablePointer<UInt32>) {
    kernels.random_words(stream, UInt64(chunks.lowerBound), chunks.count, out)
  }

  /// 64 standard normals for each chunk (Box-Muller: words 0 and 1 of a block make one pair, words
  /// 2 and 3 the other).
  package func normals(chunks: Range<Int>, into out: UnsafeMutablePointer<Float>) {
    kernels.normals(stream, UInt64(chunks.lowerBound), chunks.count, out)
  }
}
