import Foundation

/// Median and range of repeated figures.
package struct Spread: Sendable, Equatable {
  package var median: Double
  package var minimum: Double
  package var maximum: Double
  package var count: Int

  /// - Parameter values: any order, finite; nil when there are none. The median of an even number
  ///   of values is the mean of the two in the middle.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let n = sorted.count
    median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
    minimum = sorted[0]
    maximum = sorted[n - 1]
    count = n
  }
}

/// A straight line through the logarithms of sizes and costs: cost = factor * size^slope.
package struct PowerLaw: Sendable, Equatable {
  package var slope: Double
  package var factor: Double
  /// Largest |measured / fitted - 1| over the points.
  package var largestDeviation: Double
  package var smallestSize: Double
  package var largestSize: Double

  /// Ordinary least squares of log10(cost) on log10(size).
  ///
  /// - Parameter points: sizes and costs, all positive.
  /// - Returns: nil with fewer than two different sizes.
  package init?(_ points: [(size: Double, cost: Double)]) {
    guard points.allSatisfy({ $0.size > 0 && $0.cost > 0 }) else { return nil }
    let x = points.map { log10($0.size) }
    let y = points.map { log10($0.cost) }
    let n = Double(points.count)
    guard let low = points.map(\.size).min(), let high = points.map(\.size).max(), low < high
    else { return nil }
    let meanX = x.reduce(0, +) / n
    let meanY = y.reduce(0, +) / n
    var sxx = 0.0
    var sxy = 0.0
    for (a, b) in zip(x, y) {
      sxx += (a - meanX) * (a - meanX)
      sxy += (a - meanX) * (b - meanY)
    }
    let slope = sxy / sxx
    let factor = pow(10, meanY - slope * meanX)
    self.slope = slope
    self.factor = factor
    smallestSize = low
    largestSize = high
    largestDeviation = points.map { abs($0.cost / (factor * pow($0.size, slope)) - 1) }.max() ?? 0
  }

  /// Cost the line gives at `size`.
  package func cost(at size: Double) -> Double { factor * pow(size, slope) }
}

/// The rows of a benchmark, asked by workload and contestant.
package struct MeasurementSet: Sendable {
  package let rows: [BenchmarkRow]

  package init(_ rows: [BenchmarkRow]) { self.rows = rows }

  /// Rows of one contestant of a workload in file order.
  package func rows(_ workload: Workload, _ contestant: String) -> [BenchmarkRow] {
    rows.filter { $0.workload == workload.name && $0.contestant == contestant }
  }

  /// Seconds per item by round.
  package func figures(_ workload: Workload, _ contestant: String) -> [Int: Double] {
    var figures: [Int: Double] = [:]
    for row in rows(workload, contestant) {
      if let run = row.run { figures[row.round] = run.secondsPerItem(workload.clock) }
    }
    return figures
  }

  /// Seconds per item over the rounds; nil when no run succeeded.
  package func spread(_ workload: Workload, _ contestant: String) -> Spread? {
    Spread(Array(figures(workload, contestant).values))
  }

  /// How many times faster ours was than `peer`, round by round (neighbours in time).
  ///
  /// - Returns: nil when no round has both.
  package func ratios(_ workload: Workload, peer: String) -> Spread? {
    let ours = figures(workload, "ours")
    let theirs = figures(workload, peer)
    return Spread(theirs.compactMap { round, value in ours[round].map { value / $0 } })
  }

  /// Processors a contestant had, CPU seconds by wall seconds, over the rounds; well below its
  /// threads when the machine was busy with other work.
  package func processors(_ workload: Workload, _ contestant: String) -> Spread? {
    Spread(
      rows(workload, contestant).compactMap(\.run).filter { $0.wallSeconds > 0 }
        .map { $0.cpuSeconds / $0.wallSeconds })
  }

  /// First error of a contestant.
  package func failure(_ workload: Workload, _ contestant: String) -> String? {
    rows(workload, contestant).first { !$0.err.isEmpty }?.err
  }
}
