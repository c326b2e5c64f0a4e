import Foundation

/// Share of a standard normal distribution at or below `x`.
package func normalShare(below x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

/// Standard normal quantile of `p`, 0 < p < 1, to full precision; infinite at 0 and 1. Of a rate it is
/// the axis of a DET plot.
///
/// Halley's steps on the distribution function from a rational first guess (Abramowitz and Stegun
/// 26.2.23, absolute error 4.5e-4), in the tail that keeps all digits.
public func normalQuantile(_ p: Double) -> Double {
  guard p > 0, p < 1 else { return p <= 0 ? -.infinity : .infinity }
  if p > 0.5 { return -lowerQuantile(1 - p) }
  return lowerQuantile(p)
}

/// The quantile of p <= 0.5.
private func lowerQuantile(_ p: Double) -> Double {
  let t = (-2 * log(p)).squareRoot()
  var x =
    (2.515517 + t * (0.802853 + t * 0.010328))
    / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for _ in 0..<3 {
    let error = (normalShare(below: x) - p) * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    x -= error / (1 + x * error / 2)
  }
  return x
}
