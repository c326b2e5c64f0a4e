import Configurations
import Datasets
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct NeighbourAuditTests {
  /// 180 people of three images each around a direction of their own, in an order that mixes them: rows of two
  /// blocks.
  private struct Made {
    var rows: [[Float]] = []
    var subjectOfRow: [Int32] = []
    let people = 180
    let dimension = 24

    init(_ name: String = "a", seed: UInt64 = 1) {
      var rng = CounterRNG(seed: seed, purpose: .syntheticDataset)
      let centres = (0..<people).map { _ in (0..<dimension).map { _ in 2 * rng.uniform() - 1 } }
      for i in 0..<(3 * people) {
        let person = i % people
        rows.append(centres[person].map { Float($0 + 0.5 * (2 * rng.uniform() - 1)) })
        subjectOfRow.append(Int32(person))
      }
    }

    func set(path: String = "a.h5", prefix: String = "p") -> EmbeddingSet {
      let vectors = FloatMatrix(rows: rows.count, columns: dimension)
      for (i, row) in rows.enumerated() {
        for (j, x) in row.enumerated() { vectors[row: i][j] = x }
      }
      return EmbeddingSet(
        dataset: "test", extractor: "random", path: path, vectors: vectors,
        norms: rows.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }, subjectOfRow: subjectOfRow,
        subjects: (0..<people).map { "\(prefix)\($0)" },
        genderOfSubject: (0..<people).map { $0 % 2 == 0 ? .male : .female })
    }
  }

  private func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func dot(_ x: [Float], _ y: [Float]) -> Double {
      zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }

  @Test func plantedSecondNamesStraysAndRepeatsAreFound() throws {
    var made = Made()
    // Person 41 is person 8 under another name, of the other gender.
    made.rows[41] = made.rows[8]
    made.rows[221] = made.rows[188].map { $0 * 1.5 }
    made.rows[401] = made.rows[368]
    // A picture of person 100 stands under person 5, of person 17 twice, and one row is far too long.
    made.rows[185] = made.rows[100].map { $0 * 1.1 }
    made.rows[197] = made.rows[17].map { $0 + 1e-4 }
    made.rows[250] = made.rows[250].map { $0 * 40 }
    let audit = NeighbourAudit(made.set(), workers: 1)
    #expect(audit == NeighbourAudit(made.set(), workers: 3))
    let first = try #require(audit.secondNames.first)
    #expect((first.first, first.second) == ("p8", "p41") && first.gendersDiffer)
    #expect(first.cosine > 0.999 && made.subjectOfRow[first.firstRow] == 8)
    #expect(
      audit.secondNames.contains { ($0.first, $0.second) == ("p5", "p100") && $0.gendersDiffer })
    #expect(audit.strays.contains { $0.row == 185 && $0.identity == "p5" && $0.nearest == "p100" })
    #expect(audit.repeatedRows == 2 && audit.unusualNorms.contains(250))
    let text = audit.lines.joined(separator: "\n")
    #expect(text.contains("'p8' = 'p41' (1.000, rows 8 and 41)"))
    #expect(text.contains("with a norm beyond six robust deviations of the median: rows"))
  }

  /// Blocks and their order do not matter: every neighbour is that of a plain search.
  @Test func straysAreThoseOfAPlainSearch() {
    let made = Made(seed: 4)
    let audit = NeighbourAudit(made.set(), workers: 2)
    var expected: [Int: Int] = [:]
    for i in made.rows.indices {
      var (own, other) = ((-1, -Double.infinity), (-1, -Double.infinity))
      for j in made.rows.indices where j != i {
        let found = cosine(made.rows[i], made.rows[j])
        if made.subjectOfRow[i] == made.subjectOfRow[j] {
          if found > own.1 { own = (j, found) }
        } else if found > other.1 {
          other = (j, found)
        }
      }
      if other.1 > own.1 { expected[i] = other.0 }
    }
    #expect(!expected.isEmpty)
    #expect(
      Dictionary(uniqueKeysWithValues: audit.strays.map { ($0.row, $0.nearestRow) }) == expected)
  }

  @Test func peopleOfTwoFilesAreFoundUnderAnyName() throws {
    let a = Made()
    var b = Made(seed: 2)
    b.rows[7] = a.rows[12]
    let shared = try #require(SharedPeople(a.set(), b.set(path: "b.h5", prefix: "q")))
    #expect(shared.sharedNames == 0)
    #expect(shared.pairs.first.map { [$0.first, $0.second] } == ["p12", "q7"])
    #expect(shared.text.hasPrefix("a.h5 and b.h5: 0 names in both; "))
    let same = try #require(SharedPeople(a.set(), a.set(path: "b.h5")))
    #expect(same.sharedNames == 180 && same.pairs.count == 180)
    #expect(same.pairs.allSatisfy { $0.first == $0.second })
  }
}
