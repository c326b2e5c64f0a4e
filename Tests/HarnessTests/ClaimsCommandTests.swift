import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: harness != nil)) struct ClaimsCommandTests {
  @Test func aRunEndsWithItsAnswersWhichCanBeGatheredAndTraced() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let results = small.results("r")
    let made = try run("run", small.spec, "--data", small.data, "--results", results)
    #expect(made.code == 0, "\(made.text)")
    let summary = try #require(made.text.range(of: "cells evaluated"))
    let answers = try #require(made.text.range(of: "R1 (section 5.1, border ours): "))
    #expect(summary.upperBound < answers.lowerBound)
    #expect(made.text.contains("(SYNTHETIC DATA)"))

    let gathered = try run("claims", results)
    #expect(gathered.code == 0 && gathered.text.contains("wrote "), "\(gathered.text)")
    let table = results + "/claims.csv"
    let trace = try run("trace", table, "--quantity", "claim-R1", "--convention", "default")
    #expect(trace.code == 0 && trace.text.contains("/small/records/"), "\(trace.text)")
    // Gathered answers are no experiment.
    let again = try run("claims", results)
    #expect(again.code == 0 && again.text == gathered.text, "\(again.text)")
  }

  @Test func aFolderWithoutExperimentsIsAnError() throws {
    let folder = try temporaryFolder("no-results")
    defer { try? FileManager.default.removeItem(at: folder) }
    let found = try run("claims", folder.path)
    #expect(found.code == 65 && found.text.contains("holds no records"), "\(found.text)")
  }
}
