/// From a backbone's last feature maps to its embedding: the only layers that an explanation needs
/// (definitions 7). An affine map, so that its gradient does not depend on where it is taken.
package enum BackboneTail: Sendable {
  /// Batch norm, fully connected, batch norm: ArcFace and MagFace iresnets.
  case iresnet(IresnetTail)
  /// Depthwise convolution over the whole map, linear: MobileFaceNet.
  case depthwise(DepthwiseTail)

  /// D.
  package var dimension: Int {
    switch self {
    case .iresnet(let tail): tail.dimension
    case .depthwise(let tail): tail.dimension
    }
  }

  /// C.
  package var channels: Int {
    switch self {
    case .iresnet(let tail): tail.channelNorm.scale.count
    case .depthwise(let tail): tail.channels
    }
  }

  /// Values of the feature maps of one probe: C·H·W.
  package var inputs: Int {
    switch self {
    case .iresnet(let tail): tail.weights.count / tail.dimension
    case .depthwise(let tail): tail.kernel.count
    }
  }

  /// For people: "iresnet" or "depthwise".
  package var name: String {
    switch self {
    case .iresnet: "iresnet"
    case .depthwise: "depthwise"
    }
  }

  /// The embedding of feature maps, before L2 normalisation, [D].
  package func embedding(_ maps: FeatureMaps) -> [Double] {
    switch self {
    case .iresnet(let tail): tail.embedding(maps)
    case .depthwise(let tail): tail.embedding(maps)
    }
  }

  /// Gradient with respect to the feature maps from that with respect to the embedding.
  package func backward(_ gradient: [Double], channels: Int) -> [Double] {
    switch self {
    case .iresnet(let tail): tail.backward(gradient, channels: channels)
    case .depthwise(let tail): tail.backward(gradient)
    }
  }

  /// Root mean square over the components of the embedding's standard deviation when maps are rounded
  /// to a format whose unit roundoff is `roundoff` (2^-11 for float16): a rounded value v is off by up
  /// to v·roundoff, evenly spread.
  package func roundingDeviation(_ maps: FeatureMaps, roundoff: Double) -> Double {
    let cells = maps.values.map { $0 * $0 * roundoff * roundoff / 3 }
    let variances =
      switch self {
      case .iresnet(let tail): tail.variances(cells, area: maps.area)
      case .depthwise(let tail): tail.variances(cells, area: maps.area)
      }
    return (variances.reduce(0, +) / Double(variances.count)).squareRoot()
  }
}
