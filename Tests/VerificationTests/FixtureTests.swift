import Foundation
import TestSupport
import Testing
import Verification

/// Every file of Tests/Fixtures, whatever its kind; a new file is picked up by itself.
@Suite struct FixtureTests {
  /// Names without extension, sorted.
  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: fixturesFolder.path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// Members that inform a reader, or widen a tolerance, and are not expected of us.
  static let informative: Set<String> = [
    "sklearn_default_tree", "max_weight_difference_f32_vs_f64",
  ]

  @Test func everyKindHasAFile() throws {
    let kinds = try Self.files.flatMap { stem in
      try cases(stem).compactMap { FixtureRun.kind(of: stem, fixture: $0)?.name }
    }
    #expect(Set(kinds) == Set(fixtureKinds.map(\.name)))
  }

  @Test(arguments: files)
  func everyCaseIsMet(stem: String) throws {
    let fixtures = try cases(stem)
    #expect(!fixtures.isEmpty)
    for fixture in fixtures {
      let kind = try #require(FixtureRun.kind(of: stem, fixture: fixture), "no kind for \(stem)")
      let deviations = try kind.check(fixture, fixturesFolder, stem)
      #expect(deviations.failures == [])
      #expect(deviations.compared > 0)
    }
  }

  /// Any change of an expected number must be noticed: the numbers of one name are shifted, those
  /// of all others stay.
  @Test(arguments: files)
  func everyExpectedNumberIsChecked(stem: String) throws {
    var shifted = 0
    for fixture in try cases(stem) {
      let kind = try #require(FixtureRun.kind(of: stem, fixture: fixture))
      for path in Set(expectedNumbers(fixture)).sorted()
      where Self.informative.isDisjoint(with: path.split(separator: "/").map(String.init)) {
        shifted += 1
        let amount = Self.exactKinds.contains(kind.name) ? 1e-9 : 1e-3
        let changed = shift(alone(path, in: fixture, of: kind), path, by: amount)
        do {
          let deviations = try kind.check(changed, fixturesFolder, stem)
          #expect(!deviations.failures.isEmpty, "\(stem): nobody looks at \(path)")
        } catch FixtureError.wrongType {
          // A count that is no longer a count was looked at.
        }
      }
    }
    #expect(shifted > 0)
  }

  @Test func aFileOfNoKindIsCountedAndNotPassed() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(#"[{"expected": 1}, {"expected": 2}]"#.utf8)
      .write(to: folder.appendingPathComponent("nothing_known.json"))
    try Data("{".utf8).write(to: folder.appendingPathComponent("metrics_broken.json"))
    let run = try FixtureRun.run(folder: folder) { _ in }
    #expect(run.unknown == 2 && run.failed == 1 && run.passed == 0)
  }

  // MARK: - Reading and changing

  private func cases(_ stem: String) throws -> [JSONValue] {
    let document = try JSONValue(contentsOf: fixturesFolder.appendingPathComponent(stem + ".json"))
    if case .array(let list) = document { return list }
    return [document]
  }

  /// Paths of the numbers below a member "expected", without the indices of lists.
  private func expectedNumbers(_ value: JSONValue, _ path: String = "", _ inside: Bool = false)
    -> [String]
  {
    switch value {
    case .object(let members):
      members.flatMap { key, member in
        expectedNumbers(member, "\(path)/\(key)", inside || key == "expected")
      }
    case .array(let list): list.flatMap { expectedNumbers($0, path, inside) }
    case .number: inside ? [path] : []
    default: []
    }
  }

  /// Kinds whose check goes through whatever members "expected" has.
  private static let loopedKinds: Set<String> = [
    "metrics", "fairness_scores", "attack", "gradcampp",
  ]

  /// The fixture with only the member of "expected" that `path` lies in, which is checked sooner;
  /// all of it where the kind needs every member.
  private func alone(_ path: String, in fixture: JSONValue, of kind: FixtureKind) -> JSONValue {
    guard Self.loopedKinds.contains(kind.name), case .object(var members) = fixture,
      case .object(let expected)? = members["expected"]
    else { return fixture }
    members["expected"] = .object(expected.filter { "\(path)/".hasPrefix("/expected/\($0.key)/") })
    return .object(members)
  }

  /// Kinds whose rates are compared to 1e-12; the other kinds compare trainings and float32.
  private static let exactKinds: Set<String> = [
    "metrics", "intervals", "bootstrap", "fairness", "fairness_scores",
  ]

  /// The fixture with every number at `target` made larger, by more than the kind's tolerance.
  private func shift(
    _ value: JSONValue, _ target: String, by amount: Double, _ path: String = ""
  ) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { ($0, shift($1, target, by: amount, "\(path)/\($0)")) }
        ))
    case .array(let list): .array(list.map { shift($0, target, by: amount, path) })
    case .number(let number) where path == target:
      .number(number + amount * max(1, abs(number)))
    default: value
    }
  }
}
