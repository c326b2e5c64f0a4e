// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011): a counter-based generator. Draw i of a stream is a pure function of (key, i), so
// results do not depend on thread count, order of work or resumption.

/// Purposes that random numbers are drawn for. A purpose is part of the key: two purposes never
/// share draws, and adding one leaves the others unchanged. Raw values are part of the results.
package enum RandomPurpose: UInt32, Sendable, CaseIterable {
  case partition = 1
  case referenceChoice = 2
  case initialWeights = 3
  case syntheticRow = 4
  case syntheticNoise = 5
  case batchOrder = 6
  case dropout = 7
  case validationSyntheticRow = 8
  case validationSyntheticNoise = 9
  case bootstrap = 10
  case permutation = 11
  case protection = 12
  case attackerGallery = 13
  case attackStart = 14
  case syntheticDataset = 15
  case protectionTraining = 16
  case crossValidation = 17
  case cohortSelection = 18
  case attackClassifier = 41
  case decisionForest = 42
  /// Samples that a person's balancing factor is chosen by.
  case selectionSyntheticRow = 61
  case selectionSyntheticNoise = 62
  /// Seeds of the further networks that the guard trains for a person.
  case enrolmentAttempt = 63
  /// Which images of a person are compared with synthetic ones, and these (definitions 14).
  case comparedImages = 71
  case comparedSyntheticRow = 72
  case comparedSyntheticNoise = 73
  /// Which people change the labels of their samples.
  case labelSwap = 74
  /// Whose trainings are observed (definitions 6.9).
  case observedPeople = 75
  /// Which people of a dataset a small run takes.
  case subset = 76
  /// Jittered people and requests of what is measured at scale.
  case measuring = 77
}

/// One stream of random numbers, addressed by a 128-bit counter.
///
/// The key is (seed, purpose); `subject` and `step` occupy the upper half of the counter, the draw
/// index the lower half, so streams of different subjects or steps cannot overlap.
package struct CounterRNG: RandomNumberGenerator, Sendable {
  package let key0: UInt32
  package let key1: UInt32
  /// Upper counter words: subject (or any other unit) and step.
  package let subject: UInt32
  package let step: UInt32
  /// Index of the next 128-bit block.
  package var block: UInt64 = 0
  private var spare: UInt64 = 0
  private var hasSpare = false

  /// - Parameters:
  ///   - seed: the experiment's seed (and repeat).
  ///   - purpose: what the numbers are for.
  ///   - subject: subject, fold or other unit the numbers belong to.
  ///   - step: epoch, replicate or other counter within the unit.
  package init(seed: UInt64, purpose: RandomPurpose, subject: UInt32 = 0, step: UInt32 = 0) {
    // The seed is mixed with the purpose (SplitMix64 finaliser), so that neighbouring seeds give
    // unrelated keys.
    var z = seed &+ UInt64(purpose.rawValue) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z &>> 31
    key0 = UInt32(truncatingIfNeeded: z)
    key1 = UInt32(truncatingIfNeeded: z &>> 32)
    self.subject = subject
    self.step = step
  }

  /// 128 random bits of block `index` of this stream.
  @inlinable
  package func words(at index: UInt64) -> SIMD4<UInt32> {
    philox4x32(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index &>> 32), step, subject),
      key: SIMD2(key0, key1))
  }

  package mutating func next() -> UInt64 {
    if hasSpare {
      hasSpare = false
      return spare
    }
    let w = words(at: block)
    block &+= 1
    spare = UInt64(w.z) | UInt64(w.w) &<< 32
    hasSpare = true
    return UInt64(w.x) | UInt64(w.y) &<< 32
  }

  /// Uniform in [0, 1) with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() &>> 11) * 0x1p-53
  }

  /// Uniform integer in 0..<bound by multiplication (bias below 2^-32 for bounds below 2^32).
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "index(below: \(bound))")
    return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// How often each of 0..<count is drawn in `count` draws with replacement.
  package mutating func multiplicities(_ count: Int) -> [Int] {
    var found = [Int](repeating: 0, count: count)
    for _ in 0..<count { found[index(below: count)] += 1 }
    return found
  }

  /// Fisher–Yates shuffle with this stream's draws.
  package mutating func shuffle<T>(_ values: inout [T]) {
    guard values.count > 1 else { return }
    for i in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(i, index(below: i + 1))
    }
  }
}

/// Philox 4x32 with ten rounds: 128 random bits from a 128-bit counter and a 64-bit key.
@inlinable
package func philox4x32(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var c = counter
  var k = key
  for _ in 0..<10 {
    let p0 = UInt64(c.x) &* 0xD251_1F53
    let p1 = UInt64(c.z) &* 0xCD9E_8D57
    c = SIMD4(
      UInt32(truncatingIfNeeded: p1 &>> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: p1),
      UInt32(truncatingIfNeeded: p0 &>> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: p0))
    k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
  }
  return c
}
