import Dispatch
import Synchronization

/// Runs `body(worker, unit)` for every unit 0 ..< `units`, on up to `workers` threads.
///
/// Workers take the next unit when they are free. A worker's units are run one after the other, so
/// `body` may write to memory that belongs to its worker or its unit. Which worker gets which unit
/// is not determined; results that are sums of integers, or stored by unit, do not depend on it.
///
/// - Parameters:
///   - isStopped: asked before every unit; once it is true no further unit is begun and the call
///     returns as soon as those begun are done. The caller says what that means.
///   - body: worker is 0 ..< min(`workers`, `units`).
/// - Throws: the error of the first unit, in order of units, that failed, whatever the number of
///   workers: units are begun in order, and none is begun after a failure.
package func concurrently<Failure: Error>(
  units: Int, workers: Int, isStopped: () -> Bool = { false },
  _ body: (_ worker: Int, _ unit: Int) throws(Failure) -> Void
) throws(Failure) {
  let threads = max(1, min(workers, units))
  if threads == 1 {
    for unit in 0..<units {
      if isStopped() { return }
      try body(0, unit)
    }
    return
  }
  let next = Atomic<Int>(0)
  let failure = Mutex<(unit: Int, error: Failure)?>(nil)
  let hasFailed = Atomic<Bool>(false)
  withoutActuallyEscaping(body) { body in
    withoutActuallyEscaping(isStopped) { isStopped in
      // concurrentPerform returns only when all workers are done.
      nonisolated(unsafe) let body = body
      nonisolated(unsafe) let isStopped = isStopped
      DispatchQueue.concurrentPerform(iterations: threads) { worker in
        while !hasFailed.load(ordering: .relaxed) && !isStopped() {
          let unit = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if unit >= units { return }
          do throws(Failure) {
            try body(worker, unit)
          } catch {
            failure.withLock { first in
              if first.map({ unit < $0.unit }) ?? true { first = (unit, error) }
            }
            hasFailed.store(true, ordering: .relaxed)
          }
        }
      }
    }
  }
  if let first = failure.withLock({ $0 }) { throw first.error }
}
