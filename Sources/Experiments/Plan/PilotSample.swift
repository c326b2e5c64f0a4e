import Biometrics
import Datasets
import Foundation

/// A few references of a fold, spread over all, as a cell's system makes them.
struct PilotSample {
  /// Rows of the fold's score matrix.
  private(set) var rows: [Int] = []
  /// Their scores and what else was observed, top to bottom.
  private(set) var blocks: [ScoreMatrix] = []
  /// CPU seconds, divided among the workers: neither other programs nor the worker that waits for
  /// the last of a round enter.
  private(set) var secondsPerReference = 0.0

  /// Observes references in rounds at up to eight places, until the time is used up and it is enough.
  init(
    of comparison: ComparisonProtocol, workers: Int, seconds: Double,
    isEnough: () -> Bool = { true }, observe: (UnitOfWork) throws -> ScoreMatrix
  ) throws {
    let count = comparison.referenceCount
    let least = max(4, 2 * workers)
    let places = max(1, min(8, count / least))
    let watch = StopWatch()
    for place in 0..<places where place == 0 || watch.wallSeconds < seconds || !isEnough() {
      let first = place * count / places
      let elapsed = watch.wallSeconds
      let affordable =
        place == 0 ? 0 : (seconds - elapsed) / max(elapsed / Double(rows.count), 1e-9)
      let round = max(least, min(UnitOfWork.references, Int(affordable)))
      let range = first..<min(first + round, (place + 1) * count / places)
      blocks.append(try observe(UnitOfWork(fold: comparison.fold, index: place, rows: range)))
      rows += range
    }
    let cores = max(1, min(workers, ProcessInfo.processInfo.activeProcessorCount))
    secondsPerReference = watch.cpuSeconds / Double(cores * max(1, rows.count))
  }
}

extension StopWatch {
  /// Wall seconds since the start, as far as this program was at work.
  var busySeconds: Double { min(wallSeconds, cpuSeconds) }
}

/// Seconds of `n` steps, on the straight line through two measurements that does not fall.
package func extrapolated(
  to n: Int, from small: (steps: Int, seconds: Double), _ large: (steps: Int, seconds: Double)
) -> Double {
  guard large.steps > small.steps else { return large.seconds }
  let slope = max(0, (large.seconds - small.seconds) / Double(large.steps - small.steps))
  return large.seconds + slope * Double(n - large.steps)
}
