import AttackReports
import Kernels
import Privacy
import Testing

@Suite struct WhiteBoxTests {
  /// Random parameters for some widths.
  private func parameters(_ widths: [Int], seed: UInt64) -> [Float] {
    var stream = NormalStream(seed)
    return stream.list(Float64Network.parameterCount(widths: widths)).map { Float(0.4 * $0) }
  }

  /// The same function with the hidden units of both layers in another order.
  private func permuted(_ p: [Float], _ w: [Int], _ first: [Int], _ second: [Int]) -> [Float] {
    let (d, h1, h2) = (w[0], w[1], w[2])
    let biases1 = d * h1
    let weights2 = biases1 + h1
    let biases2 = weights2 + h1 * h2
    let weights3 = biases2 + h2
    var result: [Float] = []
    for u in first { result += p[(u * d)..<((u + 1) * d)] }
    for u in first { result.append(p[biases1 + u]) }
    for v in second {
      for u in first { result.append(p[weights2 + v * h1 + u]) }
    }
    for v in second { result.append(p[biases2 + v]) }
    for v in second { result.append(p[weights3 + v]) }
    result.append(p[weights3 + h2])
    return result
  }

  private func gallery(_ n: Int, _ d: Int) -> AttackerGallery {
    AttackerGallery(
      dataset: "Test", attribute: "gender", groups: ["male", "female"],
      vectors: normalMatrix(n, d, seed: 21), groupOfSample: (0..<n).map { $0 % 2 })
  }

  @Test func logitsAgreeWithTheWrittenOutNetwork() {
    // Two inputs, two hidden units, one output, computed by hand at (1, 2).
    let network = Float64Network(
      widths: [2, 2, 1], parameters: [1, -1, 0.5, 1, 0.25, -3, 2, 4, -1])
    // Hidden: 1 - 2 + 0.25 < 0 -> 0 and 0.5 + 2 - 3 < 0 -> 0.
    #expect(network.logits([1, 2]) == [-1])
    // At (3, 2): 1.25 and 0.5 -> 2.5 + 2 - 1.
    #expect(network.logits([3, 2]) == [3.5])
    #expect(network.inputGradients([3, 2]).gradients == [4, 2])
    #expect(network.linearisedProduct() == [4, 2])
  }

  @Test(arguments: [[5, 1], [6, 4, 1], [9, 8, 5, 3, 1]])
  func inputGradientsAgreeWithCentralDifferences(widths: [Int]) {
    let network = Float64Network(
      widths: widths, parameters: parameters(widths, seed: 1).map(Double.init))
    var stream = NormalStream(2)
    let rows = 7
    let x = stream.list(rows * widths[0])
    let (logits, gradients) = network.inputGradients(x)
    #expect(logits == network.logits(x))
    for i in x.indices {
      var (up, down) = (x, x)
      up[i] += 1e-6
      down[i] -= 1e-6
      let row = i / widths[0]
      let quotient = (network.logits(up)[row] - network.logits(down)[row]) / 2e-6
      #expect(abs(quotient - gradients[i]) < 1e-7)
    }
    let mean = x.withUnsafeBufferPointer(network.meanInputGradient)
    for j in 0..<widths[0] {
      let expected =
        (0..<rows).reduce(0) { $0 + gradients[$1 * widths[0] + j] } / Double(rows)
      #expect(abs(mean[j] - expected) < 1e-12)
    }
  }

  @Test func meanGradientDoesNotDependOnBlocks() {
    let widths = [4, 3, 1]
    let network = Float64Network(
      widths: widths, parameters: parameters(widths, seed: 3).map(Double.init))
    let x = Matrix64(normalMatrix(600, 4, seed: 1))
    let mean = x.values.withUnsafeBufferPointer(network.meanInputGradient)
    let gradients = network.inputGradients(x.values).gradients
    for j in 0..<4 {
      let expected = (0..<600).reduce(0) { $0 + gradients[$1 * 4 + j] } / 600
      #expect(abs(mean[j] - expected) < 1e-12)
    }
  }

  @Test func featuresAreInvariantToAPermutationOfHiddenUnits() throws {
    let widths = [8, 6, 5, 1]
    let p = parameters(widths, seed: 4)
    let q = permuted(p, widths, [3, 1, 5, 0, 2, 4], [4, 2, 0, 1, 3])
    #expect(p != q)
    let observer = WhiteBoxObserver(gallery: gallery(30, 8), inversion: .init(), seed: 1)
    let a = observer.observe(Float64Network(widths: widths, parameters: p.map(Double.init)))
    let b = observer.observe(Float64Network(widths: widths, parameters: q.map(Double.init)))
    for feature: KeyPath<WhiteBoxObservation, [Double]> in [
      \.meanGradient, \.linearisedProduct, \.recovered, \.recoveredFromBestStart,
    ] {
      #expect(zip(a[keyPath: feature], b[keyPath: feature]).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }

  /// Without hidden layers the logit is linear, and inversion must end at its weights' direction.
  @Test func inversionOfALinearModelFindsItsDirection() {
    let network = Float64Network(widths: [3, 1], parameters: [3, 0, 4, 0.5])
    let inversion = ModelInversion(
      network, starts: Matrix64([[0, 1, 0], [-1, 1, 1]]), step: 0.05, iterations: 600)
    for row in 0..<2 {
      #expect(abs(inversion.vectors[row, 0] - 0.6) < 1e-6)
      #expect(abs(inversion.vectors[row, 2] - 0.8) < 1e-6)
      #expect(abs(inversion.logits[row].last! - 5.5) < 1e-9)
      #expect(inversion.logits[row].count == 601)
    }
  }

  @Test func inversionStopsWhereTheGradientVanishes() {
    // The only hidden unit is inactive everywhere on the sphere.
    let network = Float64Network(widths: [2, 1, 1], parameters: [0.1, 0.1, -5, 1, 0.25])
    let inversion = ModelInversion(
      network, starts: Matrix64([[0, 2]]), step: 0.1, iterations: 3)
    #expect(inversion.vectors.values == [0, 1])
    #expect(inversion.logits[0] == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func recoveryCountsOwnAndOtherCosines() {
    let embeddings = Matrix64([[1, 0], [0, 1], [-1, 0]])
    let perfect = TemplateRecovery(recovered: embeddings, embeddings: embeddings)
    #expect(perfect.meanCosine == 1 && perfect.deviation == 0 && perfect.rankOneRate == 1)
    #expect(perfect.linkabilityAUC == 1 && perfect.acceptedAtFMR1e3 == 1)
    #expect(abs(perfect.meanCosineWithOthers + 1.0 / 3) < 1e-15)
    let useless = TemplateRecovery(
      recovered: Matrix64([[0, 1], [0, 1], [0, 1]]), embeddings: embeddings)
    // Own cosines 0, 1, 0 against others 1, 0, 0, 0, 0, 1, ties half.
    #expect(useless.linkabilityAUC == (2 + 5 + 2) / 18.0)
    #expect(useless.rankOneRate == 1.0 / 3)
  }
}
