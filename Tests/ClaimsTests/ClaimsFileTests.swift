import Claims
import Foundation
import Results
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct ClaimsFileTests {
  private func problems(_ text: String) throws -> [String] {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("claims.yaml")
    try Data(text.utf8).write(to: file)
    do {
      _ = try Claim.load(file.path)
      return []
    } catch {
      return error.problems.map { "\($0)".replacing(file.path, with: "claims.yaml") }
    }
  }

  private func claim(_ change: String, region: String = "{below: 1}") -> String {
    """
    claims:
      - id: X
        sentence: words
        place: "5.1"
        statistic: fnmr-difference
        margin: ours
        region: \(region)
    \(change)
    """
  }

  @Test func thePublishedClaimsAreThoseOfTheDefinitions() {
    #expect(
      paperClaims.map(\.id) == [
        "R1", "R1p", "R2", "P1", "P2", "P3", "P4", "F1", "F1s", "F2", "F3", "F4", "E1", "E2", "C1",
        "C2", "K1",
      ])
    let r1 = paperClaims[0]
    #expect(r1.region == .below(0.01) && r1.margin == .ours && r1.sides == .two)
    #expect(r1.cells.count == 6 && r1.otherDatasets.isEmpty)
    let f3 = paperClaims.first { $0.id == "F3" }!
    #expect(f3.datasets == ["LFW"] && f3.otherDatasets == ["Adience", "ColorFeret"])
    #expect(!f3.isAsked(at: Place(dataset: "ColorFERET", extractor: "ArcFace")))
    #expect(f3.isAsked(at: Place(dataset: "LFW-half", extractor: "Other")))
    #expect(paperClaims.allSatisfy { $0.level == 0.95 })
  }

  @Test(arguments: [
    ("    statistics: a", "claims.yaml:8:5: unknown key 'statistics'; did you mean 'statistic'?"),
    ("    sides: both", "claims.yaml:8:12: 'sides' is 'both'; expected 'two' or 'one'"),
    (
      "    level: 0.9",
      "claims.yaml:8:12: 'level' is '0.9', expected 0.95, the level of the intervals in records"
    ),
    ("    factors: [0.5]", "claims.yaml:8:14: statistic 'fnmr-difference' has no 'factors'"),
    (
      "  - id: X",
      "claims.yaml:8:9: id 'X' is given twice, first on line 2"
    ),
  ])
  func badKeysAreRefusedWithTheirPlace(change: String, message: String) throws {
    let found = try problems(claim(change))
    #expect(found.contains(message), "\(found)")
  }

  @Test func badStatisticsAndRegionsAreRefused() throws {
    let unknown = claim("").replacing("fnmr-difference", with: "fnmr-differences")
    #expect(
      try problems(unknown) == [
        "claims.yaml:5:16: 'statistic' is 'fnmr-differences'; did you mean 'fnmr-difference'?"
      ])
    for region in ["{below: 1, above: 0}", "{within: 1}", "{}"] {
      let found = try problems(claim("", region: region))
      #expect(found.count == 1 && found[0].hasPrefix("claims.yaml:7:13: a region is one of"))
    }
    #expect(
      try problems(claim("", region: "{beside: 1}")) == [
        "claims.yaml:7:13: statistic 'fnmr-difference' needs a region: below, above or within"
      ])
    let gap = claim("", region: "{below: published-gap}")
    #expect(try problems(gap).isEmpty)
    #expect(
      try problems(gap.replacing("fnmr-difference", with: "adaptive-auc")) == [
        "claims.yaml:7:13: the paper prints a gap of 'fnmr-difference' alone"
      ])
    let sides = claim("    sides: one").replacing("fnmr-difference", with: "adaptive-auc")
    #expect(
      try problems(sides) == [
        "claims.yaml:8:12: statistic 'adaptive-auc' has two-sided intervals only"
      ])
    let balance = claim("    factors: [0.4, 0.5]\n    best: [0.6]")
      .replacing("fnmr-difference", with: "best-balance")
    #expect(
      try problems(balance) == [
        "claims.yaml:9:11: statistic 'best-balance' needs 'best', some of its 'factors'"
      ])
  }

  @Test func whatIsMissingIsNamed() throws {
    #expect(try problems("datasets: [A]") == ["claims.yaml:1:1: the file has no key 'claims'"])
    let found = try problems("claims:\n  - id: X")
    #expect(found.count == 5 && found.contains("claims.yaml:2:5: a claim has no key 'region'"))
    #expect(throws: SpecError.self) { try Claim.load("/nowhere/claims.yaml") }
  }
}
