import Foundation

/// The kinds of fixture this build knows, one array per module that they check.
package let fixtureKinds: [FixtureKind] =
  biometricsFixtureKinds + trainingFixtureKinds + privacyFixtureKinds + explainFixtureKinds
  + likenessFixtureKinds

/// Runs every fixture file (`*.json`) of a folder and tells the result line by line.
package struct FixtureRun: Sendable {
  package private(set) var passed = 0
  package private(set) var failed = 0
  package private(set) var unknown = 0

  /// The closing line.
  package var summary: String {
    "cases: \(passed) passed, \(failed) failed, \(unknown) of unknown kind"
  }

  /// - Parameters:
  ///   - folder: where the fixture files lie; not searched recursively.
  ///   - print: receives one line per case, and one per value that deviates (ten at most a case).
  /// - Throws: only when the folder cannot be listed; a broken file counts as a failed case.
  package static func run(folder: URL, print: (String) -> Void) throws -> FixtureRun {
    var run = FixtureRun()
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw FixtureError.unreadable(
        file: folder.relativePath, reason: "expected a folder with fixture files (*.json)")
    }
    let files = names.filter { $0.hasSuffix(".json") }.sorted()
      .map { folder.appendingPathComponent($0) }
    if files.isEmpty { print("no fixture files (*.json) in '\(folder.relativePath)'") }
    for file in files { run.check(file: file, print: print) }
    return run
  }

  private mutating func check(file: URL, print: (String) -> Void) {
    let stem = file.deletingPathExtension().lastPathComponent
    do {
      let document = try JSONValue(contentsOf: file)
      let cases: [JSONValue] = if case .array(let list) = document { list } else { [document] }
      for (index, fixture) in cases.enumerated() {
        let label = cases.count == 1 ? stem : "\(stem)[\(index)]"
        let name = (fixture.optional("name")).flatMap { try? $0.string }.map { " \($0)" } ?? ""
        guard let kind = FixtureRun.kind(of: stem, fixture: fixture) else {
          unknown += 1
          print("unknown  \(label)\(name): no kind begins this file name")
          continue
        }
        do {
          let deviations = try kind.check(fixture, file.deletingLastPathComponent(), stem)
          report(deviations, label: label + name, print: print)
        } catch {
          failed += 1
          print("FAILED   \(label)\(name): \(error)")
        }
      }
    } catch {
      failed += 1
      print("FAILED   \(stem): \(error)")
    }
  }

  private mutating func report(_ deviations: Deviations, label: String, print: (String) -> Void) {
    let text =
      "\(label): \(deviations.compared) values, largest deviation \(deviations.largest)"
    if deviations.failures.isEmpty && deviations.compared > 0 {
      passed += 1
      print("passed   \(text)")
    } else {
      failed += 1
      print("FAILED   \(text)")
      for line in deviations.failures.prefix(10) { print("         \(line)") }
    }
  }

  /// The longest known kind that begins `stem`; among `train_*` files a case that carries its data
  /// is of the `train_tiny` kind, one with only `dims` of `train_full`, whatever the file's name.
  package static func kind(of stem: String, fixture: JSONValue) -> FixtureKind? {
    if stem.hasPrefix("train_"), fixture.optional("dims") != nil {
      let name = fixture.optional("initial_weights") == nil ? "train_full" : "train_tiny"
      return fixtureKinds.first { $0.name == name }
    }
    return fixtureKinds.filter { stem.hasPrefix($0.name) }.max { $0.name.count < $1.name.count }
  }
}
