import CKernels
import Kernels
import Testing

/// Galleries against training engines, bit for bit, and against float64.
@Suite struct NetworkGalleryTests {
  private static let shapes = [
    NetworkShape(inputs: 512, hiddenWidths: [128, 64]),
    NetworkShape(inputs: 512, hiddenWidths: [256, 128]),
    NetworkShape(inputs: 512, hiddenWidths: [128, 64, 16]),
    NetworkShape(inputs: 128, hiddenWidths: []), NetworkShape(inputs: 37, hiddenWidths: []),
    NetworkShape(inputs: 31, hiddenWidths: [7]), NetworkShape(inputs: 13, hiddenWidths: [40, 9]),
    NetworkShape(inputs: 1, hiddenWidths: [1]), NetworkShape(inputs: 70, hiddenWidths: [150, 33]),
  ]

  /// Parameters, and what a gallery of the format holds of them as float32.
  private func network(
    _ shape: NetworkShape, _ format: NetworkGallery.Format, seed: UInt64,
    in gallery: NetworkGallery,
    at i: Int
  ) -> [Float] {
    var rng = CounterRNG(seed: seed, purpose: .initialWeights, subject: UInt32(i))
    var parameters = (0..<shape.parameterCount).map { _ in Float(rng.uniform() - 0.45) }
    // Numbers at the ends: subnormal halves and floats, a zero, a row of zeros.
    parameters[0] = 3e-6
    if parameters.count > 4 { (parameters[1], parameters[2]) = (1e-41, 0) }
    for k in 0..<shape.layerCount {
      let (inputs, units) = (shape.dims[k], shape.dims[k + 1])
      let (start, bias) = (shape.parameterOffset(ofLayer: k), shape.biasOffset(ofLayer: k))
      let biases = Array(parameters[bias..<(bias + units)])
      switch format {
      case .float32:
        gallery.setLayer(
          k, of: i, weights: Array(parameters[start..<bias]), scales: nil, biases: biases)
      case .float16:
        let halves = parameters[start..<bias].map { Float16($0) }
        gallery.setLayer(k, of: i, weights: halves, scales: nil, biases: biases)
        for (j, half) in halves.enumerated() { parameters[start + j] = Float(half) }
      case .int8:
        let scales = (0..<units).map { _ in Float(rng.uniform() / 200) }
        let values = (start..<bias).map { _ in Int8(Int(rng.index(below: 255)) - 127) }
        gallery.setLayer(k, of: i, weights: values, scales: scales, biases: biases)
        for (j, value) in values.enumerated() {
          parameters[start + j] = Float(value) * scales[j / inputs]
        }
      }
    }
    return parameters
  }

  private func probes(_ count: Int, _ shape: NetworkShape) -> FloatMatrix {
    let matrix = FloatMatrix(rows: count, columns: shape.inputs, stride: shape.inputs + 3)
    var rng = CounterRNG(seed: 5, purpose: .permutation)
    for i in 0..<count {
      for j in 0..<shape.inputs { matrix[row: i][j] = Float(rng.uniform() - 0.5) }
      // Behind a row lies anything.
      for j in 0..<3 { (matrix.base + i * matrix.stride + shape.inputs + j).pointee = .nan }
    }
    return matrix
  }

  @Test(arguments: availablePaths, NetworkGallery.Format.allCases)
  func scoresHaveTheBitsOfTheEngine(path: CPUPath, format: NetworkGallery.Format) throws {
    for shape in Self.shapes {
      let gallery = try NetworkGallery(shape: shape, format: format, capacity: 3)
      let parameters = (0..<3).map { network(shape, format, seed: 3, in: gallery, at: $0) }
      let engine = TrainingEngine(shape: shape, batchCapacity: 1, keep: 1, path: path)
      let search = GallerySearch(shape: shape, path: path)
      let x = probes(109, shape)
      for count in [1, 2, 3, 4, 5, 13, 27, 64, 96, 97, 109] {
        var scores = [Float](repeating: 7, count: 3 * (count + 1))
        search.score(
          gallery, 0..<3, probes: x.base, probeStride: x.stride, count: count, into: &scores,
          stride: count + 1)
        for r in 0..<3 {
          engine.load(parameters[r], forTraining: false)
          var expected = [Float](repeating: 0, count: count)
          engine.logits(of: x.base, stride: x.stride, count: count, into: &expected)
          let found = scores[(r * (count + 1))..<(r * (count + 1) + count)]
          #expect(
            found.map(\.bitPattern) == expected.map(\.bitPattern),
            "\(shape.dims), \(count) probes, network \(r)")
          #expect(scores[r * (count + 1) + count] == 7, "memory after the row is untouched")
        }
      }
    }
  }

  @Test(arguments: availablePaths, NetworkGallery.Format.allCases)
  func scoresAreTheLogits(path: CPUPath, format: NetworkGallery.Format) throws {
    for shape in Self.shapes {
      let gallery = try NetworkGallery(shape: shape, format: format, capacity: 1)
      let parameters = network(shape, format, seed: 8, in: gallery, at: 0)
      let exact = Float64Network(widths: shape.dims, parameters: parameters.map(Double.init))
      let x = probes(6, shape)
      for count in [1, 6] {
        var scores = [Float](repeating: 0, count: count)
        GallerySearch(shape: shape, path: path).score(
          gallery, 0..<1, probes: x.base, probeStride: x.stride, count: count, into: &scores,
          stride: count)
        for i in 0..<count {
          let expected = exact.logits(x.values(ofRow: i).map(Double.init))[0]
          #expect(
            abs(Double(scores[i]) - expected) < 2e-5 * max(1, abs(expected)), "\(shape.dims), \(i)")
        }
      }
    }
  }

  /// Every half, subnormal, infinite and not a number among them, comes out as Swift converts it.
  @Test(arguments: availablePaths, [[], [16]])
  func everyHalfIsConvertedExactly(path: CPUPath, hidden: [Int]) throws {
    // Network `bits` has one weight that is not zero; behind a hidden layer relu shows one sign.
    let shape = NetworkShape(inputs: 1, hiddenWidths: hidden)
    let gallery = try NetworkGallery(shape: shape, format: .float16, capacity: 1 << 16)
    let units = hidden.first ?? 1
    let zeros = [Float](repeating: 0, count: units)
    for bits in 0..<(1 << 16) {
      var halves = [UInt16](repeating: 0, count: units)
      halves[bits % units] = UInt16(bits)
      gallery.setLayer(0, of: bits, weights: halves, scales: nil, biases: zeros)
      if !hidden.isEmpty {
        gallery.setLayer(
          1, of: bits, weights: [Float16](repeating: 1, count: units), scales: nil, biases: [0])
      }
    }
    let search = GallerySearch(shape: shape, path: path)
    for x: Float in [1, -1] {
      var scores = [Float](repeating: 0, count: 1 << 16)
      search.score(
        gallery, 0..<(1 << 16), probes: [x], probeStride: 1, count: 1, into: &scores, stride: 1)
      for bits in 0..<(1 << 16) {
        let weight = Float(Float16(bitPattern: UInt16(bits))) * x
        let expected = hidden.isEmpty || weight > 0 ? weight : 0
        #expect(
          scores[bits] == expected || (scores[bits].isNaN && expected.isNaN), "\(bits), \(x)")
      }
    }
  }

  /// Probes and weights that are no numbers give what an engine gives.
  @Test(arguments: availablePaths)
  func whatIsNotFiniteGoesTheSameWay(path: CPUPath) throws {
    for shape in Self.shapes {
      let gallery = try NetworkGallery(shape: shape, format: .float32, capacity: 1)
      let engine = TrainingEngine(shape: shape, batchCapacity: 1, keep: 1, path: path)
      let search = GallerySearch(shape: shape, path: path)
      for value in [Float.infinity, -.infinity, .nan] {
        for place in 0..<2 {
          var parameters = network(shape, .float32, seed: 4, in: gallery, at: 0)
          let x = probes(5, shape)
          if place == 0 {
            x[row: 1][0] = value
            x[row: 4][shape.inputs - 1] = value
          } else {
            parameters[0] = value
            parameters[shape.parameterCount - 2] = value
            for k in 0..<shape.layerCount {
              let bias = shape.biasOffset(ofLayer: k)
              gallery.setLayer(
                k, of: 0, weights: Array(parameters[shape.parameterOffset(ofLayer: k)..<bias]),
                scales: nil, biases: Array(parameters[bias..<(bias + shape.dims[k + 1])]))
            }
          }
          engine.load(parameters, forTraining: false)
          for count in [1, 5] {
            var (scores, expected) = (
              [Float](repeating: 0, count: 5), [Float](repeating: 0, count: 5)
            )
            search.score(
              gallery, 0..<1, probes: x.base, probeStride: x.stride, count: count, into: &scores,
              stride: count)
            engine.logits(of: x.base, stride: x.stride, count: count, into: &expected)
            for i in 0..<count {
              #expect(
                scores[i].bitPattern == expected[i].bitPattern
                  || (scores[i].isNaN && expected[i].isNaN),
                "\(shape.dims), \(value), place \(place), probe \(i)")
            }
          }
        }
      }
    }
  }

  @Test func aRangeOfNetworksIsScoredAlone() throws {
    let shape = NetworkShape(inputs: 20, hiddenWidths: [18])
    let gallery = try NetworkGallery(shape: shape, format: .float32, capacity: 9)
    for i in 0..<9 { _ = network(shape, .float32, seed: 1, in: gallery, at: i) }
    let x = probes(1, shape)
    let search = GallerySearch(shape: shape)
    var all = [Float](repeating: 0, count: 9)
    var some = [Float](repeating: 0, count: 3)
    search.score(
      gallery, 0..<9, probes: x.base, probeStride: x.stride, count: 1, into: &all, stride: 1)
    search.score(
      gallery, 4..<7, probes: x.base, probeStride: x.stride, count: 1, into: &some, stride: 1)
    #expect(Array(all[4..<7]) == some)
    #expect(Set(all).count == 9)
  }

  @Test(arguments: availablePaths)
  func readingMeetsEveryByte(path: CPUPath) throws {
    let shape = NetworkShape(inputs: 30, hiddenWidths: [17])
    let gallery = try NetworkGallery(shape: shape, format: .int8, capacity: 5)
    let zeros = [Float](repeating: 0, count: 17)
    for i in 0..<5 {
      for place in [0, 1, 29, 30, 255, 509] {
        var weights = [Int8](repeating: 0, count: 30 * 17)
        gallery.setLayer(0, of: i, weights: weights, scales: zeros, biases: zeros)
        #expect(gallery.read(0..<5, path: path) == 0)
        weights[place] = 3
        gallery.setLayer(0, of: i, weights: weights, scales: zeros, biases: zeros)
        #expect(gallery.read(0..<5, path: path) != 0)
        #expect(gallery.read(i..<(i + 1), path: path) == gallery.read(0..<5, path: path))
      }
      gallery.setLayer(
        0, of: i, weights: [Int8](repeating: 0, count: 510), scales: zeros, biases: zeros)
    }
  }

  @Test func aGalleryThatDoesNotFitIsAnError() {
    let shape = NetworkShape(inputs: 512, hiddenWidths: [128, 64])
    let error = #expect(throws: NetworkGalleryError.self) {
      try NetworkGallery(shape: shape, format: .float32, capacity: 1 << 46)
    }
    #expect(
      error?.description.hasPrefix("no memory for a gallery of 70368744177664 networks, ") == true)
  }
}
