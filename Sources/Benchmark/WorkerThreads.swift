import Dispatch
import Synchronization

/// Runs units 0 ..< count on `workers` threads, which take the next unit when they are free, and
/// stores what each returns in its place.
///
/// - Throws: the error of the first unit (in order of units) that failed.
func spread(
  _ count: Int, over workers: Int, into results: inout [Double],
  _ body: @Sendable (_ worker: Int, _ unit: Int) throws -> Double
) throws {
  precondition(results.count == count && workers >= 1, "\(results.count) places, \(count) units")
  var errors = [(any Error)?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    errors.withUnsafeMutableBufferPointer { errors in
      nonisolated(unsafe) let results = results
      nonisolated(unsafe) let errors = errors
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let unit = next.add(1, ordering: .relaxed).oldValue
          guard unit < count else { return }
          do {
            results[unit] = try body(worker, unit)
          } catch {
            errors[unit] = error
          }
        }
      }
    }
  }
  if let error = errors.compactMap(\.self).first { throw error }
}
