import Kernels
import Testing

@Suite struct CounterRNGTests {
  /// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
  @Test func philoxMeetsKnownAnswers() {
    #expect(
      philox4x32(counter: .zero, key: .zero)
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      philox4x32(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      philox4x32(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func drawsDependOnlyOnTheKeyAndTheIndex() {
    func draws(_ rng: CounterRNG) -> [UInt64] {
      var rng = rng
      return (0..<8).map { _ in rng.next() }
    }
    let key = CounterRNG(seed: 7, purpose: .partition, subject: 3)
    #expect(draws(key) == draws(CounterRNG(seed: 7, purpose: .partition, subject: 3)))
    // Each part of the key has draws of its own.
    let others = [
      key, CounterRNG(seed: 8, purpose: .partition, subject: 3),
      CounterRNG(seed: 7, purpose: .bootstrap, subject: 3),
      CounterRNG(seed: 7, purpose: .partition, subject: 4),
      CounterRNG(seed: 7, purpose: .partition, subject: 3, step: 1),
    ]
    #expect(Set(others.map(draws)).count == others.count)
    // What was drawn before does not change the words of an index.
    var used = key
    _ = used.next()
    #expect(used.words(at: 5) == key.words(at: 5))
    #expect(key.words(at: 5) != key.words(at: 6))
  }
}
