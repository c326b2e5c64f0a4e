import Configurations
import Datasets
import Foundation
import Kernels
import MOTE
import Testing

/// Random unit-less rows: subject i has `sizes[i]` rows around its own centre; genders alternate.
func randomSet(sizes: [Int], dimension d: Int, spread: Double = 0.1, seed: UInt64 = 9)
  -> EmbeddingSet
{
  let n = sizes.reduce(0, +)
  let vectors = FloatMatrix(rows: n, columns: d)
  var rng = CounterRNG(seed: seed, purpose: .syntheticDataset)
  var subjectOfRow: [Int32] = []
  for (s, size) in sizes.enumerated() {
    let centre = (0..<d).map { _ in 2 * rng.uniform() - 1 }
    for _ in 0..<size {
      let row = vectors[row: subjectOfRow.count]
      var square = 0.0
      let x = centre.map { $0 + spread * (2 * rng.uniform() - 1) }
      for value in x { square += value * value }
      for j in 0..<d { row[j] = Float(x[j] / square.squareRoot()) }
      subjectOfRow.append(Int32(s))
    }
  }
  return EmbeddingSet(
    dataset: "test", extractor: "random", vectors: vectors,
    norms: [Float](repeating: 1, count: n), subjectOfRow: subjectOfRow,
    subjects: sizes.indices.map { "s\($0)" },
    genderOfSubject: sizes.indices.map { $0 % 2 == 0 ? .male : .female })
}

func allRows(_ set: EmbeddingSet) -> EmbeddingRows {
  EmbeddingRows(set: set, rows: (0..<Int32(set.count)).map { $0 })
}

@Suite struct IntraSubjectKDETests {
  /// The bandwidth by the residuals themselves is their standard deviation per component.
  @Test func bandwidthOfResidualsIsTheirDeviation() throws {
    let rows = allRows(randomSet(sizes: [3, 4, 1, 5], dimension: 6))
    var configuration = KDEConfiguration()
    configuration.bandwidthRule = .residuals
    let density = try #require(
      IntraSubjectKDE(gender: .male, rows: rows, configuration: configuration, workers: 1))
    let values = (0..<density.residuals.rows).flatMap { density.residuals.values(ofRow: $0) }
    let square = values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
    #expect(abs(density.bandwidth - square.squareRoot()) < 1e-12 && density.bandwidth > 0)
    #expect(density.searchedRows == 0)
    // Without residuals there is none.
    let single = allRows(randomSet(sizes: [1, 1, 1], dimension: 6))
    #expect(
      IntraSubjectKDE(gender: .male, rows: single, configuration: configuration, workers: 1) == nil)
  }

  @Test func residualsAreDeviationsFromTheSubjectsMean() {
    let set = randomSet(sizes: [2, 3, 1, 4], dimension: 5)
    let residuals = IntraSubjectKDE.residuals(
      of: allRows(set), gender: .female, configuration: KDEConfiguration())
    #expect(residuals.rows == 7)
    for range in [0..<3, 3..<7] {
      for j in 0..<5 {
        let sum = range.reduce(0.0) { $0 + Double(residuals.values(ofRow: $1)[j]) }
        #expect(abs(sum) < 1e-6)
      }
    }
    let mean = (2..<5).reduce(0.0) { $0 + Double(set.vectors.values(ofRow: $1)[0]) } / 3
    #expect(
      abs(Double(residuals.values(ofRow: 0)[0]) - (Double(set.vectors.values(ofRow: 2)[0]) - mean))
        < 1e-7)
  }

  private func changed(_ change: (inout KDEConfiguration) -> Void) -> KDEConfiguration {
    var configuration = KDEConfiguration()
    change(&configuration)
    return configuration
  }

  @Test func singleImageSubjectsAreDroppedOrKeptAsZeros() {
    let set = randomSet(sizes: [2, 3, 1, 4], dimension: 5)
    func male(_ configuration: KDEConfiguration) -> FloatMatrix {
      IntraSubjectKDE.residuals(of: allRows(set), gender: .male, configuration: configuration)
    }
    #expect(male(KDEConfiguration()).rows == 2)
    let kept = male(changed { $0.keepSingleImage = true })
    #expect(kept.rows == 3)
    #expect(kept.values(ofRow: 2).allSatisfy { $0 == 0 })
  }

  @Test func centroidsAreTakenOverTheGivenRowsOnly() {
    let set = randomSet(sizes: [4], dimension: 3)
    let residuals = IntraSubjectKDE.residuals(
      of: EmbeddingRows(set: set, rows: [3, 1]), gender: .male, configuration: KDEConfiguration())
    #expect(residuals.rows == 2)
    let expected = (set.vectors.values(ofRow: 3)[0] - set.vectors.values(ofRow: 1)[0]) / 2
    #expect(abs(residuals.values(ofRow: 0)[0] - expected) < 1e-7)
  }

  @Test func shrinkageCorrectionScalesByTheSubjectsSize() {
    let set = randomSet(sizes: [4], dimension: 3)
    let plain = IntraSubjectKDE.residuals(
      of: allRows(set), gender: .male, configuration: KDEConfiguration())
    let corrected = IntraSubjectKDE.residuals(
      of: allRows(set), gender: .male, configuration: changed { $0.shrinkage = true })
    let ratio = corrected.values(ofRow: 1)[2] / plain.values(ofRow: 1)[2]
    #expect(abs(ratio - Float((4.0 / 3).squareRoot())) < 1e-5)
  }

  @Test func givenBandwidthReplacesTheSearch() throws {
    let set = randomSet(sizes: [3, 3, 3, 3], dimension: 4)
    let densities = GenderKDEs(
      rows: allRows(set), configuration: changed { $0.bandwidths = ["male": 0.123] }, workers: 1)
    let male = try #require(densities.male)
    let female = try #require(densities.female)
    #expect(male.bandwidth == 0.123 && male.searchedRows == 0)
    #expect(BandwidthSearch.candidates.contains(female.bandwidth) && female.searchedRows == 6)
  }

  @Test func searchRowsAreStated() throws {
    let set = randomSet(sizes: [9, 1, 9], dimension: 4)
    let density = IntraSubjectKDE(
      gender: .male, rows: allRows(set), configuration: changed { $0.searchRows = 7 },
      workers: 1)
    #expect(try #require(density).searchedRows == 7)
    #expect(try #require(density).residuals.rows == 18)
  }

  @Test func tooFewResidualsGiveNoDensity() {
    let set = randomSet(sizes: [2, 1], dimension: 4)
    let densities = GenderKDEs(
      rows: allRows(set), configuration: KDEConfiguration(), workers: 1)
    #expect(densities.male != nil)
    #expect(densities.female == nil)
  }
}

@Suite struct BandwidthSearchTests {
  private func naive(_ x: [[Double]], folds k: Int) -> [[Double]] {
    let n = x.count
    let d = Double(x[0].count)
    let bounds = BandwidthSearch.foldBounds(n: n, folds: k)
    return BandwidthSearch.candidates.map { h in
      bounds.map { fold in
        var total = 0.0
        for i in fold {
          let exponents = (0..<n).filter { !fold.contains($0) }.map { j in
            -zip(x[i], x[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / (2 * h * h)
          }
          let largest = exponents.max() ?? 0
          let sum = exponents.reduce(0) { $0 + exp($1 - largest) }
          total +=
            largest + log(sum) - log(Double(exponents.count)) - d * log(h)
            - d / 2 * log(2 * .pi)
        }
        return total
      }
    }
  }

  @Test(arguments: [2, 3, 5, 6, 23])
  func equalsTheNaiveLikelihood(n: Int) {
    var rng = CounterRNG(seed: 2, purpose: .permutation, subject: UInt32(n))
    let x = (0..<n).map { _ in (0..<3).map { _ in rng.uniform() } }
    let search = BandwidthSearch(rows: x.flatMap { $0 }, n: n, d: 3)
    let expected = naive(x, folds: min(5, n))
    for i in expected.indices {
      for (found, wanted) in zip(search.foldScores[i], expected[i]) {
        #expect(abs(found - wanted) <= 1e-9 * abs(wanted) + 1e-9)
      }
    }
    #expect(search.bandwidth == BandwidthSearch.candidates[search.bestIndex])
  }

  @Test func resultDoesNotDependOnTheWorkers() {
    var rng = CounterRNG(seed: 2, purpose: .permutation)
    let x = (0..<(700 * 6)).map { _ in rng.uniform() }
    let one = BandwidthSearch(rows: x, n: 700, d: 6, workers: 1)
    let three = BandwidthSearch(rows: x, n: 700, d: 6, workers: 3)
    #expect(one.foldScores == three.foldScores)
  }

  /// Kept or computed twice, a distance has the same bits; also with folds smaller than a panel.
  @Test(arguments: [2, 5, 41, 699])
  func resultDoesNotDependOnWhatIsKept(n: Int) {
    var rng = CounterRNG(seed: 3, purpose: .permutation)
    let x = (0..<(n * 6)).map { _ in rng.uniform() }
    let kept = BandwidthSearch(rows: x, n: n, d: 6, workers: 2)
    let again = BandwidthSearch(rows: x, n: n, d: 6, storedDistances: 0)
    #expect(kept.foldScores == again.foldScores)
  }

  @Test func firstFoldsGetTheRest() {
    #expect(BandwidthSearch.foldBounds(n: 13, folds: 5) == [0..<3, 3..<6, 6..<9, 9..<11, 11..<13])
  }
}
