// Pointwise intervals of a ROC or DET curve (definitions 1.4).

/// The interval of a curve at one false match rate.
package struct CurveBandPoint: Sendable, Codable, Equatable {
  /// The FMR that may not be exceeded.
  package var fmr: Double
  /// FNMR at the largest FMR not above it, with its 95 % interval.
  package var fnmr: Double
  package var lower: Double
  package var upper: Double

  package init(fmr: Double, fnmr: Double, lower: Double, upper: Double) {
    (self.fmr, self.fnmr, self.lower, self.upper) = (fmr, fnmr, lower, upper)
  }
}

extension CurveBandPoint {
  /// By convention, of rates that were measured for bands; what has no interval is in none.
  static func bands(of measurements: ArraySlice<MetricValue>) -> [String: [CurveBandPoint]] {
    var bands: [String: [CurveBandPoint]] = [:]
    for measure in measurements where measure.quantity == .fnmr && measure.group == "all" {
      guard let fmr = measure.target, let fnmr = measure.value, let lower = measure.lower,
        let upper = measure.upper, measure.threshold?.isFinite == true
      else { continue }
      bands[measure.convention, default: []].append(
        CurveBandPoint(fmr: fmr, fnmr: fnmr, lower: lower, upper: upper))
    }
    return bands
  }
}

extension ConventionMeasurements {
  /// What the band of a convention's curve is measured by: FNMR of everybody at five FMR a decade, from one
  /// false match up to where the comparisons that are kept reach in the replicates; nil where nothing can
  /// be measured.
  func band(in summary: ScoreSummary, targets: [Double]) -> ConventionMeasurements? {
    guard let side = summary.sides[everybody], side.isMeasurable else { return nil }
    let scores = side.nonMated
    let total = Double(scores.total)
    let deepest = scores.isComplete ? 0.1 : Double(scores.run.count) / (2.2 * total)
    let highest = min(0.1, max(deepest, targets.max() ?? 0))
    var own = EvaluationConvention(name: convention.name)
    own.selfTrials = convention.selfTrials
    var grid: [Double] = []
    // Whole steps from 1e0 downwards, so that curves of one experiment have points in common.
    for step in stride(from: -50, through: 0, by: 1) {
      let fmr = pow10(step)
      if fmr * total >= 1 && fmr <= highest * (1 + 1e-9) { grid.append(fmr) }
    }
    let first = 1 / total
    if let next = grid.first, next > first * (1 + 1e-9) { grid.insert(first, at: 0) }
    return grid.isEmpty
      ? nil
      : ConventionMeasurements(
        convention: own, groups: [], targets: grid, fixedThreshold: nil, quantities: [.fnmr])
  }

  /// 10^(step/5), with whole powers of ten as they are written.
  private func pow10(_ step: Int) -> Double {
    let parts = [1.0, 1.5848931924611136, 2.51188643150958, 3.9810717055349722, 6.309573444801933]
    let decade = Int((Double(step) / 5).rounded(.down))
    var power = 1.0
    for _ in 0..<(-decade) { power *= 10 }
    return parts[step - 5 * decade] / power
  }
}
