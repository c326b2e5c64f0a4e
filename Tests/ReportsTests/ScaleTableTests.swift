import Configurations
import Foundation
import Records
import Reports
import TestSupport
import Testing

/// Scale in round numbers that no machine has.
private func fakeScale() throws -> CostRecord {
  var cost = try fakeCost(preset: "paper", extraction: "")
  func latency(_ p50: Double) -> LatencyQuantiles {
    LatencyQuantiles([p50, p50, 2 * p50])
  }
  var scale = ScaleCost(
    trained: 4, jitter: 0.01, workers: 2, zipfExponent: 1, fileLimit: 16_000_000_000)
  for (precision, share) in [(WeightPrecision.float32, 1.0), (.int8, 0.25)] {
    scale.files.append(
      ScaleFile(
        precision: precision, people: 10_000, bytes: Int(3e9 * share), writeSeconds: 20 * share,
        openSeconds: 2 * share, residentShare: precision == .int8 ? nil : 0.001,
        leftOut: precision == .int8 ? [] : [100_000],
        ways: [("library", 5e-4), ("stride", 5e-5), ("map", 1e-4)].map { name, seconds in
          ScaleWay(
            name: name, cold: latency(4 * seconds), warm: latency(seconds), isUsed: name == "stride"
          )
        }))
    for people in [100, 1000, 10_000] {
      for (pattern, state, seconds) in [
        (ScalePoint.Pattern.uniform, ScalePoint.State.cold, 2e-4), (.zipf, .cold, 2e-4),
        (.uniform, .warm, 5e-5),
      ] {
        scale.points.append(
          ScalePoint(
            task: .verification, precision: precision, state: state, pattern: pattern,
            people: people, latency: latency(seconds), peakBytes: 100 << 20))
      }
      for (state, seconds) in [(ScalePoint.State.cold, 4e-4), (.warm, 2e-4), (.memory, 2e-5)] {
        scale.points.append(
          ScalePoint(
            task: .identification, precision: precision, state: state, pattern: nil,
            people: people, latency: latency(1e-4 + seconds * share * Double(people)),
            peakBytes: 100 << 20 + (state == .memory ? Int(3e5 * share) * people : 0)))
      }
    }
  }
  cost.scale = scale
  return cost
}

@Suite struct ScaleTableTests {
  @Test func everyFormatOfTheTable() throws {
    try expectFormats(scaleTable([try fakeScale()]))
  }

  @Test func whatIsExtrapolatedAndJitteredIsSaid() throws {
    let document = scaleTable([try fakeScale()])
    let text = MarkdownWriter.text(document)
    #expect(text.contains("networks of 4 trained ones, every weight changed at random by 1.0 %"))
    #expect(text.contains("Left out in float32: 100000 people"))
    let beyond = document.tidy.filter { $0.target == 1e6 }
    #expect(!beyond.isEmpty && beyond.allSatisfy { $0.note.hasPrefix("extrapolated: ") })
    let memory = try #require(
      beyond.first { $0.quantity == "identification-seconds" && $0.rule == "float32 memory p50" })
    #expect(abs(memory.value! - (1e-4 + 20)) < 1e-9)
  }

  @Test func theFigureIsPrinted() throws {
    let figure = scaleFigure([try fakeScale()])
    #expect(figure.panels[0].count == 2 && figure.caption.contains("extrapolated"))
    try expectPrints([figure])
  }

  @Test func recordsWithoutScaleAreReadAndShowNothing() throws {
    let old = try fakeCost(preset: "paper", extraction: "")
    #expect(old.scale == nil)
    let rows = scaleTable([old]).tables.flatMap(\.rows)
    #expect(rows.isEmpty)
    let new = try fakeScale()
    let again = try JSONDecoder().decode(CostRecord.self, from: try JSONEncoder().encode(new))
    #expect(again.scale?.points.count == new.scale?.points.count)
  }
}
