import CKernels
import Glibc

/// Networks of one shape in memory, laid out so that a probe meets all of them in one ascending
/// pass (`CKernels/Gallery.h`).
///
/// Memory is taken at the start, in huge pages where the system has them, and touched as networks
/// are set. Networks may be set from several threads as long as no two set the same one; afterwards
/// it is read-only by convention. A float32 network of 512-128-64-1 takes 296,256 bytes.
package final class NetworkGallery: @unchecked Sendable {
  /// How weights are held. Biases are float32 always.
  package enum Format: Int32, Sendable, CaseIterable {
    case float32, float16
    /// A float32 scale per unit: weight = scale * stored value.
    case int8

    fileprivate var bytes: Int { self == .float32 ? 4 : self == .float16 ? 2 : 1 }
  }

  package let shape: NetworkShape
  package let format: Format
  /// Networks there is room for.
  package let capacity: Int
  /// Bytes from one network to the next.
  package var stride: Int { gallery.bytes }
  /// Bytes of all networks.
  package var byteCount: Int { capacity * stride }

  let gallery: mote_gallery
  let blocks: UnsafeMutablePointer<UInt8>
  private let memory = AlignedMemory()
  private let mapped: Int

  /// - Throws: `NetworkGalleryError` where the system has no room.
  package init(shape: NetworkShape, format: Format, capacity: Int) throws(NetworkGalleryError) {
    precondition(capacity > 0, "\(capacity) networks")
    let (layers, bytes) = Self.layout(shape, format, memory)
    let (wide, _) = Self.layout(shape, .float32, memory)
    self.shape = shape
    self.format = format
    self.capacity = capacity
    gallery = mote_gallery(
      format: format.rawValue, layer_count: shape.layerCount, bytes: bytes, layers: layers,
      wide_layers: wide)
    let (wanted, overflow) = capacity.multipliedReportingOverflow(by: bytes)
    guard !overflow,
      let base = mmap(
        nil, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0),
      base != MAP_FAILED
    else { throw NetworkGalleryError(networks: capacity, bytesEach: bytes) }
    // Refused where there are none; then pages are small.
    _ = madvise(base, wanted, MADV_HUGEPAGE)
    mapped = wanted
    blocks = base.bindMemory(to: UInt8.self, capacity: wanted)
  }

  deinit { munmap(blocks, mapped) }

  /// Sets layer `k` (from 0) of network `i`.
  ///
  /// - Parameters:
  ///   - weights: (out, in) row-major, in the gallery's format.
  ///   - scales: [out], int8 alone.
  ///   - biases: [out].
  package func setLayer(
    _ k: Int, of i: Int, weights: UnsafeRawPointer, scales: UnsafePointer<Float>?,
    biases: UnsafePointer<Float>
  ) {
    precondition(i >= 0 && i < capacity, "network \(i) of \(capacity)")
    precondition((scales != nil) == (format == .int8), "scales belong to int8")
    let layer = gallery.layers[k]
    let block = UnsafeMutableRawPointer(blocks) + i * gallery.bytes
    let target = block + layer.weights
    switch format {
    case .float32: Self.transpose(UInt32.self, weights, target, layer)
    case .float16: Self.transpose(UInt16.self, weights, target, layer)
    case .int8: Self.transpose(UInt8.self, weights, target, layer)
    }
    if let scales {
      (block + layer.scales).copyMemory(from: scales, byteCount: 4 * layer.units)
    }
    (block + layer.bias).copyMemory(from: biases, byteCount: 4 * layer.units)
  }

  /// target[j][u] = source[u][j]; 16 units at a time, so that lines of the target are filled.
  @inline(__always)
  private static func transpose<Word: BitwiseCopyable>(
    _: Word.Type, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer,
    _ layer: mote_gallery_layer
  ) {
    let source = source.assumingMemoryBound(to: Word.self)
    let target = target.assumingMemoryBound(to: Word.self)
    for first in Swift.stride(from: 0, to: layer.units, by: 16) {
      let end = min(first + 16, layer.units)
      for j in 0..<layer.inputs {
        for u in first..<end { target[j * layer.unit_stride + u] = source[u * layer.inputs + j] }
      }
    }
  }

  /// Reads every byte of the networks of a range and does nothing else: the least time a search can
  /// take. The result depends on all bytes.
  package func read(_ range: Range<Int>, path: CPUPath = .current) -> UInt64 {
    precondition(range.lowerBound >= 0 && range.upperBound <= capacity, "\(range) of \(capacity)")
    return path.kernels.read_lines(
      blocks + range.lowerBound * gallery.bytes, range.count * gallery.bytes)
  }

  /// Where layers lie in a block, and its bytes.
  static func layout(
    _ shape: NetworkShape, _ format: Format, _ memory: AlignedMemory
  ) -> (UnsafeMutablePointer<mote_gallery_layer>, Int) {
    let layers = memory.zeros(mote_gallery_layer.self, shape.layerCount)
    var end = 0
    func take(_ bytes: Int) -> Int {
      defer { end += roundedUp(bytes, to: 64) }
      return end
    }
    for k in 0..<shape.layerCount {
      let (inputs, units) = (shape.dims[k], shape.dims[k + 1])
      let stride = k == shape.layerCount - 1 ? 1 : roundedUp(units, to: MOTE_PAD)
      let weights = take(inputs * stride * format.bytes)
      let scales = format == .int8 ? take(4 * stride) : 0
      layers[k] = mote_gallery_layer(
        inputs: inputs, units: units, unit_stride: stride, weights: weights, scales: scales,
        bias: take(4 * stride))
    }
    return (layers, end)
  }
}

/// A gallery that does not fit.
package struct NetworkGalleryError: Error, CustomStringConvertible {
  package let networks: Int
  package let bytesEach: Int

  package var description: String {
    "no memory for a gallery of \(networks) networks, \(bytesEach) bytes each: take fewer, or a "
      + "lower precision"
  }
}
