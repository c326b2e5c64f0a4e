import Explain
import Kernels

/// Inputs described by a sentence, e.g. "SplitMix64 base 6000, C=24 H=W=7 D=32, net 32-16-8-4-1
/// base 6100, last weight matrix times 20".
///
/// Feature maps and parameters of the last layers come from seeds base … base + 10 in the order of
/// the oracles' description; layer k of the network from base + 2k (weights) and base + 2k + 1
/// (biases), uniform in ±1/sqrt(fan-in).
struct GradCAMRecipe {
  let base: UInt64
  let channels: Int
  let height: Int
  let width: Int
  let dimension: Int
  let widths: [Int]
  let networkBase: UInt64
  let lastWeightFactor: Double

  /// - Throws: `FixtureError.wrongType` when a part is missing from the sentence.
  init(_ text: String) throws {
    func missing(_ part: String) -> FixtureError {
      .wrongType(expected: "recipe with \(part)", found: "'\(text)'")
    }
    let words = text.split { $0 == " " || $0 == "," || $0 == ":" || $0 == ";" }.map(String.init)
    let bases = words.indices.filter { words[$0] == "base" && $0 + 1 < words.count }
      .compactMap { UInt64(words[$0 + 1]) }
    guard bases.count == 2 else { throw missing("'base <seed>' twice") }
    var sizes: [String: Int] = [:]
    for word in words where word.contains("=") {
      // "H=W=7" gives both letters the same size.
      let parts = word.split(separator: "=").map(String.init)
      guard let size = parts.last.flatMap({ Int($0) }) else { continue }
      for letter in parts.dropLast() { sizes[letter] = size }
    }
    guard let c = sizes["C"], let h = sizes["H"], let w = sizes["W"], let d = sizes["D"] else {
      throw missing("C, H, W and D")
    }
    guard let net = words.firstIndex(of: "net"), net + 1 < words.count else {
      throw missing("'net <widths>'")
    }
    widths = words[net + 1].split(separator: "-").compactMap { Int($0) }
    guard widths.count >= 2, widths.first == d, widths.last == 1 else {
      throw missing("a network from \(d) to 1")
    }
    (base, networkBase) = (bases[0], bases[1])
    (channels, height, width, dimension) = (c, h, w, d)
    if let times = words.firstIndex(of: "times"), times + 1 < words.count {
      guard let factor = Double(words[times + 1]) else { throw missing("a number after 'times'") }
      lastWeightFactor = factor
    } else {
      lastWeightFactor = 1
    }
  }

  /// The tensors of the recipe.
  func inputs() throws -> (maps: FeatureMaps, tail: BackboneTail, network: Float64Network) {
    func draw(_ k: UInt64, _ count: Int, _ low: Double, _ high: Double) -> [Double] {
      splitMixUniform(seed: base + k, count: count, low: low, high: high)
    }
    let size = channels * height * width
    return (
      maps: try FeatureMaps(
        channels: channels, height: height, width: width,
        values: draw(0, size, -1, 1.5).map { max(0, $0) }),
      tail: .iresnet(
        try IresnetTail(
          channelNorm: try FrozenBatchNorm(
            gamma: draw(1, channels, 0.5, 1.5), beta: draw(2, channels, -0.2, 0.2),
            mean: draw(3, channels, 0, 0.5), variance: draw(4, channels, 0.2, 1.2), epsilon: 1e-5),
          weights: draw(5, dimension * size, -0.1, 0.1), biases: draw(6, dimension, -0.1, 0.1),
          featureNorm: try FrozenBatchNorm(
            gamma: draw(7, dimension, 0.8, 1.2), beta: draw(8, dimension, -0.1, 0.1),
            mean: draw(9, dimension, -0.1, 0.1), variance: draw(10, dimension, 0.2, 1.2),
            epsilon: 1e-5))),
      network: network()
    )
  }

  private func network() -> Float64Network {
    var parameters: [Double] = []
    for layer in 0..<(widths.count - 1) {
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let bound = 1 / Double(fanIn).squareRoot()
      let seed = networkBase + 2 * UInt64(layer)
      let factor = layer == widths.count - 2 ? lastWeightFactor : 1
      parameters += splitMixUniform(seed: seed, count: fanIn * fanOut, low: -bound, high: bound)
        .map { $0 * factor }
      parameters += splitMixUniform(seed: seed + 1, count: fanOut, low: -bound, high: bound)
    }
    return Float64Network(widths: widths, parameters: parameters)
  }
}

/// The SplitMix64 sequence that fixtures describe data by: element i from state
/// seed + (i + 1) 0x9E3779B97F4A7C15, its upper 53 bits scaled to [low, high).
func splitMixUniform(seed: UInt64, count: Int, low: Double, high: Double) -> [Double] {
  (0..<UInt64(count)).map { i in
    var z = seed &+ (i + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z &>> 31
    return low + (high - low) * (Double(z &>> 11) * 0x1p-53)
  }
}
