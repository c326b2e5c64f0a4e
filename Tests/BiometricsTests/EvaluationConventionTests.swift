import Biometrics
import Foundation
import Testing

@Suite struct EvaluationConventionTests {
  @Test(arguments: [
    EvaluationConvention.Threshold.global, .perGroup,
    .given([.init(target: 1e-3, threshold: 0.31), .init(target: 1e-3, threshold: 0.3, group: "f")]),
  ])
  func thresholdsSurviveCoding(threshold: EvaluationConvention.Threshold) throws {
    var convention = EvaluationConvention.default
    convention.threshold = threshold
    let data = try JSONEncoder().encode(convention)
    #expect(try JSONDecoder().decode(EvaluationConvention.self, from: data) == convention)
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
