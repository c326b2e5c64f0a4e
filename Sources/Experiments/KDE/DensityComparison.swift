// One gender's density beside people whom it has not seen (definitions 14).
import AttackReports
import Biometrics
import Configurations
import Datasets
import Kernels
import Likeness
import MOTE
import Privacy
import Records
import Specs

/// Compares the densities of one partition, gender by gender.
struct DensityComparison {
  /// People below whom nothing is compared: two a fold.
  static let fewestPeople = 2 * SampleClassifier.folds
  /// Most pairs of a scatter plot; t-SNE takes the square of twice as many in every iteration.
  static let mostPoints = 400

  private let data: BatchData
  private let inputs: KDEInputs
  private let densities: GenderKDEs
  /// What the densities are made from.
  private let rows: EmbeddingRows
  private let workers: Int
  private let interruption: Interruption

  /// - Throws: `EnrolmentError` of rows that nothing can be learnt from.
  init(
    _ data: BatchData, _ inputs: KDEInputs, workers: Int, interruption: Interruption
  ) {
    self.data = data
    self.inputs = inputs
    self.workers = workers
    self.interruption = interruption
    let cohort = data.partitions[0].cohort
    rows = inputs.heldOutShare.map { GuardProxies(cohort: cohort, heldOutShare: $0).rest } ?? cohort
    densities = GenderKDEs(
      rows: rows, configuration: inputs.kde, bandwidths: data.bandwidths, workers: workers)
  }

  /// - Throws: `Interrupted`.
  func compared() throws -> [ComparedDensity] {
    try [Gender.male, .female].map { gender in
      guard let density = gender == .male ? densities.male : densities.female else {
        return ComparedDensity(
          gender: gender, omission: "fewer than two \(gender.name) residuals in the cohort")
      }
      return try compared(density)
    }
  }

  private func compared(_ density: IntraSubjectKDE) throws -> ComparedDensity {
    let gender = density.gender
    // Without the shrinkage of deviations from a mean of few images, and without those of one.
    var unbiased = KDEConfiguration()
    unbiased.shrinkage = true
    let scaled = IntraSubjectKDE.residuals(of: rows, gender: gender, configuration: unbiased)
    var result = ComparedDensity(gender: gender)
    guard let deviation = IntraSubjectKDE.deviation(scaled),
      let rowDeviation = IntraSubjectKDE.deviation(density.residuals)
    else {
      result.omission = "every \(gender.name) residual of the cohort is 0"
      return result
    }
    let summary = summary(density, deviation: deviation, rowDeviation: rowDeviation)
    result.density = summary
    // Where people may stand in several parts, those of the cohort are left out.
    let seen =
      rows.set.dataset == data.set.dataset
      ? Set(rows.subjects.map { rows.set.subjects[Int($0)] }) : []
    let people = ComparedPeople(data, gender: gender, seen: seen)
    guard people.count >= Self.fewestPeople else {
      result.omission =
        "\(people.count) evaluated \(gender.name) people with two images or more whom the density has "
        + "not seen, expected \(Self.fewestPeople)"
      return result
    }
    let axes = PrincipalAxes(of: density.residuals)
    let synthetic = people.besideSynthetic(density, axes: axes)
    result.people = synthetic.people
    result.pairs = synthetic.pairs
    result.axes.residuals = axes.variances
    result.axes.real = synthetic.first.columnMeanSquares
    result.axes.synthetic = synthetic.second.columnMeanSquares
    let shown = 0..<min(synthetic.pairs, Self.mostPoints)
    func plane(_ samples: Matrix64) -> [[Double]] {
      shown.map { i in (0..<min(2, samples.columns)).map { samples[i, $0] } }
    }
    result.scatter = [
      SampleScatter(
        map: .principalAxes, real: plane(synthetic.first), synthetic: plane(synthetic.second))
    ]
    let both = Matrix64(
      rows: 2 * shown.count, columns: synthetic.dimension,
      values: synthetic.first.selecting(rows: Array(shown)).values
        + synthetic.second.selecting(rows: Array(shown)).values)
    let embedded = TSNE(both, workers: workers) { interruption.isRequested }
    func places(_ rows: Range<Int>) -> [[Double]] { rows.map { Array(embedded.places[row: $0]) } }
    result.scatter.append(
      SampleScatter(
        map: .tSNE, real: places(shown), synthetic: places(shown.count..<2 * shown.count),
        divergence: embedded.divergence))
    try interruption.check()
    let control = IntraSubjectKDE(
      gender: gender, residuals: scaled, bandwidth: deviation, searchedRows: 0)
    for kind in SampleComparison.Kind.allCases {
      let (samples, expected) =
        switch kind {
        case .synthetic: (synthetic, summary.expectedSynthetic)
        case .realOtherReference:
          (people.besideOtherReference(axes: axes), summary.expectedReal)
        case .syntheticAtS: (people.besideSynthetic(control, axes: axes), summary.expectedReal)
        }
      result.comparisons.append(
        try comparison(kind, samples, expected: expected, gender: gender))
    }
    return result
  }

  private func summary(
    _ density: IntraSubjectKDE, deviation: Double, rowDeviation: Double
  ) -> DrawnDensity {
    let residuals = density.residuals
    let d = residuals.columns
    let norms = Matrix64(residuals).squaredNorms.map { $0.squareRoot() }
    let genders = rows.set.genderOfSubject
    let people = Set(
      rows.subjects.filter { genders[Int($0)] == density.gender })
    var images: [Int32: Int] = [:]
    for row in rows.rows { images[rows.set.subjectOfRow[Int(row)], default: 0] += 1 }
    var summary = DrawnDensity(
      rows: residuals.rows,
      people: people.count { inputs.kde.keepSingleImage || images[$0]! > 1 }, dimension: d,
      bandwidth: density.bandwidth, searchedRows: density.searchedRows, rowDeviation: rowDeviation,
      deviation: deviation, medianNorm: median(norms))
    let searched = IntraSubjectKDE.searchedRows(
      of: residuals, shape: density.shape, configuration: inputs.kde)
    summary.shrinkage = density.shape?.shrinkage
    summary.shrunkAxes = density.shape?.axes
    summary.length = density.length.map(Double.init)
    if searched.rows >= 2 {
      let search = data.bandwidths.search(of: searched, workers: workers)
      let perRow = Double(search.foldScores[0].count) / Double(searched.rows)
      summary.candidates = BandwidthSearch.candidates
      summary.logLikelihoods = search.meanScores.map { $0 * perRow }
    }
    return summary
  }

  private func comparison(
    _ kind: SampleComparison.Kind, _ samples: PairedSamples, expected: Double, gender: Gender
  ) throws -> SampleComparison {
    var result = SampleComparison(
      kind: kind, people: samples.people, pairs: samples.pairs, expectedOtherSquare: expected)
    guard samples.people >= Self.fewestPeople else {
      result.omission =
        "\(samples.people) people with enough images, expected \(Self.fewestPeople)"
      return result
    }
    let number = SampleComparison.Kind.allCases.firstIndex(of: kind)!
    let tests = SampleTests(
      samples,
      SampleTestSettings(
        replicates: inputs.bootstrap.replicates, seed: data.seed,
        bootstrapSeed: inputs.bootstrap.seed,
        unit: 0x1400 + UInt32(8 * Int(gender.rawValue) + number)),
      workers: workers, isStopped: { interruption.isRequested })
    try interruption.check()
    result.kolmogorovSmirnov = TestedStatistic(tests.kolmogorovSmirnov, range: 0...1)
    result.energyDistance = TestedStatistic(tests.energyDistance, range: 0...Double.infinity)
    for (classifier, area) in tests.classifiers {
      result.classifiers[classifier.rawValue] = TestedStatistic(area, range: 0...1)
    }
    func estimate(_ statistic: SampledStatistic) -> MeanOverPeople {
      MeanOverPeople(
        value: statistic.value, replicates: statistic.replicates, people: samples.people)
    }
    result.realSquare = estimate(tests.firstSquare)
    result.otherSquare = estimate(tests.secondSquare)
    result.realCosine = estimate(tests.firstCosine)
    result.otherCosine = estimate(tests.secondCosine)
    return result
  }
}

extension TestedStatistic {
  /// A statistic with its percentile interval over people and its p value.
  fileprivate init(_ statistic: SampledStatistic, range: ClosedRange<Double>) {
    let bounds = IntervalBasis(
      value: statistic.value, replicates: statistic.replicates, range: range
    ).interval(.percentile).bounds
    // A perfect separation, which every resample repeats, is its own interval.
    let isConstant =
      statistic.replicates.count >= fewestReplicates
      && statistic.replicates.allSatisfy { $0 == statistic.value }
    let ends = bounds ?? (isConstant ? statistic.value...statistic.value : nil)
    self.init(
      value: statistic.value,
      interval: ends.map {
        Estimate(value: statistic.value, lower: $0.lowerBound, upper: $0.upperBound)
      })
    p = statistic.p
    swaps = statistic.swapped.count
    if swaps > 0 { meanUnderSwap = mean(statistic.swapped) }
  }
}
