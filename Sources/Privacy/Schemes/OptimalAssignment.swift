import CKernels

/// Optimal assignment of n rows to n columns, exact in float64, for many matrices of one size.
///
/// The solver is `mote_assign`; this owns its buffers. Not for several threads at a time.
package struct OptimalAssignment: ~Copyable {
  package let n: Int
  /// Doubles from one row of costs to the next: n rounded up to a multiple of 8.
  package let stride: Int
  /// Costs of the next `solve`, n rows of `stride`; entries beyond column n stay as they are.
  package let costs: UnsafeMutablePointer<Double>
  /// Column of each row after `solve`.
  package let columnOfRow: UnsafeMutablePointer<Int64>
  private let workspace: UnsafeMutablePointer<Double>

  package init(n: Int) {
    precondition(n > 0, "an assignment of \(n) rows")
    self.n = n
    let stride = (n + 7) / 8 * 8
    self.stride = stride
    func doubles(_ count: Int) -> UnsafeMutablePointer<Double> {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
      let pointer = raw.bindMemory(to: Double.self, capacity: count)
      pointer.initialize(repeating: MOTE_NO_COLUMN, count: count)
      return pointer
    }
    costs = doubles(n * stride)
    workspace = doubles(mote_assign_workspace(n))
    columnOfRow = .allocate(capacity: n)
    columnOfRow.initialize(repeating: 0, count: n)
  }

  deinit {
    UnsafeMutableRawPointer(costs).deallocate()
    UnsafeMutableRawPointer(workspace).deallocate()
    columnOfRow.deallocate()
  }

  /// Fills `columnOfRow` with an assignment of least total cost.
  package func solve() { mote_assign(costs, n, columnOfRow, workspace) }
}
