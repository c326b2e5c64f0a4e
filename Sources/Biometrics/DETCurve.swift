// ROC and DET curves for plotting (definitions 1.4). Numbers never come from a thinned curve.

import Foundation

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
