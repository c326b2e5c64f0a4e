import Foundation
import TestSupport
import Testing
import Verification

@Suite struct BiometricsFixturesTests {
  static let files = ["metrics", "intervals", "bootstrap", "fairness", "fairness_scores"]

  @Test(arguments: files)
  func fixtureIsMet(name: String) throws {
    let lines = try run([name]) { $0 }
    #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("passed") }, "\(lines)")
  }

  /// Any change of an expected number must be noticed: every number of the fixture is checked.
  @Test(arguments: files)
  func everyExpectedNumberIsChecked(name: String) throws {
    let lines = try run([name]) { try shiftExpectedNumbers($0) }
    #expect(!lines.isEmpty && lines.contains { $0.hasPrefix("FAILED") }, "\(lines)")
    #expect(!lines.contains { $0.hasPrefix("passed") }, "\(lines)")
  }

  /// Runs copies of fixtures, changed by `change`, and returns the case lines.
  private func run(_ names: [String], change: (Data) throws -> Data) throws -> [String] {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in names {
      let data = try Data(contentsOf: fixturesFolder.appendingPathComponent("\(name).json"))
      try change(data).write(to: folder.appendingPathComponent("\(name).json"))
    }
    var lines: [String] = []
    _ = try FixtureRun.run(folder: folder) { line in
      if line.hasPrefix("passed") || line.hasPrefix("FAILED") || line.hasPrefix("unknown") {
        lines.append(line)
      }
    }
    return lines
  }

  /// Adds 1e-9 to every number below "expected".
  private func shiftExpectedNumbers(_ data: Data) throws -> Data {
    func shift(_ value: Any, _ inside: Bool) -> Any {
      switch value {
      case let object as [String: Any]:
        return object.reduce(into: [String: Any]()) { result, member in
          result[member.key] = shift(member.value, inside || member.key == "expected")
        }
      case let list as [Any]: return list.map { shift($0, inside) }
      case let number as NSNumber where inside && CFGetTypeIDIsNumber(number):
        return number.doubleValue + 1e-9
      default: return value
      }
    }
    return try JSONSerialization.data(
      withJSONObject: shift(try JSONSerialization.jsonObject(with: data), false))
  }

  private func CFGetTypeIDIsNumber(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) != "c"
  }
}
