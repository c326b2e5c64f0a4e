import Configurations
import Datasets
import Kernels

/// Kernel density of the deviations of one gender's samples from their subject's mean: the model of
/// how images of one person differ.
///
/// p(x) = (1/n) sum_j N(x; r_j, h^2 I), r_j = x_j - centroid of the subject of j; with a shape
/// h^2 times its covariance in place of h^2 I.
package struct IntraSubjectKDE: Sendable {
  package let gender: Gender
  /// [n, d], in the order of the rows given.
  package let residuals: FloatMatrix
  /// h.
  package let bandwidth: Double
  /// Rows that the search used; 0 where the bandwidth was given.
  package let searchedRows: Int
  /// Shape of the kernel; nil: isotropic.
  package let shape: KernelShape?
  /// Length that samples are brought to; nil: they stay as they are drawn.
  package let length: Float?

  package init(
    gender: Gender, residuals: FloatMatrix, bandwidth: Double, searchedRows: Int,
    shape: KernelShape? = nil, length: Float? = nil
  ) {
    self.gender = gender
    self.residuals = residuals
    self.bandwidth = bandwidth
    self.searchedRows = searchedRows
    self.shape = shape
    self.length = length
  }

  /// Fits the density of one gender; nil when there are too few residuals (none, or one and no
  /// bandwidth given).
  package init?(
    gender: Gender, rows: EmbeddingRows, configuration: KDEConfiguration,
    bandwidths: SearchedBandwidths = SearchedBandwidths(), workers: Int
  ) {
    let residuals = Self.residuals(of: rows, gender: gender, configuration: configuration)
    let n = residuals.rows
    let shape = configuration.kernel == .covariance ? KernelShape(residuals) : nil
    if configuration.kernel == .covariance, shape == nil { return nil }
    let length =
      configuration.samples == .renormalised ? Self.meanLength(of: rows, gender: gender) : nil
    if let given = configuration.bandwidths[gender.name] {
      guard n >= 1 else { return nil }
      self.init(
        gender: gender, residuals: residuals, bandwidth: given, searchedRows: 0, shape: shape,
        length: length)
      return
    }
    if configuration.bandwidthRule == .residuals {
      let inUnits = shape?.whitened(residuals) ?? residuals
      guard let deviation = Self.deviation(inUnits) else { return nil }
      self.init(
        gender: gender, residuals: residuals, bandwidth: deviation, searchedRows: 0, shape: shape,
        length: length)
      return
    }
    let searched = Self.searchedRows(of: residuals, shape: shape, configuration: configuration)
    guard searched.rows >= 2 else { return nil }
    let bandwidth = bandwidths.bandwidth(of: searched, workers: workers)
    self.init(
      gender: gender, residuals: residuals, bandwidth: bandwidth, searchedRows: searched.rows,
      shape: shape, length: length)
  }

  /// Length of real embeddings: 1 where they are L2-normalised, else the mean over the gender's rows.
  private static func meanLength(of rows: EmbeddingRows, gender: Gender) -> Float {
    if rows.set.isNormalised { return 1 }
    var (sum, count) = (0.0, 0.0)
    for row in rows.rows
    where rows.set.genderOfSubject[Int(rows.set.subjectOfRow[Int(row)])] == gender {
      var square = 0.0
      for value in rows.set.vectors[row: Int(row)] { square += Double(value) * Double(value) }
      sum += square.squareRoot()
      count += 1
    }
    return Float(sum / count)
  }

  /// The rows that a search sees: all, or as many as the configuration says, evenly spaced; in units of
  /// the kernel's shape.
  package static func searchedRows(
    of residuals: FloatMatrix, shape: KernelShape?, configuration: KDEConfiguration
  ) -> FloatMatrix {
    let n = residuals.rows
    let searched = min(n, configuration.searchRows ?? n)
    let rows =
      searched == n
      ? residuals
      : residuals.selecting(rows: (0..<searched).map { Int32($0 * n / searched) })
    return shape?.whitened(rows) ?? rows
  }

  /// Root mean square of all components; nil where it is 0, or there are none.
  package static func deviation(_ residuals: FloatMatrix) -> Double? {
    var sum = 0.0
    for i in 0..<residuals.rows {
      for value in residuals[row: i] { sum += Double(value) * Double(value) }
    }
    return sum > 0 ? (sum / Double(residuals.rows * residuals.columns)).squareRoot() : nil
  }

  /// How many residuals of one gender the rows give, without making them.
  package static func residualCount(
    of rows: EmbeddingRows, gender: Gender, configuration: KDEConfiguration
  ) -> Int {
    rowsOfUsedSubjects(rows, gender, configuration).reduce(0, +)
  }

  /// How many rows each subject of the set has among `rows`; 0 for those that give no residuals.
  private static func rowsOfUsedSubjects(
    _ rows: EmbeddingRows, _ gender: Gender, _ configuration: KDEConfiguration
  ) -> [Int] {
    let set = rows.set
    var counts = [Int](repeating: 0, count: set.subjects.count)
    for row in rows.rows { counts[Int(set.subjectOfRow[Int(row)])] += 1 }
    let least = configuration.keepSingleImage ? 1 : 2
    for s in counts.indices where set.genderOfSubject[s] != gender || counts[s] < least {
      counts[s] = 0
    }
    return counts
  }

  /// Residuals of one gender's rows, [n, d], in the order of `rows`. Centroids are taken over the
  /// given rows only.
  package static func residuals(
    of rows: EmbeddingRows, gender: Gender, configuration: KDEConfiguration
  ) -> FloatMatrix {
    let set = rows.set
    let d = set.dimension
    let counts = rowsOfUsedSubjects(rows, gender, configuration)
    // Centroids of the used subjects only, in float64.
    var slot = [Int](repeating: -1, count: counts.count)
    var used = 0
    for s in counts.indices where counts[s] > 0 {
      slot[s] = used
      used += 1
    }
    var centroids = [Double](repeating: 0, count: used * d)
    var n = 0
    for row in rows.rows {
      let s = slot[Int(set.subjectOfRow[Int(row)])]
      guard s >= 0 else { continue }
      n += 1
      let x = set.vectors[row: Int(row)]
      for j in 0..<d { centroids[s * d + j] += Double(x[j]) }
    }
    let residuals = FloatMatrix(rows: n, columns: d)
    var next = 0
    for row in rows.rows {
      let subject = Int(set.subjectOfRow[Int(row)])
      let s = slot[subject]
      guard s >= 0 else { continue }
      let m = Double(counts[subject])
      let factor = configuration.shrinkage && m > 1 ? (m / (m - 1)).squareRoot() : 1
      let x = set.vectors[row: Int(row)]
      let out = residuals[row: next]
      next += 1
      if m == 1 { continue }  // exactly zero
      for j in 0..<d { out[j] = Float((Double(x[j]) - centroids[s * d + j] / m) * factor) }
    }
    return residuals
  }
}

/// The densities of both genders; nil where the data have too few residuals.
package struct GenderKDEs: Sendable {
  package let male: IntraSubjectKDE?
  package let female: IntraSubjectKDE?

  package init(male: IntraSubjectKDE?, female: IntraSubjectKDE?) {
    self.male = male
    self.female = female
  }

  /// Whether a gender has a density.
  func has(_ gender: Gender) -> Bool {
    switch gender {
    case .male: male != nil
    case .female: female != nil
    case .unlabelled: false
    }
  }

  /// Fits both.
  package init(
    rows: EmbeddingRows, configuration: KDEConfiguration,
    bandwidths: SearchedBandwidths = SearchedBandwidths(), workers: Int
  ) {
    func density(_ gender: Gender) -> IntraSubjectKDE? {
      IntraSubjectKDE(
        gender: gender, rows: rows, configuration: configuration, bandwidths: bandwidths,
        workers: workers)
    }
    male = density(.male)
    female = density(.female)
  }
}
