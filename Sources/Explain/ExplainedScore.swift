import Kernels

/// The score whose evidence a map shows: a function of what a comparison sees of a probe.
package enum ExplainedScore: Sendable {
  /// The logit of a personal network: MOTE.
  case network(Float64Network)
  /// The cosine with a stored vector: traditional templates.
  case cosine(with: [Double])

  /// Dimensions of its input.
  package var dimension: Int {
    switch self {
    case .network(let network): network.dimension
    case .cosine(let reference): reference.count
    }
  }

  /// The score at x and its gradient, [d].
  func slope(at x: [Double]) -> (score: Double, gradient: [Double]) {
    switch self {
    case .network(let network):
      let (logits, gradients) = network.inputGradients(x)
      return (logits[0], gradients)
    case .cosine(let reference):
      let lengths = (length(x), length(reference))
      // A vector of zeros has no direction and no cosine.
      guard lengths.0 > 0, lengths.1 > 0 else { return (0, x.map { _ in 0 }) }
      let cosine = dot(x, reference) / (lengths.0 * lengths.1)
      return (
        cosine,
        x.indices.map { (reference[$0] / lengths.1 - cosine * x[$0] / lengths.0) / lengths.0 }
      )
    }
  }

  /// The score of an embedding.
  ///
  /// - Parameter isNormalised: whether the comparison sees it divided by its length.
  package func value(of embedding: [Double], isNormalised: Bool) -> Double {
    slope(at: isNormalised ? direction(of: embedding) : embedding).score
  }
}

/// Inner product of two vectors of one length.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

/// L2 norm.
func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

/// The vector divided by its length; zeros stay as they are.
func direction(of a: [Double]) -> [Double] {
  let length = length(a)
  return length > 0 ? a.map { $0 / length } : a
}

/// A score of a probe and its gradient with respect to the probe's feature maps (definitions 7).
package struct MapGradient: Sendable {
  package let score: Double
  /// dS/dA, [C, H, W].
  package let values: [Double]

  /// - Parameter isNormalised: whether the comparison sees the embedding divided by its length.
  /// - Throws: `ExplainError.sizesDisagree`.
  package init(
    maps: FeatureMaps, tail: BackboneTail, score: ExplainedScore, isNormalised: Bool
  ) throws {
    try ExplainError.expect("channels of the tail", tail.channels, maps.channels)
    try ExplainError.expect("inputs of the tail", tail.inputs, maps.values.count)
    try ExplainError.expect("inputs of the score", score.dimension, tail.dimension)
    let embedding = tail.embedding(maps)
    let length = length(embedding)
    let x = isNormalised ? direction(of: embedding) : embedding
    var (value, slope) = score.slope(at: x)
    if isNormalised, length > 0 {
      // Jacobian of x = e/|e|: (g - x (x.g)) / |e|.
      let along = dot(x, slope)
      for i in slope.indices { slope[i] = (slope[i] - x[i] * along) / length }
    }
    self.score = value
    values = tail.backward(slope, channels: maps.channels)
  }
}
