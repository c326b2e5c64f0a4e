import Dispatch
import Synchronization

/// Runs `body(worker, unit)` for every unit 0 ..< `units`, on up to `workers` threads.
///
/// A worker's units are run one after the other, so `body` may write to memory that belongs to its
/// worker or its unit. Which worker gets which unit is not determined; results that are sums of
/// integers, or stored by unit, do not depend on it.
package func concurrently(units: Int, workers: Int, _ body: (_ worker: Int, _ unit: Int) -> Void) {
  let threads = max(1, min(workers, units))
  if threads == 1 {
    for unit in 0..<units { body(0, unit) }
    return
  }
  let next = Atomic<Int>(0)
  withoutActuallyEscaping(body) { body in
    // concurrentPerform returns only when all workers are done.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      while true {
        let unit = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if unit >= units { return }
        body(worker, unit)
      }
    }
  }
}
