import Foundation
import TestSupport
import Testing
import Verification

/// The training fixtures of this repository, each case by its kind; and that deviations are seen.
@Suite struct TrainingFixturesTests {
  @Test(arguments: [
    "kde", "kde_sample", "onecycle", "adam", "bce", "early_stop", "train_tiny", "train_full",
  ])
  func everyCaseIsMet(stem: String) throws {
    let document = try JSONValue(contentsOf: fixturesFolder.appendingPathComponent(stem + ".json"))
    let cases: [JSONValue] = if case .array(let list) = document { list } else { [document] }
    let kind = try #require(trainingFixtureKinds.first { $0.name == stem })
    for fixture in cases {
      let deviations = try kind.check(fixture, fixturesFolder, stem)
      #expect(deviations.failures == [])
      #expect(deviations.compared > 0)
    }
  }

  @Test func wrongExpectationFails() throws {
    let url = fixturesFolder.appendingPathComponent("train_tiny.json")
    var text = try String(contentsOf: url, encoding: .utf8)
    let loss = try #require(text.range(of: "0.7241901295666928"))
    text.replaceSubrange(loss, with: "0.7241931295666928")
    let data = try JSONDecoder().decode([JSONValue].self, from: Data(text.utf8))
    let kind = try #require(trainingFixtureKinds.first { $0.name == "train_tiny" })
    let deviations = try kind.check(data[0], fixturesFolder, "train_tiny")
    #expect(deviations.failures.contains { $0.contains("step_losses[0]") })
  }
}
