import Biometrics
import Records

/// The ROC of a record as the staircase it is: the FNMR holds from one FMR to the next.
struct ROCStaircase {
  /// FMR of one false match: further left there is nothing to see.
  let left: Double
  /// Points with FMR at or above `left`, ascending; the first stands at `left`.
  let points: [CurvePoint]
  /// Pointwise intervals where the record has them.
  let band: [CurveBandPoint]

  /// Nil where the record has no curve of the convention.
  init?(_ record: EvaluationRecord, convention: String) {
    let curve = (record.curves[convention] ?? []).sorted { ($0.fmr, -$0.fnmr) < ($1.fmr, -$1.fnmr) }
    guard !curve.isEmpty else { return nil }
    let smallest = curve.first { $0.fmr > 0 }?.fmr ?? 1
    let trials = record.counts.nonMatedComparisons
    left = min(trials > 0 ? 1 / Double(trials) : smallest, smallest)
    // The first step may be written a rounding above 1/n.
    let limit = left * (1 + 1e-9)
    let start = curve.last { $0.fmr <= limit }?.fnmr ?? 1
    points = [CurvePoint(fmr: left, fnmr: start)] + curve.filter { $0.fmr > limit }
    band = record.bands?[convention] ?? []
  }

  /// FNMR at the largest FMR that is not above `fmr`.
  func fnmr(at fmr: Double) -> Double {
    points.last { $0.fmr <= fmr * (1 + 1e-9) }?.fnmr ?? points[0].fnmr
  }

  /// Corners from left to right, up to FMR 1: (FMR, FNMR).
  var corners: [CurvePoint] {
    var corners = [points[0]]
    for point in points.dropFirst() {
      let last = corners[corners.count - 1]
      if point.fnmr != last.fnmr { corners.append(CurvePoint(fmr: point.fmr, fnmr: last.fnmr)) }
      corners.append(point)
    }
    if corners[corners.count - 1].fmr < 1 {
      corners.append(CurvePoint(fmr: 1, fnmr: corners[corners.count - 1].fnmr))
    }
    return corners
  }
}
