// Scores counted in bins, for pictures of their distributions (definitions 1.4).

import Workers

/// Counts of mated and non-mated scores in equal bins, for everybody and by group. Self trials are in none;
/// non-mated comparisons of a group have reference and probe in it.
package struct ScoreHistogram: Sendable, Codable, Equatable {
  /// Counts of one group, [bins] each.
  package struct Counts: Sendable, Codable, Equatable {
    /// "all", "male", ….
    package var group: String
    package var mated: [Int]
    package var nonMated: [Int]

    package init(group: String, mated: [Int], nonMated: [Int]) {
      (self.group, self.mated, self.nonMated) = (group, mated, nonMated)
    }
  }

  /// Ends of the first and the last bin: the lowest and the highest finite score.
  package var low: Double
  package var high: Double
  package var counts: [Counts]

  package init(low: Double, high: Double, counts: [Counts]) {
    (self.low, self.high, self.counts) = (low, high, counts)
  }

  /// Bins of a histogram.
  package static let bins = 120
}

extension ScoreHistogram {
  /// Counts all comparisons; scores that are infinite are in the outermost bins. Nil where there is no
  /// finite score. Sums of integers, so the same for any number of workers.
  init?(_ layout: TrialLayout, workers: Int) {
    let threads = max(1, min(workers, layout.units))
    var lows = [Float](repeating: .infinity, count: threads)
    var highs = [Float](repeating: -.infinity, count: threads)
    lows.withUnsafeMutableBufferPointer { lows in
      highs.withUnsafeMutableBufferPointer { highs in
        nonisolated(unsafe) let (lows, highs) = (lows, highs)
        concurrently(units: layout.units, workers: threads) { worker, unit in
          for r in layout.rows(ofUnit: unit) {
            let row = layout.rows[r]
            for column in 0..<layout.strata[row.stratum].probes {
              let score = row.scores[column]
              if Int(row.ownColumn) == column || !score.isFinite { continue }
              if score < lows[worker] { lows[worker] = score }
              if score > highs[worker] { highs[worker] = score }
            }
          }
        }
      }
    }
    let (low, high) = (lows.min()!, highs.max()!)
    guard low <= high else { return nil }
    let scale = high > low ? Double(Self.bins) / (Double(high) - Double(low)) : 0
    // Cells by group (unlabelled and mixed ones last), kind and bin.
    let bins = Self.bins
    let size = (layout.groups + 1) * 2 * bins
    var cells = [[Int]](repeating: [Int](repeating: 0, count: size), count: threads)
    cells.withUnsafeMutableBufferPointer { cells in
      nonisolated(unsafe) let cells = cells
      concurrently(units: layout.units, workers: threads) { worker, unit in
        for r in layout.rows(ofUnit: unit) {
          let row = layout.rows[r]
          let stratum = layout.strata[row.stratum]
          cells[worker].withUnsafeMutableBufferPointer { own in
            for column in 0..<stratum.probes where Int(row.ownColumn) != column {
              let place = (Double(row.scores[column]) - Double(low)) * scale
              let bin = Int(min(max(place, 0), Double(bins - 1)))
              let isMated = stratum.probeSubject[column] == row.subject
              let group = Int(stratum.probeCode[column]) == row.code ? row.code : layout.groups
              own[(2 * group + (isMated ? 0 : 1)) * bins + bin] += 1
            }
          }
        }
      }
    }
    func sum(_ groups: Range<Int>, _ kind: Int) -> [Int] {
      (0..<bins).map { bin in
        groups.reduce(0) { total, group in
          cells.reduce(total) { $0 + $1[(2 * group + kind) * bins + bin] }
        }
      }
    }
    var counts = [
      Counts(
        group: "all", mated: sum(0..<(layout.groups + 1), 0),
        nonMated: sum(0..<(layout.groups + 1), 1))
    ]
    for (group, name) in layout.trials.groups.enumerated() {
      counts.append(
        Counts(
          group: name, mated: sum(group..<(group + 1), 0),
          nonMated: sum(group..<(group + 1), 1)))
    }
    self.init(low: Double(low), high: Double(high), counts: counts)
  }
}
