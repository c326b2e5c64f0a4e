import Kernels
import Privacy
import Testing

@Suite struct OptimalAssignmentTests {
  /// Total cost of the solver's assignment, which must be a permutation.
  private func solved(_ costs: [Double], _ n: Int) -> Double {
    let solver = OptimalAssignment(n: n)
    let columns = solver.solve(costs)
    #expect(Set(columns) == Set(0..<n))
    return (0..<n).reduce(0) { $0 + costs[$1 * n + columns[$1]] }
  }

  /// Least cost over all permutations.
  private func bruteForce(_ costs: [Double], _ n: Int) -> Double {
    var best = Double.infinity
    func place(_ row: Int, _ used: Set<Int>, _ sum: Double) {
      if row == n {
        best = min(best, sum)
        return
      }
      for j in 0..<n where !used.contains(j) {
        place(row + 1, used.union([j]), sum + costs[row * n + j])
      }
    }
    place(0, [], 0)
    return best
  }

  /// The textbook Hungarian algorithm with potentials, O(n^3), for sizes beyond brute force.
  private func textbook(_ costs: [Double], _ n: Int) -> Double {
    var u = [Double](repeating: 0, count: n + 1)
    var (v, p) = (u, [Int](repeating: 0, count: n + 1))
    for i in 1...n {
      p[0] = i
      var j0 = 0
      var least = [Double](repeating: .infinity, count: n + 1)
      var used = [Bool](repeating: false, count: n + 1)
      var way = [Int](repeating: 0, count: n + 1)
      repeat {
        used[j0] = true
        var (delta, j1) = (Double.infinity, 0)
        for j in 1...n where !used[j] {
          let reduced = costs[(p[j0] - 1) * n + j - 1] - u[p[j0]] - v[j]
          if reduced < least[j] { (least[j], way[j]) = (reduced, j0) }
          if least[j] < delta { (delta, j1) = (least[j], j) }
        }
        for j in 0...n {
          if used[j] {
            u[p[j]] += delta
            v[j] -= delta
          } else {
            least[j] -= delta
          }
        }
        j0 = j1
      } while p[j0] != 0
      repeat {
        p[j0] = p[way[j0]]
        j0 = way[j0]
      } while j0 != 0
    }
    return (1...n).reduce(0) { $0 + costs[(p[$1] - 1) * n + $1 - 1] }
  }

  @Test(arguments: 1...7) func reachesTheLeastCostOfAllPermutations(n: Int) {
    var rng = CounterRNG(seed: UInt64(n), purpose: .syntheticDataset)
    for _ in 0..<40 {
      let costs = (0..<(n * n)).map { _ in rng.uniform() }
      #expect(abs(solved(costs, n) - bruteForce(costs, n)) < 1e-12)
    }
  }

  @Test(arguments: [2, 5, 7]) func reachesItWithManyTies(n: Int) {
    var rng = CounterRNG(seed: 9, purpose: .syntheticDataset)
    for _ in 0..<60 {
      let costs = (0..<(n * n)).map { _ in Double(rng.index(below: 3)) }
      #expect(solved(costs, n) == bruteForce(costs, n))
    }
  }

  @Test(arguments: [8, 16, 32, 64, 97]) func agreesWithTheTextbookAlgorithm(n: Int) {
    var rng = CounterRNG(seed: UInt64(n), purpose: .syntheticDataset)
    for round in 0..<10 {
      // Half of the rounds with nearly equal costs, as block distances in high dimensions are.
      let costs = (0..<(n * n)).map { _ in
        round % 2 == 0 ? rng.uniform() : 1 + 1e-3 * rng.uniform()
      }
      #expect(abs(solved(costs, n) - textbook(costs, n)) < 1e-10)
    }
  }

  @Test func oneSolverServesManyMatrices() {
    let solver = OptimalAssignment(n: 2)
    #expect(solver.solve([0, 1, 1, 0]) == [0, 1])
    #expect(solver.solve([1, 0, 0, 1]) == [1, 0])
  }
}

extension OptimalAssignment {
  /// The column of each row of a dense matrix of costs.
  fileprivate func solve(_ matrix: [Double]) -> [Int] {
    for i in 0..<n { for j in 0..<n { costs[i * stride + j] = matrix[i * n + j] } }
    solve()
    return (0..<n).map { Int(columnOfRow[$0]) }
  }
}
