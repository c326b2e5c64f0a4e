/// A loss of single logits, known when it is compiled: what hot loops take.
protocol LogitLoss {
  /// Loss of one logit `z` with label `y` (0 or 1).
  static func loss(logit z: Double, label y: Double) -> Double
  /// d loss / d z.
  static func gradient(logit z: Double, label y: Double) -> Double
}

/// What the training of a network minimises, as a mean over the rows of a batch.
package enum TrainingLoss: Sendable, Hashable {
  case crossEntropy
  case hinge

  private var function: any LogitLoss.Type {
    switch self {
    case .crossEntropy: BinaryCrossEntropy.self
    case .hinge: HingeLoss.self
    }
  }

  /// Loss of one logit `z` with label `y` (0 or 1).
  package func loss(logit z: Double, label y: Double) -> Double {
    function.loss(logit: z, label: y)
  }

  /// d loss / d z.
  package func gradient(logit z: Double, label y: Double) -> Double {
    function.gradient(logit: z, label: y)
  }
}
