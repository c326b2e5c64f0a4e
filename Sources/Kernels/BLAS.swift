import COpenBLAS

/// Dense products of OpenBLAS, always on the calling thread.
///
/// Two workers with two BLAS threads each are three times slower than two workers with one, so
/// threading is switched off with the first use. Results may differ in the last digits between the
/// library's CPU kernels: `coreName` goes into provenance.
package enum BLAS {
  /// Name of the kernel set that OpenBLAS chose when it was loaded, e.g. "COOPERLAKE".
  package static var coreName: String {
    openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// Version and build options of the library.
  package static var configuration: String {
    openblas_get_config().map { String(cString: $0) } ?? "unknown"
  }

  /// Switches the library's threads off. Called by every function here; call it at start-up where
  /// other code uses BLAS or LAPACK.
  package static func useOneThread() { _ = oneThread }
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// c [m, n] = alpha a [m, k] b^T + beta c, with b [n, k] (`transposesB`), else b [k, n].
  package static func multiply(
    m: Int, n: Int, k: Int, alpha: Float = 1, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int, transposesB: Bool, beta: Float = 0,
    c: UnsafeMutablePointer<Float>, cStride: Int
  ) {
    useOneThread()
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans, Int32(m), Int32(n),
      Int32(k), alpha, a, Int32(aStride), b, Int32(bStride), beta, c, Int32(cStride))
  }

  /// As above, in float64.
  package static func multiply(
    m: Int, n: Int, k: Int, alpha: Double = 1, a: UnsafePointer<Double>, aStride: Int,
    b: UnsafePointer<Double>, bStride: Int, transposesB: Bool, beta: Double = 0,
    c: UnsafeMutablePointer<Double>, cStride: Int
  ) {
    useOneThread()
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans, Int32(m), Int32(n),
      Int32(k), alpha, a, Int32(aStride), b, Int32(bStride), beta, c, Int32(cStride))
  }
}
