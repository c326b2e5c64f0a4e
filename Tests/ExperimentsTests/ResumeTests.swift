import Datasets
import Experiments
import Foundation
import Records
import Reports
import SpecFiles
import Specs
import TestSupport
import Testing

/// Whatever edits of spec and data were run in a results folder before, the last run leaves there
/// what it leaves in a fresh one.
///
/// `make resume-test COUNT=n SEED=s` runs n chains from seed s; a failure prints the seed that makes
/// it again alone.
@Suite struct ResumeTests {
  private static let seed = UInt64(environment("RESUME_SEED") ?? "") ?? 1
  private static let count = Int(environment("RESUME_COUNT") ?? "") ?? 6

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  @Test func aResumedFolderHoldsWhatAFreshOneHolds() throws {
    var (compared, refused) = (0, 0)
    for index in 0..<Self.count {
      let seed = Self.seed &+ UInt64(index)
      let outcome = try Chain(seed: seed).compare()
      switch outcome {
      case .equal: compared += 1
      case .refused: refused += 1
      case .different(let text):
        Issue.record("RESUME_SEED=\(seed) RESUME_COUNT=1: \(text)")
      }
      if Self.count > 6, index % 20 == 19 || index == Self.count - 1 {
        print(
          "chains from seed \(Self.seed): \(index + 1) run, \(compared) ended in equal folders, "
            + "\(refused) in the same refusal")
      }
    }
    #expect(compared > 0)
  }
}

/// A chain of random runs in one folder, and its last run again in a fresh one.
private struct Chain {
  enum Outcome {
    case equal
    /// Both runs refuse the spec or the data with the same words.
    case refused
    case different(String)
  }

  let seed: UInt64

  func compare() throws -> Outcome {
    let folder = try temporaryFolder("mote-resume").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var experiment = try RandomExperiment(seed: seed, folder: folder)
    var history: [String] = []
    var refusal: String?
    let last = 1 + experiment.draw(below: 5)
    for step in 0...last {
      if step > 0 { try experiment.edit() }
      history.append("\(experiment.text)# \(experiment.dataText)")
      refusal = try run(&experiment, "\(folder)/kept", mayStop: step < last)
    }
    let other = try run(&experiment, "\(folder)/fresh", mayStop: false)
    func different(_ text: String) -> Outcome {
      .different(text + "\n" + history.joined(separator: "\n---\n"))
    }
    if refusal != other {
      return different("kept: \(refusal ?? "done"); fresh: \(other ?? "done")")
    }
    if refusal != nil { return .refused }
    let (kept, fresh) = (try Files("\(folder)/kept/random"), try Files("\(folder)/fresh/random"))
    for name in Set(kept.texts.keys).union(fresh.texts.keys).sorted() {
      guard let a = kept.texts[name], let b = fresh.texts[name] else {
        return different("\(name) is in the \(kept.texts[name] == nil ? "fresh" : "kept") one only")
      }
      if a != b { return different("\(name) differs: \(firstDifference(a, b))") }
    }
    return .equal
  }

  /// Runs the experiment as it is and renders what it asks for.
  ///
  /// - Parameter mayStop: the run is sometimes interrupted after a few units.
  /// - Returns: why nothing was done; nil: it was.
  private func run(
    _ experiment: inout RandomExperiment, _ results: String, mayStop: Bool
  ) throws -> String? {
    let path = "\(experiment.folder)/spec.yaml"
    try experiment.text.write(toFile: path, atomically: false, encoding: .utf8)
    do {
      try writeSplits(experiment)
      let spec = try ExperimentSpec.load(
        path, dataFolder: "\(experiment.folder)/data", environment: [:])
      let interruption = Interruption()
      var left = mayStop && experiment.draw(below: 4) == 0 ? experiment.draw(below: 8) : Int.max
      let runner = Runner(
        spec, options: RunOptions(results: results, workers: 1), interruption: interruption
      ) { event in
        if case .unit(_, _, _, wasKept: false) = event { left -= 1 }
        if left <= 0 { interruption.request() }
      }
      let summary = try runner.run()
      let folder = URL(fileURLWithPath: results).appendingPathComponent(spec.name)
      if summary.evaluated.isEmpty && summary.cached.isEmpty {
        try removeOutputs(experiment: folder)
      } else {
        _ = try renderOutputs(
          experiment: folder, outputs: spec.outputs.map(\.rawValue), replacesEarlier: true,
          convertsFigures: false)
      }
      return summary.failed.isEmpty
        ? nil : summary.failed.map(\.description).sorted().joined(separator: "\n")
    } catch is Interrupted {
      return "stopped"
    } catch {
      return "\(error)".replacingOccurrences(of: results, with: "RESULTS")
    }
  }

  /// The listed divisions of the data as they are, for specs that take one.
  private func writeSplits(_ experiment: RandomExperiment) throws {
    let text = """
      name: split
      title: Split
      outputs: [table2]
      extractors: [X]
      datasets: {A: {files: {X: a.h5}}, B: {files: {X: b.h5}}}
      evaluate: [A, B]
      partition: {within: {cohort: 0.4, development: 0.2, evaluation: 0.4}}
      presets: [paper]
      seed: 5
      """
    let (folder, path) = (experiment.folder, "\(experiment.folder)/split.yaml")
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    let spec = try ExperimentSpec.load(path, dataFolder: "\(folder)/data", environment: [:])
    let written = try spec.writeSplits(results: "\(folder)/splits")
    for (split, name) in zip(written, ["split.csv", "splitb.csv"]) {
      let target = "\(folder)/data/\(name)"
      try FileManager.default.removeItem(atPath: target, ifThere: true)
      try FileManager.default.copyItem(atPath: split.path, toPath: target)
    }
  }

  private func firstDifference(_ a: Data, _ b: Data) -> String {
    let (a, b) = (lines(a), lines(b))
    let at = zip(a, b).enumerated().first { $1.0 != $1.1 }?.offset ?? min(a.count, b.count)
    func line(_ text: [Substring]) -> Substring { at < text.count ? text[at] : "" }
    // Lines of a page are long: from a little before where they differ.
    let same = zip(line(a), line(b)).prefix { $0 == $1 }.count
    func shown(_ text: [Substring]) -> Substring {
      line(text).dropFirst(max(0, same - 80)).prefix(300)
    }
    return "line \(at + 1), kept '\(shown(a))', fresh '\(shown(b))'"
  }

  private func lines(_ data: Data) -> [Substring] {
    String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
  }
}

/// What an experiment left behind, without where and when it was made.
private struct Files {
  /// By path below the folder of the experiment.
  var texts: [String: Data] = [:]

  init(_ folder: String) throws {
    for part in ["tables", "figures", "templates", "protocol"] {
      for name in try names("\(folder)/\(part)") {
        texts["\(part)/\(name)"] = try content("\(folder)/\(part)/\(name)")
      }
    }
    for part in ["records/subjects", "records/replicates", "records/attacks/replicates"] {
      for name in try names("\(folder)/\(part)") {
        texts["\(part)/\(name)"] = try Data(
          contentsOf: URL(fileURLWithPath: "\(folder)/\(part)/\(name)"))
      }
    }
    if FileManager.default.fileExists(atPath: "\(folder)/report.html") {
      texts["report.html"] = try content("\(folder)/report.html")
    }
    for part in ["records", "records/attacks"] {
      for name in try names("\(folder)/\(part)") where name.hasSuffix(".json") {
        texts["\(part)/\(name)"] = try record("\(folder)/\(part)/\(name)")
      }
    }
  }

  private func names(_ folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
  }

  /// The file without the sentence on kept records, and without times.
  private func content(_ path: String) throws -> Data {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    if path.hasSuffix(".h5") { return data }
    let text = String(decoding: data, as: UTF8.self)
      .replacing(/; \d+ of \d+ records kept from spec hash [0-9a-f, ]+, made from the same inputs/)
    {
      _ in ""
    }
      .replacing(/\ *"kept" : "[^"]*",\n/) { _ in "" }
      .replacing(/<tr><th scope="row">(Kept|Wall time)<\/th><td>[^<]*<\/td><\/tr>\n?/) { _ in "" }
      // The rows of enrolment hold times; the rest of them is compared with the records.
      .replacing(/id="enrolment-table"(?:[^<]|<(?!\/figure>))*<\/figure>/) { _ in "" }
      // The files inside the page hold the sentence too.
      .replacing(/<small>[0-9.]+ kB<\/small>/) { _ in "" }
    return Data(text.utf8)
  }

  /// The record without provenance and times.
  private func record(_ path: String) throws -> Data {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    guard var record = json as? [String: Any] else { return Data() }
    record["provenance"] = nil
    // The seal is over the whole file, times too.
    record["sha256"] = nil
    // Says of score blocks what does not reach the record; `inputHash` is over the rest.
    record["fingerprint"] = nil
    if var enrolment = record["enrolment"] as? [String: Any] {
      enrolment["meanSamplingSeconds"] = nil
      enrolment["meanTrainingSeconds"] = nil
      record["enrolment"] = enrolment
    }
    return try JSONSerialization.data(
      withJSONObject: record, options: [.sortedKeys, .prettyPrinted])
  }
}
