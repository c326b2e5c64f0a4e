import CKernels

/// Logits and losses of given parameters, without dropout, subnormals flushed.
extension TrainingEngine {
  /// Rows of one pass in evaluation: a multiple of every tile's rows, small enough for the cache.
  static let evaluationRows = 96

  /// Logits of `count` rows of `x` (rows `stride` floats apart), without dropout.
  package func logits(
    of x: UnsafePointer<Float>, stride: Int, count: Int, into out: UnsafeMutablePointer<Float>
  ) {
    forEachEvaluated(x, stride: stride, count: count) { i, z in out[i] = z }
  }

  /// Sum of the losses of `count` rows with one label, without dropout.
  package func lossSum(
    of x: UnsafePointer<Float>, stride: Int, count: Int, label: Double
  ) -> Double {
    switch loss {
    case .crossEntropy:
      lossSum(BinaryCrossEntropy.self, x, stride: stride, count: count, label: label)
    case .hinge: lossSum(HingeLoss.self, x, stride: stride, count: count, label: label)
    }
  }

  @inline(__always)
  private func lossSum<Loss: LogitLoss>(
    _: Loss.Type, _ x: UnsafePointer<Float>, stride: Int, count: Int, label: Double
  ) -> Double {
    var sum = 0.0
    forEachEvaluated(x, stride: stride, count: count) { _, z in
      sum += Loss.loss(logit: Double(z), label: label)
    }
    return sum
  }

  @inline(__always)
  private func forEachEvaluated(
    _ x: UnsafePointer<Float>, stride: Int, count: Int, body: (Int, Float) -> Void
  ) {
    let subnormals = mote_flush_subnormals()
    defer { mote_restore_subnormals(subnormals) }
    let isLinear = shape.layerCount == 1
    if !panelsAreCurrent && !isLinear {
      kernels.pack(layers[0].w, layers[0].input_stride, layers[0].units, shape.inputs, panels)
      panelsAreCurrent = true
    }
    let last = shape.layerCount - 1
    var first = 0
    while first < count {
      let rows = min(TrainingEngine.evaluationRows, count - first)
      if isLinear {
        kernels.linear_forward(layers, x + first * stride, stride, rows)
      } else {
        kernels.dense_forward(layers, panels, x + first * stride, stride, rows)
      }
      withUnsafePointer(to: scratch) { scratch in
        for k in 1..<shape.layerCount {
          kernels.next_forward(layers + k, layers + k - 1, rows, 1, 0, k == last ? 1 : 0, scratch)
        }
      }
      let layer = layers[last]
      for i in 0..<rows { body(first + i, layer.out[i * layer.unit_stride]) }
      first += rows
    }
  }
}
