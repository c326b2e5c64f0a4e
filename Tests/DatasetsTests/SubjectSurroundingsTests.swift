import Configurations
import Datasets
import Foundation
import Kernels
import Testing

@Suite struct SubjectSurroundingsTests {
  /// Unit vectors in the plane, by angle in degrees.
  private func vector(_ degrees: Float) -> [Float] {
    let angle = Double(degrees) * .pi / 180
    return [Float(cos(angle)), Float(sin(angle))]
  }

  @Test func peopleAreDescribedByHand() throws {
    // a: 0 (reference), 10, 30; b: 40 (reference), 90; c: 200, alone; cohort: d at 5, b again at 41.
    let set = embeddingSet(
      ["a", "a", "a", "b", "b", "c", "d", "b"],
      vectors: [0, 10, 30, 40, 90, 200, 5, 41].map(vector))
    let evaluation = EmbeddingRows(set: set, rows: [0, 1, 2, 3, 4, 5])
    let partition = SubjectPartition(
      fold: 0, cohort: EmbeddingRows(set: set, rows: [6, 7]),
      development: EmbeddingRows(set: set, rows: [6]), evaluation: evaluation,
      evaluationSubjects: [0, 1, 2])
    let comparison = try ComparisonProtocol(partition: partition, seed: 1)
    let found = partition.surroundings(of: comparison, likeness: 0.9, workers: 1)
    #expect(found.map(\.images) == [3, 2, 1])
    // The mean of 10 and 30 degrees points to 20.
    let distances = found.map(\.referenceDistance)
    #expect(abs(Double(try #require(distances[0])) - (1 - cos(.pi / 9))) < 1e-6)
    #expect(abs(Double(try #require(distances[1])) - (1 - cos(5 * .pi / 18))) < 1e-6)
    #expect(distances[2] == nil)
    #expect(found.map(\.nearest?.name) == ["b", "a", "b"])
    #expect(abs(Double(try #require(found[1].nearest).cosine) - cos(.pi / 18)) < 1e-6)
    // d stands in two parts and is named once; b's own row in the cohort is no second name of b.
    #expect(found[0].secondNames.map(\.name) == ["d"])
    #expect(found[0].secondNames.map(\.part) == ["cohort"])
    #expect(found[1].secondNames.map(\.name) == ["a"])
    #expect(found[1].secondNames.map(\.part) == ["evaluation"])
    #expect(found[2].secondNames == [])
  }

  @Test func workersDoNotMatter() throws {
    let people = population(male: 90, female: 80)
    let partition = try PartitionScheme.within(cohort: 0.3, development: 0.2, evaluation: 0.5)
      .partitions(of: people, seed: 3)[0]
    let comparison = try ComparisonProtocol(partition: partition, seed: 3)
    let level = partition.likeness
    let one = partition.surroundings(of: comparison, likeness: level, workers: 1)
    #expect(one == partition.surroundings(of: comparison, likeness: level, workers: 3))
    #expect(one.count == comparison.referenceCount && one.allSatisfy { $0.images == 2 })
    // Every other person is among the nearest ones' candidates: compare with all pairs.
    for (r, seen) in one.enumerated() {
      var best: Float = -1
      for (column, row) in comparison.probeRows.enumerated()
      where comparison.probeSubjects[column] != comparison.referenceSubjects[r] {
        let (a, b) = (
          people.vectors[row: Int(comparison.referenceRows[r])], people.vectors[row: Int(row)]
        )
        let product = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let squares = [a, b].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
        best = max(best, Float(product / (squares[0] * squares[1]).squareRoot()))
      }
      #expect(abs(try #require(seen.nearest).cosine - best) < 1e-6)
    }
  }
}
