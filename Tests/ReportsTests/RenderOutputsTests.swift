import Experiments
import Foundation
import Reports
import TestSupport
import Testing

/// Writes records as the runner does and returns the experiment's folder.
func writeExperiment(_ records: [EvaluationRecord]) throws -> URL {
  let folder = try temporaryFolder("mote-reports")
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  let target = folder.appendingPathComponent("records")
  try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
  for record in records {
    try encoder.encode(record).write(
      to: target.appendingPathComponent("\(record.key.slug).json"))
  }
  return folder
}

struct RenderOutputsTests {
  @Test func allApplicableOutputsAreWrittenByDefault() throws {
    let folder = try writeExperiment(fakeExperiment())
    let rendered = try renderOutputs(experiment: folder)
    print(folder.path)
    #expect(!rendered.files.isEmpty)
  }
}
