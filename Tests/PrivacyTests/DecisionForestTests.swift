import Kernels
import Privacy
import Testing

@Suite struct DecisionForestTests {
  @Test func oneInformativeFeatureTakesMostOfTheImportance() throws {
    let features = normalMatrix(300, 16, seed: 4)
    let isFirst = (0..<300).map { features[row: $0][5] > 0.2 }
    let forest = try DecisionForest(
      FeatureRanks(features), isFirst: isFirst, features: Array(0..<16), trees: 20, seed: 1)
    #expect(forest.importances.indices.max { forest.importances[$0] < forest.importances[$1] } == 5)
    #expect(abs(forest.importances.reduce(0, +) - 1) < 1e-12)
    var wrong = 0
    for i in 0..<300 {
      let share = forest.shareOfFirst(UnsafeBufferPointer(features[row: i]))
      wrong += (share > 0.5) == isFirst[i] ? 0 : 1
    }
    #expect(wrong == 0)
  }

  /// One feature, one exact split: both sides of a threshold, however many rows (the sort of large
  /// nodes is another than that of small ones).
  @Test(arguments: [4, 255, 256, 5000]) func aSeparableFeatureNeedsOneSplit(n: Int) throws {
    let features = floatMatrix(n, 1) { i, _ in Double((i * 7919) % n) }
    let isFirst = (0..<n).map { features[row: $0][0] >= Float(n / 2) }
    let forest = try DecisionForest(
      FeatureRanks(features), isFirst: isFirst, features: [0], trees: 3, seed: 2)
    #expect(forest.trees.allSatisfy { $0.leaves <= 2 })
    let extremes: [Float] = [0, Float(n - 1)]
    let shares = extremes.map { value in
      withUnsafePointer(to: value) {
        forest.shareOfFirst(UnsafeBufferPointer(start: $0, count: 1))
      }
    }
    #expect(shares == [0, 1])
  }

  @Test func equalFeaturesGiveALeaf() throws {
    let features = floatMatrix(10, 3) { _, _ in 1 }
    let forest = try DecisionForest(
      FeatureRanks(features), isFirst: (0..<10).map { $0 < 5 }, features: [0, 1, 2], trees: 4,
      seed: 3)
    #expect(forest.trees.allSatisfy { $0.leaves == 1 })
    #expect(forest.importances == [0, 0, 0])
  }

  @Test func forestsOfOneSeedAreEqual() throws {
    let features = normalMatrix(80, 6, seed: 5)
    let isFirst = (0..<80).map { $0 % 3 == 0 }
    let ranks = FeatureRanks(features)
    let runs = try (0..<2).map { _ in
      try DecisionForest(ranks, isFirst: isFirst, features: Array(0..<6), trees: 5, seed: 9)
        .importances
    }
    #expect(runs[0] == runs[1])
  }

  @Test func eliminationRemovesTheInformativeCoordinatesFirst() throws {
    var stream = NormalStream(11)
    let isFirst = (0..<200).map { $0 % 2 == 0 }
    let informative: Set<Int> = [3, 17, 40]
    let vectors = floatMatrix(200, 64) { i, j in
      stream.next() + (informative.contains(j) && isFirst[i] ? 2.5 : 0)
    }
    let scheme = try IncrementalVariableElimination.train(
      on: TrainingCohort(vectors: vectors, isFirst: isFirst), seed: 1)
    // 2 or 3 of 64 a round (5 of 128), 20 rounds.
    #expect(scheme.removed.count == 20 * 3 || scheme.removed.count == 20 * 2)
    #expect(informative.isSubset(of: scheme.removed.prefix(6)))
    #expect(Set(scheme.kept).isDisjoint(with: scheme.removed))
    #expect(scheme.kept.count + scheme.removed.count == 64)
  }
}
