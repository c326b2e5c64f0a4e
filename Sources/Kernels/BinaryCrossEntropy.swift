import Glibc

/// Binary cross entropy of logits, definitions 6.1: max(z, 0) - z y + log(1 + exp(-|z|)).
package enum BinaryCrossEntropy: LogitLoss {
  /// Loss of one logit `z` with label `y` (0 or 1); never overflows.
  package static func loss(logit z: Double, label y: Double) -> Double {
    max(z, 0) - z * y + log1p(exp(-abs(z)))
  }

  /// d loss / d z = sigmoid(z) - y, without overflow at either end.
  package static func gradient(logit z: Double, label y: Double) -> Double {
    sigmoid(z) - y
  }

  /// 1 / (1 + exp(-z)), from the exponential that cannot overflow.
  package static func sigmoid(_ z: Double) -> Double {
    if z >= 0 { return 1 / (1 + exp(-z)) }
    let e = exp(z)
    return e / (1 + e)
  }
}
