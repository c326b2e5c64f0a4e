import CKernels

/// Scores probes against the networks of galleries of one shape; belongs to one thread.
///
/// Scores have the same bits as those of a `TrainingEngine` that was loaded with the network,
/// whatever the number of probes. Memory is allocated once.
package final class GallerySearch {
  package let shape: NetworkShape
  private let kernels: mote_kernels
  private let memory = AlignedMemory()
  private let scratch: mote_gallery_scratch

  package init(shape: NetworkShape, path: CPUPath = .current) {
    self.shape = shape
    kernels = path.kernels
    let widest = roundedUp(shape.dims.dropFirst().max() ?? 1, to: MOTE_PAD)
    scratch = mote_gallery_scratch(
      wide: memory.zeros(UInt8.self, NetworkGallery.layout(shape, .float32, memory).1),
      first: memory.zeros(Float.self, MOTE_GALLERY_ROWS * widest),
      row: memory.zeros(Float.self, widest),
      index: memory.zeros(UInt16.self, widest + MOTE_PAD),
      value: memory.zeros(Float.self, widest + MOTE_PAD))
  }

  /// Writes the logit of network r for probe p to `scores[(r - first) * stride + p]`, where `first`
  /// is the lower bound of `networks`. Subnormals are flushed, as in training.
  ///
  /// - Parameters:
  ///   - networks: which of the gallery's.
  ///   - x: [count, shape.inputs], rows `xStride` floats apart.
  package func score(
    _ gallery: NetworkGallery, _ networks: Range<Int>, probes x: UnsafePointer<Float>,
    probeStride xStride: Int, count: Int, into scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    precondition(
      gallery.shape == shape, "gallery of \(gallery.shape.dims), search of \(shape.dims)")
    precondition(
      networks.lowerBound >= 0 && networks.upperBound <= gallery.capacity && count >= 0
        && stride >= count && xStride >= shape.inputs,
      "\(networks) of \(gallery.capacity), \(count) probes, strides \(xStride) and \(stride)")
    let subnormals = mote_flush_subnormals()
    defer { mote_restore_subnormals(subnormals) }
    let blocks = gallery.blocks + networks.lowerBound * gallery.stride
    withUnsafePointer(to: gallery.gallery) { layout in
      withUnsafePointer(to: scratch) { scratch in
        kernels.gallery_scores(
          layout, blocks, networks.count, x, xStride, count, scores, stride, scratch)
      }
    }
    withExtendedLifetime(gallery) {}
  }
}
