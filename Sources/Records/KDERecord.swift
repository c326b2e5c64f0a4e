import AttackReports
import Biometrics
import Configurations
import Specs

/// Synthetic samples beside real ones: the record of definitions 14, of one cohort's densities on people
/// that they have not seen.
package struct KDERecord: Sendable, Codable, RecordMadeApart {
  package static let currentVersion = 2
  package var version = KDERecord.currentVersion
  /// The first cell that has these densities.
  package var key: Cell
  /// Names of all configurations that have them.
  package var configurations: [String]
  /// Hash of everything that the numbers follow from.
  package var inputHash: String
  package var isSynthetic: Bool
  /// Both genders, men first.
  package var genders: [ComparedDensity]
  package var provenance: Provenance

  package init(
    key: Cell, configurations: [String], inputHash: String, isSynthetic: Bool,
    genders: [ComparedDensity], provenance: Provenance
  ) {
    self.key = key
    self.configurations = configurations
    self.inputHash = inputHash
    self.isSynthetic = isSynthetic
    self.genders = genders
    self.provenance = provenance
  }
}

/// One gender's density beside the people of that gender whom it has not seen.
package struct ComparedDensity: Sendable, Codable {
  package var gender: Gender
  /// Why nothing was compared; nil: it was.
  package var omission: String?
  /// Nil where there is no density.
  package var density: DrawnDensity?
  /// Evaluated people with two images or more, and the pairs of samples that they gave.
  package var people = 0
  package var pairs = 0
  /// In the order of `SampleComparison.Kind`.
  package var comparisons: [SampleComparison] = []
  /// Mean squares along the principal axes of the drawn residuals, largest first; equally long.
  package var axes = AxisVariances()
  package var scatter: [SampleScatter] = []

  package init(gender: Gender, omission: String? = nil) {
    self.gender = gender
    self.omission = omission
  }
}

/// A density as it is drawn from.
package struct DrawnDensity: Sendable, Codable {
  /// Residuals, their people, and d.
  package var rows: Int
  package var people: Int
  package var dimension: Int
  /// h.
  package var bandwidth: Double
  /// Rows that the search of the bandwidth saw; 0 where it was given.
  package var searchedRows: Int
  /// Candidates and their log-likelihood per held-out row; empty: fewer than two rows.
  package var candidates: [Double] = []
  package var logLikelihoods: [Double] = []
  /// Root mean square of a component of the drawn residuals.
  package var rowDeviation: Double
  /// s: the same with each person's residuals scaled by sqrt(m / (m - 1)), which makes s² the variance of
  /// a person's images.
  package var deviation: Double
  /// Of a drawn residual.
  package var medianNorm: Double

  /// Shrinkage of the kernel's covariance, and the axes that are shrunk; nil: the kernel is isotropic.
  package var shrinkage: Double?
  package var shrunkAxes: Int?
  /// Length that samples are brought to; nil: they stay as they are drawn.
  package var length: Double?

  package init(
    rows: Int, people: Int, dimension: Int, bandwidth: Double, searchedRows: Int,
    rowDeviation: Double, deviation: Double, medianNorm: Double
  ) {
    self.rows = rows
    self.people = people
    self.dimension = dimension
    self.bandwidth = bandwidth
    self.searchedRows = searchedRows
    self.rowDeviation = rowDeviation
    self.deviation = deviation
    self.medianNorm = medianNorm
  }

  /// Expected squared norm of a real difference: that of two residuals, 2 s² d.
  package var expectedReal: Double { 2 * deviation * deviation * Double(dimension) }
  /// Expected squared norm of a synthetic difference: a drawn residual and the kernel, q. A sample at a right
  /// angle to a reference of length l has the cosine 1/sqrt(1 + q/l²) to it, and where samples are brought
  /// to this length the difference is 2 l² (1 - cosine).
  package var expectedSynthetic: Double {
    let drawn = rowDeviation * rowDeviation * Double(dimension) + noiseNorm * noiseNorm
    guard let length else { return drawn }
    return 2 * length * length * (1 - 1 / (1 + drawn / (length * length)).squareRoot())
  }
  /// Length of the kernel's noise: h sqrt(d), or h t sqrt(d) where the kernel has the residuals' shape.
  package var noiseNorm: Double { bandwidth * noiseUnit }
  /// The same for h = 1.
  package var noiseUnit: Double {
    (shrinkage == nil ? 1 : rowDeviation) * Double(dimension).squareRoot()
  }

  /// Variance that the kernel adds along each axis.
  ///
  /// - Parameter variances: of the residuals along their principal axes, largest first.
  package func noiseVariances(besides variances: [Double]) -> [Double] {
    let h = bandwidth * bandwidth
    guard let shrinkage, let shrunkAxes, shrunkAxes > 0 else { return variances.map { _ in h } }
    let mean = variances.prefix(shrunkAxes).reduce(0, +) / Double(shrunkAxes)
    return variances.enumerated().map { k, variance in
      h * (k < shrunkAxes ? (1 - shrinkage) * variance + shrinkage * mean : variance)
    }
  }
}

/// Real differences beside others of the same people.
package struct SampleComparison: Sendable, Codable {
  /// What real differences stand beside.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// Samples of the density, as enrolment draws them.
    case synthetic
    /// The same images with another image of the person as reference: what a perfect density would give.
    case realOtherReference = "real-other-reference"
    /// Samples with h = s of residuals that are scaled to the variance of a person's images: their
    /// squared norm is expected to be that of real differences.
    case syntheticAtS = "synthetic-h-is-s"
  }

  package var kind: Kind
  package var people: Int
  package var pairs: Int
  /// Why nothing was compared; nil: it was.
  package var omission: String?
  /// Of the cosine to the reference.
  package var kolmogorovSmirnov: TestedStatistic?
  package var energyDistance: TestedStatistic?
  /// By name of the classifier.
  package var classifiers: [String: TestedStatistic] = [:]
  /// Mean squared norms of the real differences and of the others; nil: not compared.
  package var realSquare: MeanOverPeople?
  package var otherSquare: MeanOverPeople?
  /// Mean cosine to the reference.
  package var realCosine: MeanOverPeople?
  package var otherCosine: MeanOverPeople?
  /// What the mean squared norm of the others is expected to be.
  package var expectedOtherSquare: Double

  package init(kind: Kind, people: Int, pairs: Int, expectedOtherSquare: Double) {
    self.kind = kind
    self.people = people
    self.pairs = pairs
    self.expectedOtherSquare = expectedOtherSquare
  }
}

/// A statistic of two kinds of samples.
package struct TestedStatistic: Sendable, Codable {
  package var value: Double
  /// 95 % interval over people; nil: none is given.
  package var lower: Double?
  package var upper: Double?
  /// Share of swaps of the kinds within people that give as large a value (of an AUC: one as far from 1/2),
  /// and the mean that they give; nil: not permuted.
  package var p: Double?
  package var meanUnderSwap: Double?
  package var swaps = 0

  package init(value: Double, interval: Estimate? = nil) {
    self.value = value
    lower = interval?.lower
    upper = interval?.upper
  }

  /// The same for max(a, 1 - a).
  package var twoSided: TestedStatistic {
    var folded = self
    folded.value = max(value, 1 - value)
    if let lower, let upper {
      let estimate = Estimate(value: value, lower: lower, upper: upper).twoSided
      (folded.lower, folded.upper) = (estimate.lower, estimate.upper)
    }
    return folded
  }
}

/// Mean squares along principal axes.
package struct AxisVariances: Sendable, Codable {
  /// Of the drawn residuals, of which the axes are.
  package var residuals: [Double] = []
  package var real: [Double] = []
  package var synthetic: [Double] = []

  package init() {}
}

/// Places of samples in a plane: rows are pairs.
package struct SampleScatter: Sendable, Codable {
  package enum Map: String, Sendable, Codable {
    /// The first two principal axes of the drawn residuals.
    case principalAxes = "principal-axes"
    case tSNE = "t-sne"
  }
  package var map: Map
  /// x, y of each sample.
  package var real: [[Double]]
  package var synthetic: [[Double]]
  /// Kullback-Leibler divergence that a t-SNE ended with; nil of other maps.
  package var divergence: Double?

  package init(
    map: Map, real: [[Double]], synthetic: [[Double]], divergence: Double? = nil
  ) {
    self.map = map
    self.real = real
    self.synthetic = synthetic
    self.divergence = divergence
  }
}

extension ResultStore {
  package var kdeFolder: String { folder + "/kde" }

  /// Where the comparison of a cell's densities is.
  package func kdePath(_ key: Cell) -> String { "\(kdeFolder)/\(key.slug).json" }

  /// The comparison that is kept for a cell; nil: none of these inputs.
  package func kdeRecord(_ key: Cell, inputHash: String) -> KDERecord? {
    kept(at: kdePath(key), of: key, inputHash: inputHash)
  }

  package func write(_ record: KDERecord) throws(StoreError) {
    try RecordFolder.write(record, to: kdePath(record.key))
  }
}
