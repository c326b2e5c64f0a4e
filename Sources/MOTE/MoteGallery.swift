import Configurations
import Kernels

/// The personal networks of many people in memory, for identification and for verification by place.
///
/// Networks may be set from several threads, each by one; then the gallery is read-only.
package final class MoteGallery: Sendable {
  package let precision: WeightPrecision
  package let networks: NetworkGallery

  package var shape: NetworkShape { networks.shape }
  package var count: Int { networks.capacity }
  /// Bytes of memory: the weights and some padding.
  package var byteCount: Int { networks.byteCount }

  /// A gallery of `count` networks of zeros.
  ///
  /// - Throws: `NetworkGalleryError` where the system has no room.
  package init(
    shape: NetworkShape, precision: WeightPrecision, count: Int
  ) throws(NetworkGalleryError) {
    self.precision = precision
    let format: NetworkGallery.Format =
      switch precision {
      case .float32: .float32
      case .float16: .float16
      case .int8: .int8
      }
    networks = try NetworkGallery(shape: shape, format: format, capacity: count)
  }

  /// Sets network `i` to what comes back of `reference` after it was stored in this precision.
  package func set(_ reference: MoteReference, at i: Int) {
    precondition(
      reference.shape == shape, "network \(reference.dims) in a gallery of \(shape.dims)")
    for k in 0..<shape.layerCount {
      let weights = shape.parameterOffset(ofLayer: k)..<shape.biasOffset(ofLayer: k)
      let biases = shape.biasOffset(ofLayer: k)..<shape.parameterOffset(ofLayer: k + 1)
      reference.weights.withUnsafeBufferPointer { all in
        let bias = all.baseAddress! + biases.lowerBound
        switch precision {
        case .float32:
          networks.setLayer(
            k, of: i, weights: all.baseAddress! + weights.lowerBound, scales: nil, biases: bias)
        case .float16:
          networks.setLayer(
            k, of: i, weights: all[weights].map { Float16($0) }, scales: nil,
            biases: all[biases].map { Float(Float16($0)) })
        case .int8:
          let (values, scales) = Int8Rows.quantised(reference, layer: k)
          networks.setLayer(k, of: i, weights: values, scales: scales, biases: bias)
        }
      }
    }
  }
}
