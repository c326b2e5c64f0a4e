// Random forest of exact classification trees (Breiman et al. 1984; Breiman 2001): bootstrap rows,
// sqrt(d) random features a split, Gini impurity, grown until leaves are pure.
// n rows, d features, labels first/second.
import Kernels

/// Trees and the importance of each feature.
package struct DecisionForest: Sendable {
  package let trees: [DecisionTree]
  /// Mean over trees of each tree's impurity decrease, which sums to 1 in a tree that splits.
  package let importances: [Double]

  /// - Parameters:
  ///   - ranks: the training features, ranked once.
  ///   - isFirst: labels.
  ///   - features: columns that may be used.
  ///   - unit: number of this forest, so that forests of one seed have their own draws.
  ///   - check: called before every tree; what it throws ends the training.
  package init(
    _ ranks: FeatureRanks, isFirst: [Bool], features: [Int], trees count: Int, seed: UInt64,
    unit: UInt32 = 0, check: () throws -> Void = {}
  ) rethrows {
    precondition(ranks.rows == isFirst.count && !features.isEmpty && count > 0)
    var sums = [Double](repeating: 0, count: ranks.columns)
    trees = try (0..<count).map { number in
      try check()
      var rng = CounterRNG(
        seed: seed, purpose: .decisionForest, subject: unit, step: UInt32(number))
      var growth = TreeGrowth(ranks: ranks, isFirst: isFirst, features: features)
      let tree = growth.grow(rng: &rng)
      let total = growth.decreases.reduce(0, +)
      if total > 0 { for j in sums.indices { sums[j] += growth.decreases[j] / total } }
      return tree
    }
    importances = sums.map { $0 / Double(count) }
  }

  /// Mean over trees of the share of the first group in the leaf reached.
  package func shareOfFirst(_ row: UnsafeBufferPointer<Float>) -> Double {
    trees.reduce(0) { $0 + $1.shareOfFirst(row) } / Double(trees.count)
  }
}

/// One tree; node 0 is the root.
package struct DecisionTree: Sendable {
  /// A split (`feature` >= 0; values <= threshold go left) or a leaf.
  struct Node: Sendable {
    var feature: Int32
    var left: Int32
    var right: Int32
    var threshold: Float
    var share: Float
  }
  var nodes: [Node]

  package var leaves: Int { nodes.count { $0.feature < 0 } }

  package func shareOfFirst(_ row: UnsafeBufferPointer<Float>) -> Double {
    var at = 0
    while nodes[at].feature >= 0 {
      let node = nodes[at]
      at = Int(row[Int(node.feature)] <= node.threshold ? node.left : node.right)
    }
    return Double(nodes[at].share)
  }
}

/// For each feature the dense rank of every row's value: trees compare integers.
package struct FeatureRanks: Sendable {
  package let rows: Int
  package let columns: Int
  /// [column × rows].
  let ranks: [UInt32]
  /// Distinct values of each column in ascending order.
  let values: [[Float]]

  package init(_ features: FloatMatrix) {
    rows = features.rows
    columns = features.columns
    var ranks = [UInt32](repeating: 0, count: features.rows * features.columns)
    var values: [[Float]] = []
    for j in 0..<features.columns {
      let column = (0..<features.rows).map { features[row: $0][j] }
      let order = column.indices.sorted { (column[$0], $0) < (column[$1], $1) }
      var distinct: [Float] = []
      for row in order {
        if distinct.last != column[row] { distinct.append(column[row]) }
        ranks[j * features.rows + row] = UInt32(distinct.count - 1)
      }
      values.append(distinct)
    }
    self.ranks = ranks
    self.values = values
  }
}

/// The growth of one tree.
private struct TreeGrowth {
  let ranks: FeatureRanks
  let isFirst: [Bool]
  /// Features in an order that each split shuffles anew at its front.
  var features: [Int]
  var decreases: [Double]
  private var samples: [Int32] = []
  private var keys: [UInt32] = []
  private var spare: [UInt32] = []
  private var partition: [Int32] = []

  init(ranks: FeatureRanks, isFirst: [Bool], features: [Int]) {
    self.ranks = ranks
    self.isFirst = isFirst
    self.features = features
    decreases = [Double](repeating: 0, count: ranks.columns)
  }

  mutating func grow(rng: inout CounterRNG) -> DecisionTree {
    let n = ranks.rows
    samples = (0..<n).map { _ in Int32(rng.index(below: n)) }
    keys = [UInt32](repeating: 0, count: n)
    spare = keys
    partition = samples
    var nodes = [leaf(0..<n)]
    var open = [(node: 0, range: 0..<n)]
    while let (node, range) = open.popLast() {
      let share = nodes[node].share
      if share == 0 || share == 1 || range.count < 2 { continue }
      guard let split = bestSplit(range, rng: &rng) else { continue }
      let middle = divide(range, split)
      let values = ranks.values[split.feature]
      // Halfway to the next value present in the data; rounding must not reach that value.
      let low = values[Int(split.rank)]
      var threshold = low + (values[Int(split.nextRank)] - low) / 2
      if threshold >= values[Int(split.nextRank)] { threshold = low }
      nodes[node].feature = Int32(split.feature)
      nodes[node].threshold = threshold
      nodes[node].left = Int32(nodes.count)
      nodes[node].right = Int32(nodes.count + 1)
      nodes.append(leaf(range.lowerBound..<middle))
      nodes.append(leaf(middle..<range.upperBound))
      open.append((nodes.count - 1, middle..<range.upperBound))
      open.append((nodes.count - 2, range.lowerBound..<middle))
    }
    return DecisionTree(nodes: nodes)
  }

  private func leaf(_ range: Range<Int>) -> DecisionTree.Node {
    let first = range.count { isFirst[Int(samples[$0])] }
    return DecisionTree.Node(
      feature: -1, left: -1, right: -1, threshold: 0, share: Float(first) / Float(range.count))
  }

  private struct Split {
    var feature = -1
    var rank: UInt32 = 0
    var nextRank: UInt32 = 0
    /// Impurity decrease times the number of samples.
    var decrease = 0.0
  }

  /// The split with the largest decrease among sqrt(d) random features; more are looked at while
  /// none of them varies. The first of equals wins. Adds the decrease to the importances.
  private mutating func bestSplit(_ range: Range<Int>, rng: inout CounterRNG) -> Split? {
    let wanted = max(1, Int(Double(features.count).squareRoot()))
    let n = range.count
    let n0 = range.count { isFirst[Int(samples[$0])] }
    let parent = impurity(n0, n)
    var best = Split()
    var highest = -1.0
    var tried = 0
    while tried < features.count && (tried < wanted || best.feature < 0) {
      features.swapAt(tried, tried + rng.index(below: features.count - tried))
      let feature = features[tried]
      tried += 1
      sortKeys(range, feature: feature)
      var (left, left0) = (0, 0)
      for k in 0..<(n - 1) {
        left += 1
        left0 += Int(keys[k] & 1)
        let (rank, next) = (keys[k] >> 1, keys[k + 1] >> 1)
        if rank == next { continue }
        let decrease = parent - impurity(left0, left) - impurity(n0 - left0, n - left)
        if decrease > highest {
          highest = decrease
          best = Split(feature: feature, rank: rank, nextRank: next, decrease: decrease)
        }
      }
    }
    guard best.feature >= 0 else { return nil }
    decreases[best.feature] += max(best.decrease, 0)
    return best
  }

  /// Gini impurity times the number of samples: 2 n p (1 - p).
  private func impurity(_ first: Int, _ n: Int) -> Double {
    2 * Double(first) * Double(n - first) / Double(n)
  }

  /// Fills `keys` with (rank, label) of the samples in ascending order: least significant digits
  /// first, 11 bits a pass, or the library's sort for few.
  private mutating func sortKeys(_ range: Range<Int>, feature: Int) {
    let base = feature * ranks.rows
    var largest: UInt32 = 0
    for (k, i) in range.enumerated() {
      let sample = Int(samples[i])
      let key = ranks.ranks[base + sample] << 1 | (isFirst[sample] ? 1 : 0)
      keys[k] = key
      largest = max(largest, key)
    }
    if range.count < 256 {
      keys[0..<range.count].sort()
      return
    }
    var shift: UInt32 = 0
    while largest >> shift > 0 {
      var counts = [Int](repeating: 0, count: 2049)
      for k in 0..<range.count { counts[Int(keys[k] >> shift & 2047) + 1] += 1 }
      for b in 0..<2048 { counts[b + 1] += counts[b] }
      for k in 0..<range.count {
        let digit = Int(keys[k] >> shift & 2047)
        spare[counts[digit]] = keys[k]
        counts[digit] += 1
      }
      swap(&keys, &spare)
      shift += 11
    }
  }

  /// Moves the samples of the left side to the front of the range, keeping order; returns the
  /// boundary.
  private mutating func divide(_ range: Range<Int>, _ split: Split) -> Int {
    let base = split.feature * ranks.rows
    var (left, right) = (range.lowerBound, 0)
    for i in range {
      if ranks.ranks[base + Int(samples[i])] <= split.rank {
        samples[left] = samples[i]
        left += 1
      } else {
        partition[right] = samples[i]
        right += 1
      }
    }
    for k in 0..<right { samples[left + k] = partition[k] }
    return left
  }
}
