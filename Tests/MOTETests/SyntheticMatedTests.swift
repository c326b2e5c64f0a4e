import Configurations
import Datasets
import Foundation
import Kernels
import MOTE
import Testing

/// Random residuals of standard deviation `spread` for both genders.
func randomDensities(
  rows: Int = 40, dimension: Int = 24, spread: Double = 0.05, bandwidth: Double = 0.02
) -> GenderKDEs {
  func density(_ gender: Gender) -> IntraSubjectKDE {
    let residuals = FloatMatrix(rows: rows, columns: dimension)
    var rng = CounterRNG(seed: UInt64(gender.rawValue), purpose: .syntheticDataset)
    for i in 0..<rows {
      for j in 0..<dimension {
        residuals[row: i][j] = Float((rng.uniform() - 0.5) * 12.squareRoot() * spread)
      }
    }
    return IntraSubjectKDE(
      gender: gender, residuals: residuals, bandwidth: bandwidth, searchedRows: 0)
  }
  return GenderKDEs(male: density(.male), female: density(.female))
}

@Suite struct MatedSplitTests {
  /// int(P r) and int(P (1-r)), as Python computes them.
  @Test(arguments: [
    (10, 0.5, 5, 5), (9, 0.5, 4, 4), (10, 0.4, 4, 6), (10, 0.6, 6, 4), (7, 0.0, 0, 7),
    (7, 1.0, 7, 0), (10, 0.9, 9, 0), (2000, 0.4, 800, 1200), (0, 0.5, 0, 0), (1, 0.5, 0, 0),
  ])
  func truncates(slots: Int, factor: Double, male: Int, female: Int) {
    let split = MatedSplit(slots: slots, balancingFactor: factor)
    #expect(split.male == male && split.female == female)
  }

  @Test func rowsAndSlotsAreInverse() {
    for (slots, factor) in [(9, 0.5), (10, 0.9), (6, 0.0), (6, 1.0), (13, 0.3)] {
      let split = MatedSplit(slots: slots, balancingFactor: factor)
      for row in 0..<split.count { #expect(split.row(ofSlot: split.slot(ofRow: row)) == row) }
      let found = (0..<slots).compactMap { split.row(ofSlot: $0) }
      #expect(found == Array(0..<split.count))
    }
  }
}

@Suite struct SyntheticMatedTests {
  private let d = 24

  private func draw(
    _ source: SyntheticMated, slots: Int, factor: Double, reference: [Float], seed: UInt64 = 1,
    subject: UInt32 = 0
  ) -> [[Float]] {
    let split = MatedSplit(slots: slots, balancingFactor: factor)
    let rows = FloatMatrix(rows: max(split.count, 1), columns: d)
    var words = [UInt32](repeating: 0, count: slots + 64)
    var noise = [Float](repeating: 0, count: d + 64)
    source.fill(
      rows.base, stride: d, split: split, reference: reference, dimension: d, seed: seed,
      subject: subject, words: &words, noise: &noise, path: .current)
    return (0..<split.count).map { rows.values(ofRow: $0) }
  }

  @Test func samplesAreReferencePlusResidualPlusNoise() {
    let densities = randomDensities(bandwidth: 0)
    let reference = (0..<d).map { Float($0) * 0.1 }
    let residuals = [densities.male, densities.female].map { density in
      Set(
        (0..<40).map { i in
          density.map { k in (0..<d).map { reference[$0] + k.residuals.values(ofRow: i)[$0] } }
            ?? []
        })
    }
    let rows = draw(.training(densities), slots: 60, factor: 0.5, reference: reference)
    for (i, row) in rows.enumerated() { #expect(residuals[i < 30 ? 0 : 1].contains(row)) }
    #expect(Set(rows).count > 30)
  }

  @Test func samplesAsDrawnAreTheSumToTheBit() {
    let densities = randomDensities()
    let reference = (0..<d).map { Float($0) * 0.1 }
    let rows = draw(.training(densities), slots: 30, factor: 0.5, reference: reference)
    let path = CPUPath.current
    var words = [UInt32](repeating: 0, count: 64)
    RandomFill(CounterRNG(seed: 1, purpose: .syntheticRow, subject: 0), path: path)
      .words(chunks: 0..<1, into: &words)
    var noise = [Float](repeating: 0, count: 64)
    for (i, row) in rows.enumerated() {
      let density = (i < 15 ? densities.male : densities.female)!
      RandomFill(CounterRNG(seed: 1, purpose: .syntheticNoise, subject: 0), path: path)
        .normals(chunks: i..<(i + 1), into: &noise)
      let residual = density.residuals.values(ofRow: Int((UInt64(words[i]) * 40) >> 32))
      let expected = (0..<d).map { reference[$0] + residual[$0] + Float(0.02) * noise[$0] }
      #expect(row.map(\.bitPattern) == expected.map(\.bitPattern))
    }
  }

  @Test func renormalisedSamplesHaveTheLengthAndTheDirectionThatIsDrawn() throws {
    let reference = (0..<d).map { Float($0) * 0.1 }
    func renormalised(_ density: IntraSubjectKDE?, _ length: Float) throws -> IntraSubjectKDE {
      let density = try #require(density)
      return IntraSubjectKDE(
        gender: density.gender, residuals: density.residuals, bandwidth: density.bandwidth,
        searchedRows: 0, length: length)
    }
    let plain = randomDensities()
    let scaled = GenderKDEs(
      male: try renormalised(plain.male, 1), female: try renormalised(plain.female, 2.5))
    let drawn = draw(.training(plain), slots: 20, factor: 0.5, reference: reference)
    let found = draw(.training(scaled), slots: 20, factor: 0.5, reference: reference)
    for (i, (a, b)) in zip(drawn, found).enumerated() {
      func length(_ x: [Float]) -> Double {
        x.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
      let expected = i < 10 ? 1 : 2.5
      #expect(abs(length(b) - expected) < 1e-6)
      for j in 0..<d { #expect(abs(Double(b[j]) - Double(a[j]) * expected / length(a)) < 1e-6) }
    }
  }

  @Test func samplesAreBroughtToTheLengthOfTheGendersRows() throws {
    let set = randomSet(sizes: [3, 4, 1, 5], dimension: 6)
    for row in 0..<set.count {
      let isMale = set.genderOfSubject[Int(set.subjectOfRow[row])] == .male
      for j in 0..<6 { set.vectors[row: row][j] *= isMale ? 3 : 2 }
    }
    var configuration = KDEConfiguration()
    configuration.samples = .renormalised
    func length(_ gender: Gender, isNormalised: Bool) -> Float? {
      let own = EmbeddingSet(
        dataset: "test", extractor: "random", vectors: set.vectors, isNormalised: isNormalised,
        norms: set.norms, subjectOfRow: set.subjectOfRow, subjects: set.subjects,
        genderOfSubject: set.genderOfSubject)
      return IntraSubjectKDE(
        gender: gender, rows: allRows(own), configuration: configuration, workers: 1)?.length
    }
    #expect(abs(try #require(length(.male, isNormalised: false)) - 3) < 1e-5)
    #expect(abs(try #require(length(.female, isNormalised: false)) - 2) < 1e-5)
    #expect(length(.male, isNormalised: true) == 1 && length(.female, isNormalised: true) == 1)
    configuration.samples = .asDrawn
    #expect(length(.male, isNormalised: false) == nil)
  }

  /// mean = reference + mean residual, covariance = residual covariance + h^2 (four standard errors).
  @Test func momentsAreThoseOfTheDensity() throws {
    let densities = randomDensities(bandwidth: 0.03)
    let male = try #require(densities.male)
    let reference = [Float](repeating: 0.2, count: d)
    let n = 20_000
    let rows = draw(.training(densities), slots: n, factor: 1, reference: reference)
    for j in 0..<d {
      let residuals = (0..<40).map { Double(male.residuals.values(ofRow: $0)[j]) }
      let mean = residuals.reduce(0, +) / 40
      let variance = residuals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40 + 0.03 * 0.03
      let values = rows.map { Double($0[j]) - 0.2 }
      let m = values.reduce(0, +) / Double(n)
      let v = values.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(n)
      #expect(abs(m - mean) < 4 * (variance / Double(n)).squareRoot() + 1e-6)
      #expect(abs(v / variance - 1) < 4 * (2 / Double(n)).squareRoot())
    }
  }

  @Test func factorsShareTheDrawsOfTheirCommonSlots() {
    let densities = randomDensities()
    let reference = [Float](repeating: 0, count: d)
    let few = draw(.training(densities), slots: 100, factor: 0.4, reference: reference)
    let many = draw(.training(densities), slots: 100, factor: 0.6, reference: reference)
    #expect(few[0..<40] == many[0..<40])
    #expect(few[60..<100] == many[60..<100])
    #expect(few[40..<60] != many[40..<60])
  }

  @Test func subjectsSeedsAndPurposesHaveTheirOwnDraws() {
    let densities = randomDensities()
    let reference = [Float](repeating: 0, count: d)
    func first(_ source: SyntheticMated, seed: UInt64, subject: UInt32) -> [Float] {
      draw(source, slots: 2, factor: 1, reference: reference, seed: seed, subject: subject)[0]
    }
    let all = [
      first(.training(densities), seed: 1, subject: 0),
      first(.training(densities), seed: 2, subject: 0),
      first(.training(densities), seed: 1, subject: 1),
      first(.validation(densities), seed: 1, subject: 0),
    ]
    #expect(Set(all).count == 4)
    #expect(first(.training(densities), seed: 1, subject: 0) == all[0])
  }

  @Test func referenceFormulaInFloat64() {
    let sample = SyntheticMated.sample(
      residuals: [[1, 2], [3, 4]], bandwidth: 0.5, u: 0.5, z: [2, -2], reference: [10, 20])
    #expect(sample == [14, 23])
  }
}
