import Configurations
import Records
import Results

/// Series of one kind over the number of people: what a line of the scale figure shows.
struct ScaleLine {
  let task: ScalePoint.Task
  let precision: WeightPrecision
  let state: ScalePoint.State
  let pattern: ScalePoint.Pattern?
  /// In ascending order of people.
  let points: [ScalePoint]

  /// Where extrapolation ends.
  static let million = 1_000_000

  /// E.g. "cold uniform".
  var name: String { [state.rawValue, pattern?.rawValue].compactMap { $0 }.joined(separator: " ") }

  /// Line through the medians; for verification, which reads one template, a constant. Nil after a start, where
  /// the share of requests that find their pages dropped grows with the number of people until it is 1,
  /// which is no line.
  var latency: ScaleFit? {
    state == .start ? nil : fit(isConstant: task == .verification) { $0.latency.p50 }
  }
  /// Line through the largest memories, where these hold everybody; requests to a file need as much for
  /// any number of people, identifiers aside.
  var memory: ScaleFit? { state == .memory ? fit { Double($0.peakBytes) } : nil }

  private func fit(isConstant: Bool = false, _ value: (ScalePoint) -> Double) -> ScaleFit? {
    ScaleFit(points.map { ScaleFit.Point($0.people, value($0)) }, isConstant: isConstant)
  }

  /// All lines of a measurement, in the order in which they were measured first.
  static func all(of scale: ScaleCost) -> [ScaleLine] {
    var lines: [ScaleLine] = []
    for first in scale.points {
      func isAlike(_ point: ScalePoint) -> Bool {
        point.task == first.task && point.precision == first.precision
          && point.state == first.state && point.pattern == first.pattern
      }
      if lines.contains(where: { isAlike($0.points[0]) }) { continue }
      lines.append(
        ScaleLine(
          task: first.task, precision: first.precision, state: first.state, pattern: first.pattern,
          points: scale.points.filter(isAlike).sorted { $0.people < $1.people }))
    }
    return lines
  }
}
