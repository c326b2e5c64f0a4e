import Configurations
import Datasets
import Foundation
import HDF5Library
import TestSupport
import Testing

@Suite struct LabelComparisonTests {
  @Test(arguments: [
    (" Abdullah Gul", "abdullah_gul"), ("Choi_Sung-hong", "choi_sung_hong"), ("A\u{200B}b", "ab"),
    ("ﬁ", "fi"), ("Ｘ１", "x1"), ("???", "???"), ("e\u{301}", "é"), ("17", "17"),
  ])
  func keysOfNames(_ label: String, _ key: String) {
    #expect(comparisonKey(label) == key)
  }

  @Test func signsCountWithinADataset() {
    #expect(spellingKey("<30") != spellingKey(">30"))
    #expect(spellingKey("White ") == spellingKey("white"))
    #expect(spellingKey("a\u{00A0} b") == spellingKey("a b"))
  }

  /// Cyrillic, Greek, full width, ligatures, dashes, composed and decomposed letters.
  @Test(arguments: [
    ("А\u{412}С", "ABC"), ("р\u{430}ul", "paul"), ("\u{397}elen", "Helen"), ("Ｘ１", "X1"),
    ("ﬁn", "fin"),
    ("a–b", "a-b"), ("Zoe\u{308}", "Zo\u{EB}"), ("O’Neal", "O'Neal"),
  ])
  func lookAlikesCannotBeToldApart(_ strange: String, _ plain: String) {
    #expect(spellingKey(strange) == spellingKey(plain))
  }

  @Test func differentLettersStayDifferent() {
    for (a, b) in [("д", "d"), ("ü", "u"), ("ω", "w"), ("陈", "陳"), ("1", "l")] {
      #expect(spellingKey(a) != spellingKey(b), "\(a) \(b)")
    }
  }

  /// A file of 40 people with four images each, changed by `change`, and what the check says of it.
  private func report(
    _ change: (inout [String], inout [[Float]]) -> Void
  ) throws -> DatasetReport {
    let folder = try temporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var data = SyntheticDataset(name: "T", subjects: 40, rows: 160, seed: 2)
    data.dimension = 16
    data.identityDimensions = 8
    data.singleImageShare = 0
    let set = try data.embeddingSet()
    var names = set.subjectOfRow.map { "p\($0)" }
    var vectors = (0..<set.count).map { set.vectors.values(ofRow: $0) }
    change(&names, &vectors)
    let path = "\(folder)/t.h5"
    let writer = try HDF5Writer(path: path)
    try writer.create("embeddings", .float32, shape: [vectors.count, vectors[0].count])
    try writer.write("embeddings", rows: 0..<vectors.count, from: vectors.flatMap { $0 })
    try writer.writeStrings("identity", names)
    try writer.finish()
    return DatasetReport(of: EmbeddingSource(path: path))
  }

  @Test func aSoundFileIsUsable() throws {
    #expect(try report { _, _ in }.text.hasSuffix("usable"))
  }

  @Test func labelsOfAnotherOrderAreDoubted() throws {
    let doubted = try report { names, _ in names = (0..<160).map { "p\($0 * 7 % 40)" } }
    #expect(!doubted.isUsable && doubted.findings.problems.isEmpty)
    #expect(doubted.findings.doubts.count == 1)
    #expect(doubted.text.hasSuffix("doubtful: labels and vectors may not belong together"))
    #expect(!(try report { _, vectors in vectors = vectors.map { _ in [1, 1] } }).isUsable)
  }

  @Test func spellingsAreAWarning() throws {
    let found = try report { names, _ in
      for i in names.indices where i % 2 == 1 { names[i] = names[i].uppercased() + " " }
    }
    #expect(found.isUsable)
    #expect(
      found.findings.warnings.contains { $0.contains("'identity' has") && $0.contains("spellings") }
    )
  }

  @Test(arguments: ["nan", " NaN ", "None", "-1", "n/a"])
  func aMissingValueIsNoPerson(_ word: String) throws {
    let found = try report { names, _ in for i in 0..<6 { names[i] = word } }
    #expect(found.findings.problems.count == 1)
    #expect(found.findings.problems.first?.contains("6 rows that the person is not known") ?? false)
  }

  @Test func controlCharactersAreAProblemAndShown() throws {
    let found = try report { names, _ in names[3] = "new\nline" }
    #expect(found.findings.problems.count == 1)
    #expect(
      found.findings.problems.first?.contains(
        "'identity' has control characters in 1 row: 'new\\u{A}line'") ?? false)
  }
}
