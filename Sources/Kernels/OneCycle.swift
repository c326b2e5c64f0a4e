import Glibc

/// PyTorch's OneCycleLR (cosine, two phases), definitions 6.2.
///
/// s counts the scheduler steps so far (0 right after construction), T = `totalSteps`,
/// e1 = pct T - 1, e2 = T - 1:
///
///     s <= e1: p = s/e1            lr from max/div to max,              b1 from 0.95 to 0.85
///     else:    p = (s-e1)/(e2-e1)  lr from max to max/div/finalDiv,     b1 from 0.85 to 0.95
///
/// along cosann(a, b, p) = b + (a-b)/2 (1 + cos(pi p)). Beyond s = T - 1, where PyTorch raises an
/// error, the last values hold.
package struct OneCycle: Sendable, Hashable {
  package var totalSteps: Int
  package var maximumLearningRate: Double
  package var warmUpShare: Double
  package var divisor: Double
  package var finalDivisor: Double
  private let lowBeta1 = 0.85
  private let highBeta1 = 0.95

  package init(
    totalSteps: Int, maximumLearningRate: Double, warmUpShare: Double = 0.3, divisor: Double = 25,
    finalDivisor: Double = 1e4
  ) {
    self.totalSteps = totalSteps
    self.maximumLearningRate = maximumLearningRate
    self.warmUpShare = warmUpShare
    self.divisor = divisor
    self.finalDivisor = finalDivisor
  }

  /// Learning rate and beta1 after `s` scheduler steps.
  package func values(afterSteps s: Int) -> (learningRate: Double, beta1: Double) {
    let start = maximumLearningRate / divisor
    let end = start / finalDivisor
    let e1 = warmUpShare * Double(totalSteps) - 1
    let e2 = Double(totalSteps - 1)
    let s = min(Double(s), max(e2, 0))
    if s <= e1 {
      let p = e1 > 0 ? s / e1 : 1
      return (
        cosineInterpolation(from: start, to: maximumLearningRate, at: p),
        cosineInterpolation(from: highBeta1, to: lowBeta1, at: p)
      )
    }
    let p = e2 > e1 ? (s - e1) / (e2 - e1) : 1
    return (
      cosineInterpolation(from: maximumLearningRate, to: end, at: p),
      cosineInterpolation(from: lowBeta1, to: highBeta1, at: p)
    )
  }

  private func cosineInterpolation(from a: Double, to b: Double, at p: Double) -> Double {
    b + (a - b) / 2 * (1 + cos(.pi * p))
  }
}
