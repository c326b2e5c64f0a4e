import COpenBLAS
import Foundation

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

  /// Threads, up to a number, that find the memory which the library takes for each with its first
  /// product: where it gets none it asks again without end. All where the address space is not limited.
  package static func threadsWithRoom(atMost most: Int) -> Int {
    if hasRoom(threads: most) { return most }
    var (few, many) = (0, most)
    while many - few > 1 {
      let middle = (few + many) / 2
      if hasRoom(threads: middle) { few = middle } else { many = middle }
    }
    return few
  }

  private static func hasRoom(threads: Int) -> Bool {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(Int64.max)
    else { return true }
    // Each thread's own memory would take what is left before a product does.
    mallopt(M_ARENA_MAX, 1)
    let (wanted, overflow) = threads.multipliedReportingOverflow(by: bytesPerThread)
    guard !overflow, wanted <= Int.max - bytesBeside else { return false }
    guard
      let memory = mmap(
        nil, wanted + bytesBeside, PROT_NONE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0),
      memory != MAP_FAILED
    else { return false }
    munmap(memory, wanted + bytesBeside)
    return true
  }
  /// What version 0.3.21 asks for on this processor, and some more.
  private static let bytesPerThread = 144 << 20
  /// Stacks of threads, and what else the program needs.
  private static let bytesBeside = 192 << 20

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
