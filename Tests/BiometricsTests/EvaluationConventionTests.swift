import Biometrics
import Foundation
import Testing

@Suite struct EvaluationConventionTests {
  @Test(arguments: EvaluationConvention.Threshold.allCases)
  func thresholdsSurviveCoding(threshold: EvaluationConvention.Threshold) throws {
    var convention = EvaluationConvention.default
    convention.threshold = threshold
    let data = try JSONEncoder().encode(convention)
    #expect(try JSONDecoder().decode(EvaluationConvention.self, from: data) == convention)
  }

  /// Thresholds that were brought in are data, not the convention.
  @Test func givenThresholdsAreNotCoded() throws {
    var convention = EvaluationConvention.default
    let plain = try JSONEncoder().encode(convention)
    convention.givenThresholds = [.init(target: 1e-3, threshold: 0.31)]
    #expect(try JSONDecoder().decode(EvaluationConvention.self, from: plain) == .default)
    let back = try JSONDecoder().decode(
      EvaluationConvention.self, from: JSONEncoder().encode(convention))
    #expect(back == .default)
  }

  @Test func anUnknownThresholdIsAnError() {
    let text = Data(#"["local"]"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([EvaluationConvention.Threshold].self, from: text)
    }
  }

  @Test func rulesAreSpelledAsInSpecs() {
    #expect(
      OperatingPointRule.allCases.map(\.rawValue) == [
        "conservative", "nearest", "nearest_drop", "interpolated", "quantile",
      ])
  }
}
