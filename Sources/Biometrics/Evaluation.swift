/// Raise when the results of this stage change; enters the hash of every record made from it.
package let biometricsStageVersion = 7

/// What to measure on a set of comparisons.
package struct EvaluationRequest: Sendable {
  package var conventions: [EvaluationConvention]
  /// FMR targets of the operating points.
  package var targets: [Double]
  /// Score that separates match from non-match by itself (0 for MOTE logits: p >= 0.5); nil where
  /// the scores have no such value. Measured as accuracy "at-0.5".
  package var fixedThreshold: Double?
  /// The draws of the subject bootstrap; nil: no intervals.
  package var bootstrap: BootstrapDraws?
  /// What is measured; rates and fairness measures come together, as do both accuracies.
  package var quantities = Quantity.ofComparisons
  /// Quantities whose replicates are kept for paired differences.
  package var keepsReplicates: Set<Quantity>
  /// Points of each ROC curve, about.
  package var curvePoints = 350
  /// Whether figures are made from it: bands of the curves, and scores counted in bins.
  package var isPictured = false
  /// Threads used at once; the results do not depend on it.
  package var workers: Int
  /// How many comparisons are kept in memory.
  package var limits = RunLimits()

  package init(
    conventions: [EvaluationConvention] = [.default, .paperCompatible], targets: [Double] = [1e-3],
    fixedThreshold: Double? = nil, bootstrap: BootstrapDraws? = nil,
    keepsReplicates: Set<Quantity> = Quantity.ofComparisons, workers: Int = 1
  ) {
    self.conventions = conventions
    self.targets = targets
    self.fixedThreshold = fixedThreshold
    self.bootstrap = bootstrap
    self.keepsReplicates = keepsReplicates
    self.workers = workers
  }
}

/// The draws of a subject bootstrap.
///
/// The caller makes them, so that every system evaluated on the same subjects is resampled alike.
package struct BootstrapDraws: Sendable {
  /// Number of replicates.
  package var replicates: Int
  /// Writes the multiplicity of every subject, [s], in replicate `replicate`; a pure function that
  /// may be called from several threads and repeatedly.
  package var multiplicities:
    @Sendable (_ replicate: Int, _ into: UnsafeMutableBufferPointer<Int32>) -> Void

  package init(
    replicates: Int = 1000,
    multiplicities:
      @escaping @Sendable (_ replicate: Int, _ into: UnsafeMutableBufferPointer<Int32>) -> Void
  ) {
    self.replicates = replicates
    self.multiplicities = multiplicities
  }
}

/// Everything measured on a set of comparisons.
package struct Evaluation: Sendable {
  package var measurements: [MetricValue]
  /// ROC points by convention name, thinned for a logarithmic FMR axis, FMR ascending.
  package var curves: [String: [CurvePoint]]
  /// Pointwise intervals of these, where enough errors give some.
  package var bands: [String: [CurveBandPoint]] = [:]
  package var histogram: ScoreHistogram?
  package var counts: EvaluationCounts
  package var warnings: [String]
}

/// Evaluates all comparisons under every convention of the request.
///
/// Passes over the scores: one gathers the mated ones, one counts the non-mated ones against every
/// mated score, one per population collects the sorted top; more only where a question reaches
/// deeper. Every number is what sorting all scores would give. The order of the measurements is
/// fixed by the request.
///
/// - Throws: `MetricError` when labels and scores do not fit together or a score is NaN.
package func evaluate(_ trials: TrialSet, _ request: EvaluationRequest) throws(MetricError)
  -> Evaluation
{
  try trials.validate()
  for target in request.targets where !(target > 0 && target < 1) {
    throw .targetOutOfRange(target)
  }
  let conventions = request.conventions.map {
    ConventionMeasurements(
      convention: $0, groups: trials.groups, targets: request.targets,
      fixedThreshold: request.fixedThreshold, quantities: request.quantities)
  }
  let summary = try ScoreSummary(trials, conventions: conventions, request: request)
  var warnings: [String] = []
  var measurements = conventions.flatMap { $0.measure(summary.point) }
  var bands: [String: [CurveBandPoint]] = [:]
  if let draws = request.bootstrap {
    // Bands are measured beside the rest, in the same replicates.
    let banded =
      request.isPictured
      ? conventions.compactMap { $0.band(in: summary, targets: request.targets) } : []
    let own = measurements.count
    measurements += banded.flatMap { $0.measure(summary.point) }
    let intervals = SubjectBootstrap(summary, conventions: conventions + banded, request: request)
    warnings += intervals.attach(draws, to: &measurements)
    bands = CurveBandPoint.bands(of: measurements[own...])
    measurements.removeSubrange(own...)
  }
  for i in measurements.indices { measurements[i].makeEncodable() }
  var curves: [String: [CurvePoint]] = [:]
  for convention in conventions {
    let side = summary.sides[convention.everybody]!
    if side.isMeasurable {
      curves[convention.convention.name] = side.corners.thinned(to: request.curvePoints)
    }
  }
  return Evaluation(
    measurements: measurements, curves: curves, bands: bands,
    histogram: request.isPictured
      ? ScoreHistogram(summary.layout, workers: request.workers) : nil,
    counts: summary.evaluationCounts, warnings: warnings)
}

extension MetricValue {
  /// JSON has no infinity: a threshold above every score is left out and noted.
  mutating func makeEncodable() {
    guard let threshold, !threshold.isFinite else { return }
    self.threshold = nil
    note = [note, threshold > 0 ? "threshold above every score" : "threshold below every score"]
      .compactMap { $0 }.joined(separator: "; ")
    if lower != nil, [.fnmr, .fmr, .fnir].contains(quantity) {
      withholdInterval(
        "\(Self.madeByRule) \(threshold > 0 ? "above" : "below") every score, "
          + "which no person has made")
    }
  }
}
