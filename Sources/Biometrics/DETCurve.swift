// ROC and DET curves for plotting (definitions 1.4). Numbers never come from a thinned curve.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension ROCPoints {
  /// About `count` points, FMR ascending, evenly spread on a logarithmic FMR axis from one false
  /// match to FMR 1; each is a point of the ROC (largest FMR not above the grid value).
  package func thinned(to count: Int) -> [CurvePoint] {
    var curve: [CurvePoint] = []
    var lastIndex = -1
    let decades = log10(Double(nonMated))
    for step in 0...max(count, 1) {
      let f = pow(10, -decades * (1 - Double(step) / Double(max(count, 1))))
      // The grid value of one false match is met up to rounding.
      let k = countWithFMR(atMost: f * (1 + 1e-9)) - 1
      guard k >= 0, k != lastIndex else { continue }
      lastIndex = k
      curve.append(CurvePoint(fmr: fmr(k), fnmr: fnmr(k)))
    }
    return curve
  }
}

/// Normal deviate of a rate: the axis of a DET plot. Infinite at 0 and 1.
///
/// Newton steps on the complementary error function from a rational starting value (Hastings
/// 1955, 26.2.23); good to 1e-13.
public func normalDeviate(_ rate: Double) -> Double {
  guard rate > 0 && rate < 1 else { return rate <= 0 ? -.infinity : .infinity }
  if rate > 0.5 { return -normalDeviate(1 - rate) }
  let t = (-2 * log(rate)).squareRoot()
  var x =
    -(t - (2.515517 + t * (0.802853 + t * 0.010328))
      / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))))
  for _ in 0..<3 {
    let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    x -= (erfc(-x / 2.0.squareRoot()) / 2 - rate) / density
  }
  return x
}
