import CKernels

/// Kernel density sums for several bandwidths at once.
package enum LogSumExp {
  /// out[i] = log sum_j exp(-distances[j] * scales[i]).
  ///
  /// - Parameters:
  ///   - distances: at least one, each >= 0.
  ///   - scales: positive; 1 / (2 h^2) for bandwidth h.
  ///
  /// Terms below e^-48 of the largest are left out; they cannot move the last digit.
  package static func evaluate(
    distances: UnsafePointer<Double>, count: Int, scales: [Double],
    into out: UnsafeMutablePointer<Double>, path: CPUPath = .current
  ) {
    precondition(count >= 1, "log-sum-exp of nothing")
    path.kernels.log_sum_exp(distances, count, scales, scales.count, out)
  }
}
