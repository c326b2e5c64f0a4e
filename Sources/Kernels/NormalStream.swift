import Glibc

/// Standard normal numbers by the Box–Muller transform.
package struct NormalStream {
  private var rng: CounterRNG
  private var spare: Double?

  package init(_ rng: CounterRNG) { self.rng = rng }

  /// The next number; two come of every two uniform ones.
  package mutating func next() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    // 1 - u lies in (0, 1], so the logarithm is finite.
    let radius = (-2 * log(1 - rng.uniform())).squareRoot()
    let angle = 2 * Double.pi * rng.uniform()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}
