// Optimal assignment of n rows to n columns: Jonker and Volgenant, "A shortest augmenting path
// algorithm for dense and sparse linear assignment problems", Computing 38 (1987). Column reduction,
// reduction transfer, two passes of augmenting row reduction, then shortest augmenting paths.
// Exact in float64; written for small n (8 to 64), buffers are allocated once.

/// Solver for one size; reuse it for many matrices. Not for several threads at a time.
package struct OptimalAssignment: ~Copyable {
  package let n: Int
  /// Column of each row after `solve`.
  package let columnOfRow: UnsafeMutablePointer<Int>
  private let rowOfColumn: UnsafeMutablePointer<Int>
  private let prices: UnsafeMutablePointer<Double>
  private let distances: UnsafeMutablePointer<Double>
  private let predecessors: UnsafeMutablePointer<Int>
  private let columns: UnsafeMutablePointer<Int>
  private let free: UnsafeMutablePointer<Int>
  private let matches: UnsafeMutablePointer<Int>

  package init(n: Int) {
    precondition(n > 0, "an assignment of \(n) rows")
    self.n = n
    columnOfRow = .allocate(capacity: n)
    rowOfColumn = .allocate(capacity: n)
    prices = .allocate(capacity: n)
    distances = .allocate(capacity: n)
    predecessors = .allocate(capacity: n)
    columns = .allocate(capacity: n)
    free = .allocate(capacity: n)
    matches = .allocate(capacity: n)
  }

  deinit {
    for pointer in [columnOfRow, rowOfColumn, predecessors, columns, free, matches] {
      pointer.deallocate()
    }
    prices.deallocate()
    distances.deallocate()
  }

  /// Fills `columnOfRow` with an assignment of least total cost; `costs` is [n, n], finite.
  package func solve(_ costs: UnsafePointer<Double>) {
    var freeCount = reduceColumns(costs)
    for _ in 0..<2 where freeCount > 0 { freeCount = reduceRows(costs, freeCount) }
    for k in 0..<freeCount { augment(costs, from: free[k]) }
  }

  /// Column minima become prices; then rows with one match pass on their slack. Returns free rows.
  private func reduceColumns(_ costs: UnsafePointer<Double>) -> Int {
    for i in 0..<n {
      matches[i] = 0
      columnOfRow[i] = -1
    }
    for j in stride(from: n - 1, through: 0, by: -1) {
      var (row, least) = (0, costs[j])
      for i in 1..<max(n, 1) where costs[i * n + j] < least { (row, least) = (i, costs[i * n + j]) }
      prices[j] = least
      matches[row] += 1
      if matches[row] == 1 {
        columnOfRow[row] = j
        rowOfColumn[j] = row
      } else {
        rowOfColumn[j] = -1
      }
    }
    var freeCount = 0
    for i in 0..<n {
      if matches[i] == 0 {
        free[freeCount] = i
        freeCount += 1
      } else if matches[i] == 1 && n > 1 {
        let own = columnOfRow[i]
        var slack = Double.infinity
        for j in 0..<n where j != own { slack = min(slack, costs[i * n + j] - prices[j]) }
        prices[own] -= slack
      }
    }
    return freeCount
  }

  /// Gives each free row its cheapest column, lowering that column's price to the second-cheapest;
  /// a displaced row is treated next while prices fall. Returns the rows still free.
  private func reduceRows(_ costs: UnsafePointer<Double>, _ freeCount: Int) -> Int {
    var (k, stillFree) = (0, 0)
    while k < freeCount {
      let i = free[k]
      k += 1
      let row = costs + i * n
      var (first, second) = (row[0] - prices[0], Double.infinity)
      var (j1, j2) = (0, -1)
      for j in 1..<max(n, 1) {
        let reduced = row[j] - prices[j]
        if reduced < second {
          if reduced >= first {
            (second, j2) = (reduced, j)
          } else {
            (second, j2) = (first, j1)
            (first, j1) = (reduced, j)
          }
        }
      }
      var displaced = rowOfColumn[j1]
      let lowered = second.isFinite ? prices[j1] - (second - first) : prices[j1]
      // A fall lost in rounding must not displace rows for ever.
      let falls = lowered < prices[j1]
      if falls {
        prices[j1] = lowered
      } else if displaced >= 0 && j2 >= 0 {
        j1 = j2
        displaced = rowOfColumn[j1]
      }
      columnOfRow[i] = j1
      rowOfColumn[j1] = i
      if displaced >= 0 {
        columnOfRow[displaced] = -1
        if falls {
          k -= 1
          free[k] = displaced
        } else {
          free[stillFree] = displaced
          stillFree += 1
        }
      }
    }
    return stillFree
  }

  /// Shortest augmenting path from a free row over reduced costs.
  private func augment(_ costs: UnsafePointer<Double>, from start: Int) {
    for j in 0..<n {
      distances[j] = costs[start * n + j] - prices[j]
      predecessors[j] = start
      columns[j] = j
    }
    // columns[0..<scanned] are settled, the others not yet.
    var scanned = 0
    var end = -1
    var reached = 0.0
    while end < 0 {
      var at = scanned
      for k in (scanned + 1)..<max(n, scanned + 1)
      where distances[columns[k]] < distances[columns[at]] { at = k }
      let j = columns[at]
      reached = distances[j]
      if rowOfColumn[j] < 0 {
        end = j
        break
      }
      columns[at] = columns[scanned]
      columns[scanned] = j
      scanned += 1
      let i = rowOfColumn[j]
      let base = costs[i * n + j] - prices[j] - reached
      for k in scanned..<n {
        let column = columns[k]
        let distance = costs[i * n + column] - prices[column] - base
        if distance < distances[column] {
          distances[column] = distance
          predecessors[column] = i
        }
      }
    }
    for k in 0..<scanned { prices[columns[k]] += distances[columns[k]] - reached }
    while true {
      let i = predecessors[end]
      rowOfColumn[end] = i
      let next = columnOfRow[i]
      columnOfRow[i] = end
      if i == start { return }
      end = next
    }
  }
}
