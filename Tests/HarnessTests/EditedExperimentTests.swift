import Foundation
import TestSupport
import Testing

/// What stays in a results folder when spec or files change between commands, and what goes.
@Suite(.serialized, .enabled(if: harness != nil, "the program Harness is not built"))
struct EditedExperimentTests {
  /// The small experiment under another spec: its text with replacements.
  private func edited(
    _ small: SmallExperiment, _ name: String, _ changes: [String: String]
  ) throws -> String {
    var text = try String(contentsOfFile: small.spec, encoding: .utf8)
    for (old, new) in changes {
      #expect(text.contains(old), "\(old)")
      text = text.replacingOccurrences(of: old, with: new)
    }
    let path = small.folder.appendingPathComponent(name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func run(_ spec: String, _ small: SmallExperiment, _ more: String...) throws
    -> (code: Int32, text: String)
  {
    try Invocation(
      ["run", spec, "--data", small.data, "--results", small.results("r")] + more
    ).finish()
  }

  @Test func aRefusedSpecSetsNothingAside() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    #expect(try run(small.spec, small).code == 0)
    let refused = try run(
      try edited(small, "bad.yaml", ["seed: 1\n": "seed: 1\ngroups: nosuch\n"]), small)
    #expect(refused.code == 65, "\(refused.text)")
    let again = try run(small.spec, small)
    #expect(again.text.contains("0 cells evaluated, 5 kept"), "\(again.text)")
  }

  @Test func whatWasMadeOfOtherInputsGoes() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    #expect(try run(small.spec, small).code == 0)
    let results = small.results("r") + "/small"
    // Outputs that the spec does not name, and a measurement.
    #expect(try HarnessTests.run("table", results).code == 0)
    #expect(try small.files("r", "tables")["table4.csv"] == nil)
    #expect(try HarnessTests.run("table", results, "--all").code == 0)
    let costs = try edited(
      small, "costs.yaml",
      [
        "table2]": "table2, table5]",
        "seed: 1\n":
          "seed: 1\ncost: {subjects: 2, repeats: 1, galleries: [10], precision_subjects: 2}\n",
      ])
    let measured = try HarnessTests.run(
      "measure", costs, "--data", small.data, "--results", small.results("r"))
    #expect(measured.code == 0, "\(measured.text)")
    #expect(try small.files("r", "tables")["table4.csv"] != nil)
    #expect(try small.files("r", "tables")["table5.csv"] != nil)
    let other = try edited(
      small, "other.yaml",
      ["table2]": "table2, table5]", "\nseed: 1\n": "\nseed: 9\n"])
    let changed = try run(other, small)
    #expect(changed.code == 0 && changed.text.contains("costs/"), "\(changed.text)")
    #expect(changed.text.contains("output 'table5' left out"), "\(changed.text)")
    let left = try small.files("r", "tables")
    #expect(left["table4.csv"] == nil && left["table5.csv"] == nil && left["table2.csv"] != nil)
    #expect(try small.files("r", "figures").isEmpty)
  }

  @Test func aDamagedDivisionIsWrittenAgain() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    #expect(try run(small.spec, small).code == 0)
    let divisions = try small.files("r", "protocol")
    let name = try #require(divisions.keys.first)
    try Data("garbage".utf8).write(
      to: URL(fileURLWithPath: small.results("r") + "/small/protocol/" + name))
    #expect(try run(small.spec, small).code == 0)
    #expect(try small.files("r", "protocol") == divisions)
  }

  @Test func scoresOfCellsThatAreNoLongerAskedForGo() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let shard = small.results("r")
    #expect(try run(small.spec, small, "--shard", "0/2").code == 0)
    let fewer = try edited(small, "fewer.yaml", ["[0.5, 1.0]": "[0.5]"])
    #expect(try run(fewer, small, "--shard", "0/2").code == 0)
    let scores = try FileManager.default.contentsOfDirectory(atPath: shard + "/small/scores")
    #expect(!scores.isEmpty && !scores.contains { $0.contains("_f1.0_") }, "\(scores)")
  }

  @Test func aMergeLeavesItsShardsAsTheyAre() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    for shard in ["0/1"] { #expect(try run(small.spec, small, "--shard", shard).code == 0) }
    let shard = small.results("r")
    let refused = try HarnessTests.run(
      "merge", small.spec, shard, "--data", small.data, "--results", shard)
    #expect(refused.code != 0 && refused.text.contains("name another with --results"))
    let merged = try HarnessTests.run(
      "merge", small.spec, shard, "--data", small.data, "--results", small.results("m"))
    #expect(merged.code == 0, "\(merged.text)")
  }

  @Test func aListOfPeopleReplacesOnlySuchAList() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    #expect(try run(small.spec, small).code == 0)
    let results = small.results("r") + "/small"
    let mine = small.folder.appendingPathComponent("mine.txt")
    try Data("mine".utf8).write(to: mine)
    let link = small.folder.appendingPathComponent("link.csv").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: mine.path)
    let record = results + "/records/Made_ArcFace_traditional_r0.json"
    for arguments in [[mine.path], [link, "--force"], [record, "--force"]] {
      let (code, text) = try Invocation(["subjects", results, "--output"] + arguments).finish()
      #expect(code == 64, "\(arguments): \(text)")
    }
    #expect(try Data(contentsOf: mine) == Data("mine".utf8))
    let list = small.folder.appendingPathComponent("people.csv").path
    for _ in 0..<2 {
      #expect(try HarnessTests.run("subjects", results, "--output", list).code == 0)
    }
    #expect(try HarnessTests.run("subjects", results, "--output", mine.path, "--force").code == 0)
  }
}
