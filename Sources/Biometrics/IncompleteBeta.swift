// The regularised incomplete beta function I_x(a, b) and its inverse in x.
// Continued fraction of DLMF 8.17.22, evaluated by Lentz's method; the inverse by bracketed Newton.

import Foundation

/// I_x(a, b), the distribution function of the beta distribution; a, b > 0, x in [0, 1].
package func regularisedIncompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  // The fraction converges fast below the mean; above it use the symmetry.
  if x > (a + 1) / (a + b + 2) { return 1 - regularisedIncompleteBeta(1 - x, b, a) }
  let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var fraction = d
  for m in 1...10_000 {
    let m = Double(m)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    var change = 1.0
    for term in [even, odd] {
      d = 1 + term * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + term / c
      if abs(c) < tiny { c = tiny }
      change = c * d
      fraction *= change
    }
    if abs(change - 1) < 1e-16 { break }
  }
  return front * fraction
}

/// The x with I_x(a, b) = p.
package func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
  if p <= 0 { return 0 }
  if p >= 1 { return 1 }
  var low = 0.0
  var high = 1.0
  var x = a / (a + b)
  for _ in 0..<200 {
    let excess = regularisedIncompleteBeta(x, a, b) - p
    if excess > 0 { high = x } else { low = x }
    let density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta(a, b))
    var next = x - excess / density
    if !(next > low && next < high) { next = (low + high) / 2 }
    if abs(next - x) <= 1e-16 * x { return next }
    x = next
  }
  return x
}

/// log B(a, b). For large arguments the difference of log gamma loses digits (1e-16 of a number
/// near 1e6); the Stirling remainders are then taken apart.
private func logBeta(_ a: Double, _ b: Double) -> Double {
  let small = min(a, b)
  let large = max(a, b)
  if large < 20 { return lgamma(a) + lgamma(b) - lgamma(a + b) }
  if small < 20 {
    // lgamma(large) - lgamma(large + small), without the large parts.
    let difference =
      stirlingRemainder(large) - stirlingRemainder(large + small)
      - (large - 0.5) * log1p(small / large) - small * log(large + small) + small
    return lgamma(small) + difference
  }
  return 0.5 * log(2 * Double.pi) + stirlingRemainder(a) + stirlingRemainder(b)
    - stirlingRemainder(a + b) + (small - 0.5) * log(small / (a + b))
    - (large) * log1p(small / large) - 0.5 * log(large)
}

/// lgamma(x) - ((x - 1/2) log x - x + log(2 pi)/2) for x >= 20.
private func stirlingRemainder(_ x: Double) -> Double {
  let r = 1 / (x * x)
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / x
}
