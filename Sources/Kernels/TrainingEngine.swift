import CKernels

/// Trains one network in float32: parameters, optimiser state and batch buffers of one worker.
///
/// The mathematics are those of `ReferenceTraining`; the kernels skip what dropout and relu make
/// zero. All memory is allocated at the start and reused for every subject. Not to be shared
/// between threads.
///
///     engine.load(parameters)                  // and forget the optimiser's past
///     copy rows to engine.row(i), labels to engine.labels[i]
///     engine.drawMasks(...)                    // or keepAllUnits, or setMask
///     let loss = engine.step(rows: b, adam: adam)
package final class TrainingEngine {
  package let shape: NetworkShape
  package let batchCapacity: Int
  package let path: CPUPath
  /// Probability of keeping a hidden unit in training.
  package let keep: Double
  /// What training minimises.
  package let loss: TrainingLoss

  /// Floats from one batch row to the next: whole pairs of vectors, and an odd number of cache lines, so that the rows of a
  /// column block do not fall on the same lines of the L1 cache.
  package let batchStride: Int
  /// Labels of the batch, 0 or 1.
  package let labels: UnsafeMutablePointer<Float>

  let kernels: mote_kernels
  let layers: UnsafeMutablePointer<mote_layer>
  let memory = AlignedMemory()
  private let batch: UnsafeMutablePointer<Float>
  /// Weights of the first layer as evaluation takes them; made where `panelsAreCurrent` is false.
  let panels: UnsafeMutablePointer<Float>
  var panelsAreCurrent = false
  private let words: UnsafeMutablePointer<UInt32>
  private(set) var scratch: mote_scratch

  /// - Parameters:
  ///   - shape: the network.
  ///   - batchCapacity: most rows of a batch.
  ///   - keep: 1 - dropout probability, in (0, 1]; nothing is dropped without hidden layers.
  ///   - loss: what training minimises.
  ///   - path: CPU path.
  package init(
    shape: NetworkShape, batchCapacity: Int, keep: Double, loss: TrainingLoss = .crossEntropy,
    path: CPUPath = .current
  ) {
    precondition(batchCapacity > 0 && keep > 0 && keep <= 1, "batch \(batchCapacity), keep \(keep)")
    self.shape = shape
    self.loss = loss
    self.path = path
    self.keep = keep
    self.batchCapacity = batchCapacity
    kernels = path.kernels
    let pad = MOTE_PAD
    let rows = roundedUp(max(batchCapacity, TrainingEngine.evaluationRows), to: MOTE_PAD)
    batchStride = roundedUp(shape.inputs, to: 2 * pad) + pad
    batch = memory.zeros(Float.self, rows * batchStride)
    labels = memory.zeros(Float.self, rows)
    layers = memory.zeros(mote_layer.self, shape.layerCount)
    var widest = 0
    var mostWords = 0
    for k in 0..<shape.layerCount {
      let inputs = shape.dims[k]
      let units = shape.dims[k + 1]
      let unitStride = roundedUp(units, to: pad)
      let weightStride = k == 0 ? batchStride : roundedUp(inputs, to: pad)
      widest = max(widest, unitStride)
      mostWords = max(
        mostWords, keep == 0.5 ? (rows * unitStride / pad + 1) / 2 : rows * unitStride)
      layers[k] = mote_layer(
        inputs: inputs, units: units, input_stride: weightStride, unit_stride: unitStride,
        w: memory.zeros(Float.self, unitStride * weightStride),
        w_transposed: k == 0
          ? nil : memory.zeros(Float.self, roundedUp(inputs, to: pad) * unitStride),
        bias: memory.zeros(Float.self, unitStride),
        moments: memory.zeros(
          Float.self, 2 * unitStride * roundedUp(inputs, to: MOTE_BLOCK)),
        bias_moments: memory.zeros(Float.self, 2 * unitStride),
        bias_gradient: memory.zeros(Float.self, unitStride),
        out: memory.zeros(Float.self, rows * unitStride),
        dz: memory.zeros(Float.self, rows * unitStride),
        kept: memory.zeros(UInt16.self, rows * unitStride / pad))
    }
    panels = memory.zeros(
      Float.self, shape.inputs * roundedUp(shape.dims[1], to: MOTE_PANEL))
    words = memory.zeros(UInt32.self, roundedUp(mostWords, to: RandomFill.chunk))
    let list = max(roundedUp(rows, to: pad), widest) + pad
    scratch = mote_scratch(
      list: list, order: memory.zeros(UInt32.self, rows),
      index: memory.zeros(UInt16.self, widest * list),
      value: memory.zeros(Float.self, widest * list),
      counts: memory.zeros(UInt32.self, widest),
      transposed: memory.zeros(Float.self, widest * list),
      block: memory.zeros(Float.self, rows * MOTE_BLOCK), ahead: nil, ahead_rows: 0)
    keepAllUnits()
  }

  // MARK: - Parameters

  /// Takes flat parameters and forgets the optimiser's moments (which evaluation does not need:
  /// `forTraining` false leaves them as they are).
  package func load(_ parameters: UnsafePointer<Float>, forTraining: Bool = true) {
    for k in 0..<shape.layerCount {
      let layer = layers[k]
      let weight = parameters + shape.parameterOffset(ofLayer: k)
      for u in 0..<layer.units {
        let row = layer.w + u * layer.input_stride
        row.update(from: weight + u * layer.inputs, count: layer.inputs)
        if let transposed = layer.w_transposed {
          for j in 0..<layer.inputs { transposed[j * layer.unit_stride + u] = row[j] }
        }
      }
      layer.bias.update(from: parameters + shape.biasOffset(ofLayer: k), count: layer.units)
      guard forTraining else { continue }
      let moments = 2 * layer.unit_stride * roundedUp(layer.inputs, to: MOTE_BLOCK)
      layer.moments.update(repeating: 0, count: moments)
      layer.bias_moments.update(repeating: 0, count: 2 * layer.unit_stride)
    }
    panelsAreCurrent = false
  }

  /// Copies the parameters to flat memory.
  package func store(into parameters: UnsafeMutablePointer<Float>) {
    for k in 0..<shape.layerCount {
      let layer = layers[k]
      let weight = parameters + shape.parameterOffset(ofLayer: k)
      for u in 0..<layer.units {
        (weight + u * layer.inputs).update(
          from: layer.w + u * layer.input_stride, count: layer.inputs)
      }
      (parameters + shape.biasOffset(ofLayer: k)).update(from: layer.bias, count: layer.units)
    }
  }

  // MARK: - Batch

  /// Batch row `i`, `shape.inputs` floats to be written.
  package func row(_ i: Int) -> UnsafeMutablePointer<Float> { batch + i * batchStride }

  /// Copies `count` rows, of `shape.inputs` floats each, to the batch.
  package func gather(_ rows: UnsafePointer<UnsafePointer<Float>?>, count: Int) {
    precondition(count <= batchCapacity, "\(count) rows, capacity \(batchCapacity)")
    kernels.gather(rows, count, shape.inputs, batch, batchStride)
  }

  /// Tells which rows the next batch takes, so that the step before asks memory for them. Results do
  /// not depend on it.
  ///
  /// - Parameter rows: `count` rows of `shape.inputs` floats; must outlive the next step.
  package func expect(_ rows: UnsafePointer<UnsafePointer<Float>?>, count: Int) {
    (scratch.ahead, scratch.ahead_rows) = (rows, count)
  }

  /// No dropout: all units of all rows are kept (and scaled by 1/keep, which is 1 without dropout).
  package func keepAllUnits() {
    let rows = max(batchCapacity, TrainingEngine.evaluationRows)
    for k in 0..<(shape.layerCount - 1) {
      let words = layers[k].unit_stride / 16
      for i in 0..<(rows * words) {
        layers[k].kept[i] = validUnits(layer: k, word: i % words)
      }
    }
  }

  /// Keeps or drops one unit of a hidden layer for one row of the batch.
  package func setMask(layer k: Int, row: Int, unit: Int, isKept: Bool) {
    let word = layers[k].kept + row * (layers[k].unit_stride / 16) + unit / 16
    if isKept {
      word.pointee |= 1 << UInt16(unit % 16)
    } else {
      word.pointee &= ~(1 << UInt16(unit % 16))
    }
  }

  /// Draws the dropout masks of a batch: streams (seed, dropout, subject, step), hidden layers one
  /// after the other, each from a fresh chunk.
  ///
  /// keep = 0.5: one random bit per unit, 16 units per half word, row by row, low half first.
  /// Other values: one word per unit, kept when word < keep 2^32.
  package func drawMasks(seed: UInt64, subject: UInt32, step: UInt32, rows: Int) {
    guard keep < 1 else { return }
    let fill = RandomFill(
      CounterRNG(seed: seed, purpose: .dropout, subject: subject, step: step), path: path)
    var chunk = 0
    for k in 0..<(shape.layerCount - 1) {
      let layer = layers[k]
      let perRow = layer.unit_stride / 16
      let count = keep == 0.5 ? (rows * perRow + 1) / 2 : rows * layer.unit_stride
      let chunks = roundedUp(count, to: RandomFill.chunk) / RandomFill.chunk
      fill.words(chunks: chunk..<(chunk + chunks), into: words)
      chunk += chunks
      if keep == 0.5 {
        for i in 0..<(rows * perRow) {
          let half = UInt16(truncatingIfNeeded: words[i / 2] &>> (i % 2 == 0 ? 0 : 16))
          layer.kept[i] = half & validUnits(layer: k, word: i % perRow)
        }
      } else {
        let limit = UInt64(keep * 0x1p32)
        for i in 0..<(rows * perRow) {
          var bits: UInt16 = 0
          for u in 0..<16 where UInt64(words[i * 16 + u]) < limit { bits |= 1 << UInt16(u) }
          layer.kept[i] = bits & validUnits(layer: k, word: i % perRow)
        }
      }
    }
  }

  /// Bits of the units that exist in a word of layer `k`.
  private func validUnits(layer k: Int, word: Int) -> UInt16 {
    let count = min(layers[k].units - word * 16, 16)
    return count == 16 ? .max : (1 << UInt16(count)) - 1
  }

  // MARK: - Step

  /// Forward, loss, backward and update of the first `rows` rows of the batch, subnormals flushed.
  ///
  /// - Returns: the batch's mean loss before the update.
  package func step(rows: Int, adam: AdamStep) -> Double {
    precondition(rows > 0 && rows <= batchCapacity, "\(rows) rows, capacity \(batchCapacity)")
    let subnormals = mote_flush_subnormals()
    defer { mote_restore_subnormals(subnormals) }
    let count = shape.layerCount
    let scale = Float(1 / keep)
    withUnsafePointer(to: scratch) { scratch in
      if count == 1 {
        kernels.linear_forward(layers, batch, batchStride, rows)
      } else {
        kernels.first_forward(layers, batch, batchStride, rows, scale, scratch)
      }
      for k in 1..<count {
        kernels.next_forward(
          layers + k, layers + k - 1, rows, scale, k < count - 1 ? 1 : 0, k == count - 1 ? 1 : 0,
          scratch)
      }
    }
    let loss = lossAndGradient(rows: rows)
    withUnsafePointer(to: scratch) { scratch in
      for k in (1..<count).reversed() {
        kernels.backward(layers + k, layers + k - 1, rows, scale, scratch)
      }
      withUnsafePointer(to: adam.constants) { adam in
        kernels.update(layers, batch, batchStride, rows, adam, scratch)
        for k in 1..<count {
          kernels.update(
            layers + k, layers[k - 1].out, layers[k - 1].unit_stride, rows, adam, scratch)
        }
      }
    }
    panelsAreCurrent = false
    return loss
  }

  /// Mean loss from the last layer's logits; leaves d loss / d logit in its dz.
  private func lossAndGradient(rows: Int) -> Double {
    switch loss {
    case .crossEntropy: lossAndGradient(BinaryCrossEntropy.self, rows: rows)
    case .hinge: lossAndGradient(HingeLoss.self, rows: rows)
    }
  }

  @inline(__always)
  private func lossAndGradient<Loss: LogitLoss>(_: Loss.Type, rows: Int) -> Double {
    let layer = layers[shape.layerCount - 1]
    let share = 1 / Double(rows)
    var sum = 0.0
    for i in 0..<rows {
      let z = Double(layer.out[i * layer.unit_stride])
      let y = Double(labels[i])
      sum += Loss.loss(logit: z, label: y)
      layer.dz[i * layer.unit_stride] = Float(Loss.gradient(logit: z, label: y) * share)
    }
    return sum * share
  }
}
