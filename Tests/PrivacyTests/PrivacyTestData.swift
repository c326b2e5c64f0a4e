import AttackReports
import Configurations
import Datasets
import Glibc
import Kernels
import Privacy

/// Standard normal draws for tests.
struct NormalStream {
  private var rng: CounterRNG
  init(_ seed: UInt64) { rng = CounterRNG(seed: seed, purpose: .syntheticDataset) }
  mutating func next() -> Double {
    let radius = (-2 * log(1 - rng.uniform())).squareRoot()
    return radius * cos(2 * Double.pi * rng.uniform())
  }
  mutating func list(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }
}

/// A float matrix from a function of row and column.
func floatMatrix(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Double) -> FloatMatrix {
  let matrix = FloatMatrix(rows: rows, columns: columns)
  for i in 0..<rows { for j in 0..<columns { matrix[row: i][j] = Float(value(i, j)) } }
  return matrix
}

/// Rows of standard normal values.
func normalMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> FloatMatrix {
  var stream = NormalStream(seed)
  return floatMatrix(rows, columns) { _, _ in stream.next() }
}

/// The rows of a float matrix.
func nested(_ matrix: FloatMatrix) -> [[Float]] {
  (0..<matrix.rows).map { Array(matrix[row: $0]) }
}

/// A set with one row per subject; `genders` decides labels.
func embeddingSet(
  genders: [Gender], dimension: Int = 4, attributes: [String: [String]] = [:],
  dataset: String = "Test"
) -> EmbeddingSet {
  EmbeddingSet(
    dataset: dataset, extractor: "test",
    vectors: normalMatrix(genders.count, dimension, seed: 3),
    norms: [Float](repeating: 1, count: genders.count),
    subjectOfRow: genders.indices.map { Int32($0) }, subjects: genders.indices.map { "s\($0)" },
    genderOfSubject: genders, attributes: attributes)
}

extension TargetResampling {
  /// AUC of `values` with its interval, as outcomes have it.
  func areaEstimate(_ values: [Double]) -> Estimate {
    Estimate(
      value: areaUnderCurve(values, isFirst: isFirst), replicates: areaUnderCurveReplicates(values),
      method: Estimate.areaMethod)
  }

  /// Balanced accuracy of decisions with its interval; larger values are the first group's.
  func accuracyEstimate(predictsFirst: [Bool]) -> Estimate {
    Estimate(
      value: balancedAccuracy(
        predictsFirst.map { $0 ? 1 : 0 }, isFirst: isFirst, rule: .above(0.5)),
      replicates: balancedAccuracyReplicates(predictsFirst: predictsFirst))
  }
}
