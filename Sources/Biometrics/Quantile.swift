// Quantiles of type 7 (Hyndman and Fan 1996): linear between order statistics, the default of
// numpy and R.

/// Linear interpolation from `a` to `b`, exact at both ends and monotone (as numpy's `quantile`).
@inlinable
package func interpolate(_ a: Double, _ b: Double, _ fraction: Double) -> Double {
  if a == b { return a }
  return fraction < 0.5 ? a + (b - a) * fraction : b - (b - a) * (1 - fraction)
}

/// Type-7 quantile of ascending values, at least one.
package func quantile(_ q: Double, ofSorted values: [Double]) -> Double {
  let position = Double(values.count - 1) * q
  let lower = min(max(Int(position.rounded(.down)), 0), values.count - 1)
  guard lower + 1 < values.count else { return values[lower] }
  return interpolate(values[lower], values[lower + 1], position - Double(lower))
}
