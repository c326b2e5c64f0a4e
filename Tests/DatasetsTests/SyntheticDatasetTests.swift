import Configurations
import Datasets
import Files
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct SyntheticDatasetTests {
  /// Mean cosine of the pairs of rows that `isWanted` accepts, over the first `limit` rows.
  static func meanCosine(
    _ set: EmbeddingSet, limit: Int = 1_500, where isWanted: (Int, Int) -> Bool
  ) -> Double {
    var (sum, count) = (0.0, 0)
    for i in 0..<min(limit, set.count) {
      for j in 0..<i where isWanted(i, j) {
        var dot: Float = 0
        for k in 0..<set.dimension { dot += set.vectors[row: i][k] * set.vectors[row: j][k] }
        sum += Double(dot)
        count += 1
      }
    }
    return sum / Double(count)
  }

  /// 300 subjects with five images each.
  static func parameters(_ seed: UInt64 = 1) -> SyntheticDataset {
    var parameters = SyntheticDataset(name: "t", subjects: 300, rows: 1_500, seed: seed)
    parameters.dimension = 128
    parameters.identityDimensions = 64
    parameters.imageCountSpread = 0
    return parameters
  }

  @Test func theMatedCosineIsTheOneAskedFor() throws {
    for cosine in [0.3, 0.65, 0.9] {
      var parameters = Self.parameters()
      parameters.matedCosine = cosine
      let set = try parameters.embeddingSet()
      let measured = Self.meanCosine(set) { set.subjectOfRow[$0] == set.subjectOfRow[$1] }
      // 3,000 pairs of 300 subjects; the standard error is below 0.005.
      #expect(abs(measured - cosine) < 0.02, "asked for \(cosine), measured \(measured)")
    }
  }

  @Test func womenSpreadAsToldAndNonMatedCosinesFollowGender() throws {
    var parameters = Self.parameters()
    parameters.femaleSpreadRatio = 1.5
    parameters.genderStrength = 3
    let set = try parameters.embeddingSet()
    func gender(_ row: Int) -> Gender { set.genderOfSubject[Int(set.subjectOfRow[row])] }
    func mated(_ wanted: Gender) -> Double {
      Self.meanCosine(set) { set.subjectOfRow[$0] == set.subjectOfRow[$1] && gender($0) == wanted }
    }
    #expect(abs(mated(.male) - 0.65) < 0.02)
    #expect(mated(.female) < mated(.male) - 0.1)
    let same = Self.meanCosine(set, limit: 600) {
      set.subjectOfRow[$0] != set.subjectOfRow[$1] && gender($0) == gender($1)
    }
    let different = Self.meanCosine(set, limit: 600) { gender($0) != gender($1) }
    // Centroids: +-delta^2 / (m + delta^2) = +-0.123, times (E cos theta)^2 of both genders.
    #expect(abs(same - 0.07) < 0.02 && abs(different + 0.07) < 0.02, "\(same), \(different)")
  }

  /// With full contrast a gender scatters in its own half of the coordinates (up to the part along
  /// the centroid); the mated cosine stays what was asked for.
  @Test func scatterContrastGivesGendersDirectionsOfTheirOwn() throws {
    var parameters = Self.parameters()
    parameters.qualitySpread = 0
    /// Share of the variance within subjects that lies in the first half, by gender.
    func shares(_ contrast: Double) throws -> [Gender: Double] {
      parameters.scatterContrast = contrast
      let set = try parameters.embeddingSet()
      let measured = Self.meanCosine(set) { set.subjectOfRow[$0] == set.subjectOfRow[$1] }
      #expect(abs(measured - 0.65) < 0.02, "contrast \(contrast): \(measured)")
      var sums: [Gender: (first: Double, all: Double)] = [:]
      for row in 1..<set.count where set.subjectOfRow[row] == set.subjectOfRow[row - 1] {
        let gender = set.genderOfSubject[Int(set.subjectOfRow[row])]
        for j in 0..<set.dimension {
          let difference = Double(set.vectors[row: row][j] - set.vectors[row: row - 1][j])
          sums[gender, default: (0, 0)].all += difference * difference
          if 2 * j < set.dimension { sums[gender]!.first += difference * difference }
        }
      }
      return sums.mapValues { $0.first / $0.all }
    }
    let none = try shares(0)
    #expect(abs(none[.male]! - 0.5) < 0.03 && abs(none[.female]! - 0.5) < 0.03)
    let full = try shares(1)
    #expect(full[.male]! > 0.97 && full[.female]! < 0.03)
    parameters.scatterContrast = 1.1
    #expect(parameters.problems == ["scatter contrast 1.1; expected 0 to 1"])
  }

  /// The direction between the class means of one half tells the genders of the other half apart as
  /// well as Phi(sqrt(2) delta) says, and not at all when delta is 0.
  @Test(arguments: [(0.0, 0.5), (1.0, 0.921), (2.0, 0.998)])
  func genderIsPlantedAtTheStatedStrength(_ strength: Double, _ expected: Double) throws {
    var parameters = Self.parameters(9)
    (parameters.subjects, parameters.rows) = (4_000, 8_000)
    parameters.identityDimensions = 32
    parameters.matedCosine = 0.98
    parameters.genderStrength = strength
    let set = try parameters.embeddingSet()
    let d = set.dimension
    var axis = [Double](repeating: 0, count: d)
    for s in 0..<2_000 {
      let row = set.vectors[row: Int(set.rows(of: s).first!)]
      for j in 0..<d {
        axis[j] += set.genderOfSubject[s] == .male ? Double(row[j]) : -Double(row[j])
      }
    }
    let scores = (2_000..<4_000).map { s in
      let row = set.vectors[row: Int(set.rows(of: s).first!)]
      let score = (0..<d).reduce(0.0) { $0 + axis[$1] * Double(row[$1]) }
      return (score, set.genderOfSubject[s] == .male)
    }.sorted { $0.0 < $1.0 }
    var (females, wins, males) = (0.0, 0.0, 0.0)
    for (_, isMale) in scores {
      if isMale { (males, wins) = (males + 1, wins + females) } else { females += 1 }
    }
    let auc = wins / (males * females)
    #expect(abs(auc - expected) < 0.045, "AUC \(auc), expected \(expected)")
  }

  @Test func twoExtractorsShareSubjectsAndLabels() throws {
    var parameters = Self.parameters()
    parameters.unlabelledShare = 0.1
    parameters.hasLabels = true
    let arcface = try parameters.embeddingSet()
    parameters.extractor = .magface
    let magface = try parameters.embeddingSet()
    #expect(arcface.subjects == magface.subjects)
    #expect(arcface.subjectOfRow == magface.subjectOfRow)
    #expect(arcface.genderOfSubject == magface.genderOfSubject)
    #expect(arcface.attributes == magface.attributes)
    #expect(arcface.filenames == magface.filenames)
    #expect(arcface.genderOfSubject.count { $0 == .unlabelled } == 30)
    #expect(Set(arcface.attributes["age_group"]!).count == 4)
    #expect(Set(arcface.attributes["ethnicity"]!).count == 4)
    // Different spaces: the same image has nothing in common with itself.
    let dots = (0..<50).map { i in
      zip(arcface.vectors[row: i], magface.vectors[row: i]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(abs(dots.reduce(0, +) / 50) < 0.1)
  }

  /// Magnitude follows quality in MagFace-like files: rows near their subject's others are longer.
  @Test func magnitudeFollowsQualityInMagFace() throws {
    func correlation(_ extractor: SyntheticExtractor) throws -> Double {
      var parameters = Self.parameters()
      parameters.extractor = extractor
      let set = try parameters.embeddingSet()
      var pairs: [(Double, Double)] = []
      for s in 0..<300 {
        let rows = set.rows(of: s).map(Int.init)
        for i in rows {
          let cosines = rows.filter { $0 != i }.map { j in
            zip(set.vectors[row: i], set.vectors[row: j]).reduce(0) { $0 + Double($1.0 * $1.1) }
          }
          pairs.append((log(Double(set.norms[i])), cosines.reduce(0, +) / Double(cosines.count)))
        }
      }
      let n = Double(pairs.count)
      let (mx, my) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
      let (xy, xx, yy) = pairs.reduce((0.0, 0.0, 0.0)) {
        let (x, y) = ($1.0 - mx, $1.1 - my)
        return ($0.0 + x * y, $0.1 + x * x, $0.2 + y * y)
      }
      return xy / (xx * yy).squareRoot()
    }
    #expect(try correlation(.magface) > 0.6)
    #expect(try correlation(.arcface) < 0.4)
  }

  @Test(arguments: SyntheticDataset.Likeness.allCases)
  func likenessesHaveThePublishedSizes(_ real: SyntheticDataset.Likeness) {
    let dataset = SyntheticDataset(like: real, seed: 1)
    #expect(dataset.problems.isEmpty)
    let published = PublishedCounts(dataset: real.rawValue)!
    #expect(dataset.subjects == published.subjects && dataset.rows == published.images)
    #expect(SyntheticDataset(like: real, scale: 0.01, seed: 1).problems.isEmpty)
    #expect(SyntheticDataset(like: real, scale: 1e-9, seed: 1).problems.isEmpty)
  }

  @Test func sharesAreMetExactly() throws {
    var dataset = SyntheticDataset(like: .lfw, scale: 0.1, seed: 3)
    dataset.dimension = 16
    dataset.identityDimensions = 8
    let set = try dataset.embeddingSet()
    #expect(set.count == 1_323 && set.subjects.count == 575)
    #expect((0..<575).count { set.rows(of: $0).count == 1 } == 407)
    #expect(set.genderOfSubject.count { $0 == .male } == 427)
  }

  @Test func aFileDoesNotTellHowItWasDividedIntoBlocks() throws {
    var parameters = Self.parameters()
    // More than one block of rows, and subjects across the border.
    (parameters.subjects, parameters.rows, parameters.dimension) = (900, 4_501, 16)
    parameters.identityDimensions = 9
    parameters.hasLabels = true
    parameters.unlabelledShare = 0.05
    var blocks: [Int] = []
    let file = try parameters.embeddingSet { blocks.append($0) }
    #expect(blocks == [4_096, 4_501])
    let whole = try parameters.embeddingSet(blockRows: 10_000)
    #expect(file.isSynthetic && whole.count == 4_501)
    #expect(file.subjects == whole.subjects && file.subjectOfRow == whole.subjectOfRow)
    #expect(file.genderOfSubject == whole.genderOfSubject)
    #expect(file.attributes == whole.attributes && file.filenames == whole.filenames)
    #expect(file.norms == whole.norms)
    #expect((0..<4_501 * 16).allSatisfy { file.vectors.base[$0] == whole.vectors.base[$0] })
  }

  @Test func theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let digests = try [1, 1, 2].map { (seed: UInt64) in
      let path = folder.appendingPathComponent("\(seed).h5").path
      try Self.parameters(seed).write(to: path)
      return try SHA256.hex(ofFile: path)
    }
    #expect(digests[0] == digests[1] && digests[0] != digests[2])
  }

  @Test func impossibleParametersAreAllNamed() {
    var parameters = SyntheticDataset(name: "a/b", subjects: 10, rows: 5, seed: 1)
    parameters.maleShare = 1.5
    parameters.identityDimensions = 600
    #expect(
      errorText { _ = try parameters.embeddingSet() }
        == "cannot make this synthetic dataset: the name 'a/b' is empty or has a slash; male share "
        + "1.5; expected 0 to 1; 600 identity dimensions; expected 1 to the dimension, 512")
    #expect(
      errorText {
        _ = try SyntheticDataset(name: "a", subjects: 10, rows: 5, seed: 1).embeddingSet()
      }
        == "cannot make this synthetic dataset: 5 rows for 10 subjects of whom 0 have one image; "
        + "expected at least 20")
  }

  @Test func theSmokeSuiteHasTwoExtractorsOfEachDataset() {
    let files = SyntheticSuite.smoke.datasets(seed: 1)
    #expect(
      files.map(\.file) == [
        "morph_arcface.h5", "morph_magface.h5", "adience_arcface.h5", "adience_magface.h5",
        "colorferet_arcface.h5", "colorferet_magface.h5", "lfw_arcface.h5", "lfw_magface.h5",
      ])
    #expect(files.allSatisfy { $0.dataset.problems.isEmpty })
  }
}

extension SyntheticDataset {
  /// The dataset as its file gives it.
  func embeddingSet(
    blockRows: Int = 4_096, progress: (Int) -> Void = { _ in }
  ) throws -> EmbeddingSet {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("t.h5").path
    try write(to: path, blockRows: blockRows, progress: progress)
    return try EmbeddingSet.load(
      EmbeddingSource(path: path), dataset: name, extractor: extractor.name
    ).set
  }
}
