import Configurations
import Datasets
import Foundation
import TestSupport
import Testing

/// A few people of a dataset.
@Suite struct SubsetTests {
  /// 90 people: 60 men and 30 women, every third with one image, the others with two.
  private let identifiers = (0..<90).map { "p\($0)" }
  private var genders: [Gender] { (0..<90).map { $0 < 60 ? .male : .female } }
  private var images: [Int] { (0..<90).map { $0 % 3 == 0 ? 1 : 2 } }

  private func drawn(_ people: Int, seed: UInt64 = 1) -> [Int] {
    SubjectSubset(people: people, seed: seed)
      .subjects(identifiers, genders: genders, images: images)
  }

  @Test func gendersAndNumbersOfImagesKeepTheirShares() {
    let people = drawn(18)
    #expect(people.count == 18)
    #expect(people.count { genders[$0] == .male } == 12)
    #expect(people.count { images[$0] == 1 } == 6)
    #expect(people.count { genders[$0] == .female && images[$0] == 2 } == 4)
    #expect(people == people.sorted())
  }

  @Test func everySizeIsMet() {
    for people in 1...90 { #expect(drawn(people).count == people) }
    #expect(drawn(1_000) == Array(0..<90))
  }

  @Test func theSeedDrawsAndOrderDoesNot() {
    #expect(drawn(18) == drawn(18))
    #expect(drawn(18, seed: 2) != drawn(18))
    let turned = SubjectSubset(people: 18, seed: 1).subjects(
      identifiers.reversed(), genders: genders.reversed(), images: images.reversed())
    #expect(Set(turned.map { identifiers[89 - $0] }) == Set(drawn(18).map { identifiers[$0] }))
  }

  @Test func peopleWithoutImagesAreNotDrawn() {
    let subset = SubjectSubset(people: 2, seed: 1)
    #expect(
      subset.subjects(["a", "b", "c"], genders: [.male, .male, .male], images: [1, 0, 1]) == [0, 2])
  }

  @Test func aLoadedSubsetIsThatOfTheWrittenFile() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let small = folder.appendingPathComponent("small.h5").path
    var dataset = SyntheticDataset(name: "x", subjects: 40, rows: 130, seed: 3)
    (dataset.dimension, dataset.identityDimensions) = (16, 8)
    try dataset.write(to: path)
    let subset = SubjectSubset(people: 10, seed: 4)
    let written = try EmbeddingSource(path: path).write(subset, to: small)
    #expect(written.people == 10 && written.of == 40)
    let (loaded, findings) = try EmbeddingSet.load(
      EmbeddingSource(path: path, subset: subset), dataset: "x", extractor: "e")
    let (whole, _) = try EmbeddingSet.load(
      EmbeddingSource(path: small), dataset: "x", extractor: "e")
    #expect(loaded.subjects == whole.subjects && loaded.subjects.count == 10)
    #expect(loaded.subjectOfRow == whole.subjectOfRow && loaded.norms == whole.norms)
    #expect(loaded.genderOfSubject == whole.genderOfSubject)
    #expect(loaded.filenames == whole.filenames && whole.isSynthetic)
    #expect(loaded.keptRows.count == loaded.count)
    for row in 0..<loaded.count {
      #expect(Array(loaded.vectors[row: row]) == Array(whole.vectors[row: row]))
    }
    #expect(findings.information.contains("10 of 40 people drawn (seed 4), \(loaded.count) images"))
  }
}
