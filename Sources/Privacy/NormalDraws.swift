import Glibc
import Kernels

extension CounterRNG {
  /// A standard normal draw (Box–Muller; two uniforms each).
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }
}
