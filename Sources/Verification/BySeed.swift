import Workers

/// What `measure` gives for each of the seeds 0 ..< `count`, in their order; the result does not depend
/// on the number of workers.
///
/// - Throws: the error of the first seed that failed.
func bySeed<Value: Sendable, Failure: Error>(
  _ count: Int, workers: Int, _ measure: (_ seed: Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  var values = [Value?](repeating: nil, count: count)
  try values.withUnsafeMutableBufferPointer { slots throws(Failure) in
    nonisolated(unsafe) let slots = slots
    try concurrently(units: count, workers: workers) { _, seed throws(Failure) in
      slots[seed] = try measure(seed)
    }
  }
  return values.map { $0! }
}
