/// Hinge loss of logits, definitions 6.1: max(0, 1 - s z) with s = 2 y - 1. With weight decay and
/// without hidden layers it is that of a linear support vector machine.
package enum HingeLoss: LogitLoss {
  /// Loss of one logit `z` with label `y` (0 or 1).
  package static func loss(logit z: Double, label y: Double) -> Double {
    max(0, 1 - (2 * y - 1) * z)
  }

  /// d loss / d z = -s where s z < 1, else 0; the corner counts as met.
  package static func gradient(logit z: Double, label y: Double) -> Double {
    let s = 2 * y - 1
    return s * z < 1 ? -s : 0
  }
}
