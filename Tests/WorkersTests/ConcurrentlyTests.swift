import Synchronization
import Testing
import Workers

@Suite struct ConcurrentlyTests {
  private struct Failure: Error, Equatable { let unit: Int }

  @Test(arguments: [1, 2, 5, 64])
  func everyUnitIsRunOnceByAWorkerThatExists(_ workers: Int) {
    let units = 50
    let runs = Mutex([Int](repeating: 0, count: units))
    let seen = Mutex(Set<Int>())
    concurrently(units: units, workers: workers) { worker, unit in
      runs.withLock { $0[unit] += 1 }
      _ = seen.withLock { $0.insert(worker) }
    }
    #expect(runs.withLock { $0 } == [Int](repeating: 1, count: units))
    #expect(seen.withLock { $0.allSatisfy { (0..<min(workers, units)).contains($0) } })
  }

  /// Units 7 and 30 fail, 7 later than 30.
  @Test(arguments: [1, 2, 5, 64])
  func theFirstFailureInOrderIsThrown(_ workers: Int) {
    let lateHasFailed = Atomic<Bool>(false)
    #expect(throws: Failure(unit: 7)) {
      try concurrently(units: 40, workers: workers) { _, unit throws(Failure) in
        if unit == 30 {
          lateHasFailed.store(true, ordering: .releasing)
          throw Failure(unit: 30)
        }
        if unit == 7 {
          // Gives the other failure time to be the first in time.
          for _ in 0..<1_000_000 where !lateHasFailed.load(ordering: .acquiring) {}
          throw Failure(unit: 7)
        }
      }
    }
  }

  @Test(arguments: [1, 4])
  func noUnitIsBegunAfterAStop(_ workers: Int) {
    let begun = Atomic<Int>(0)
    func isStopped() -> Bool { begun.load(ordering: .sequentiallyConsistent) >= 10 }
    concurrently(units: 1000, workers: workers, isStopped: isStopped) { _, _ in
      begun.add(1, ordering: .sequentiallyConsistent)
    }
    #expect((10..<(10 + workers)).contains(begun.load(ordering: .sequentiallyConsistent)))
  }
}
