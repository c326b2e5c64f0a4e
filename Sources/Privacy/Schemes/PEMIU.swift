// PE-MIU (Terhörst et al. 2020): an embedding is cut into blocks of consecutive coordinates, and the
// blocks of every template are put in a fresh random order. Comparison finds the order again.
// d dimensions, n = d/block blocks.
import CKernels
import Kernels

/// Blocks in random order, compared by optimal assignment.
package struct PEMIU: ProtectionScheme {
  /// Coordinates of a block.
  package let block: Int
  package let templateWidth: Int
  package let seed: UInt64

  package var name: String { "pe-miu-\(block)" }
  private var blocks: Int { templateWidth / block }

  /// - Throws: `PrivacyError.blockDoesNotDivide`.
  package init(dimension: Int, block: Int, seed: UInt64) throws {
    guard block > 0, dimension > 0, dimension % block == 0 else {
      throw PrivacyError.blockDoesNotDivide(block: block, dimension: dimension)
    }
    self.block = block
    templateWidth = dimension
    self.seed = seed
  }

  /// Source block of each position of a template.
  package func permutation(serial: UInt32, role: TemplateRole) -> [Int] {
    var rng = CounterRNG(seed: seed, purpose: .protection, subject: serial, step: role.rawValue)
    var order = Array(0..<blocks)
    rng.shuffle(&order)
    return order
  }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix {
    let templates = FloatMatrix(rows: vectors.rows, columns: templateWidth)
    for i in 0..<vectors.rows {
      let (source, target) = (vectors[row: i], templates[row: i])
      for (position, from) in permutation(serial: serials[i], role: role).enumerated() {
        for c in 0..<block { target[position * block + c] = source[from * block + c] }
      }
    }
    return templates
  }

  package func compare(
    reference: UnsafeBufferPointer<Float>, probe: UnsafeBufferPointer<Float>
  ) -> Double {
    BlockComparison(
      reference: reference.map(Double.init), probe: probe.map(Double.init), block: block
    ).score
  }

  package func compare(
    references: FloatMatrix, rows: Range<Int>, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>
  ) {
    let comparator = BlockComparator(blocks: blocks, width: block)
    let left = BlockTemplates(references, rows: rows, block: block, transposed: false)
    let right = BlockTemplates(probes, rows: 0..<probes.rows, block: block, transposed: true)
    for i in 0..<rows.count {
      for j in 0..<probes.rows {
        comparator.compare(left[i], right[j])
        scores[i * probes.rows + j] = Float(
          comparator.cosine(squareNorms: left.squareNorms[i], right.squareNorms[j]))
      }
    }
  }

  /// Templates with their blocks assigned to those of the anchor, which undoes most of the
  /// permutation for an attacker who knows typical embeddings.
  package func attackFeatures(templates: FloatMatrix, anchor: [Float]) -> Matrix64 {
    precondition(anchor.count == templateWidth, "anchor of \(anchor.count)")
    var features = Matrix64(rows: templates.rows, columns: templateWidth)
    let reference = anchor.map(Double.init)
    for i in 0..<templates.rows {
      let probe = templates[row: i].map(Double.init)
      let ordered = BlockComparison(reference: reference, probe: probe, block: block).reordered
      for j in 0..<templateWidth { features[i, j] = ordered[j] }
    }
    return features
  }
}

/// One comparison with all its intermediate results.
package struct BlockComparison: Sendable {
  /// Euclidean distances of reference blocks (rows) and probe blocks (columns).
  package let costs: [Double]
  /// Probe block assigned to each reference block.
  package let assignment: [Int]
  package let totalCost: Double
  /// The probe with its blocks in the order of the reference's.
  package let reordered: [Double]
  /// Cosine of the reference and the reordered probe.
  package let score: Double

  /// Both vectors protected, of equal length, a multiple of `block`.
  package init(reference: [Double], probe: [Double], block: Int) {
    precondition(reference.count == probe.count && reference.count % block == 0)
    let n = reference.count / block
    let comparator = BlockComparator(blocks: n, width: block)
    let stride = comparator.assignment.stride
    var columns = [Double](repeating: 0, count: stride * block)
    for j in 0..<n { for c in 0..<block { columns[c * stride + j] = probe[j * block + c] } }
    comparator.compare(reference, columns)
    costs = (0..<n).flatMap { i in
      (0..<n).map { comparator.assignment.costs[i * stride + $0] }
    }
    let assigned = (0..<n).map { Int(comparator.assignment.columnOfRow[$0]) }
    assignment = assigned
    var total = 0.0
    for i in 0..<n { total += costs[i * n + assigned[i]] }
    totalCost = total
    reordered = assigned.flatMap { probe[($0 * block)..<(($0 + 1) * block)] }
    func square(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 } }
    score = comparator.cosine(squareNorms: square(reference), square(probe))
  }
}

/// Buffers of comparisons of one shape.
private struct BlockComparator: ~Copyable {
  let width: Int
  let assignment: OptimalAssignment
  private let squares: UnsafeMutablePointer<Double>

  init(blocks: Int, width: Int) {
    self.width = width
    assignment = OptimalAssignment(n: blocks)
    squares = .allocate(capacity: blocks * assignment.stride)
  }

  deinit { squares.deallocate() }

  /// Costs and assignment of a reference (block by block) and a probe (coordinate by coordinate).
  func compare(_ reference: UnsafePointer<Double>, _ probe: UnsafePointer<Double>) {
    mote_block_distances(reference, probe, assignment.n, width, squares, assignment.costs)
    assignment.solve()
  }

  /// 2 r.p = |r|^2 + |p|^2 - sum of squared distances of assigned blocks.
  func cosine(squareNorms left: Double, _ right: Double) -> Double {
    var sum = 0.0
    for i in 0..<assignment.n {
      sum += squares[i * assignment.stride + Int(assignment.columnOfRow[i])]
    }
    let length = (left * right).squareRoot()
    return length > 0 ? (left + right - sum) / 2 / length : 0
  }
}

/// Templates widened once for many comparisons.
private final class BlockTemplates {
  let squareNorms: [Double]
  private let size: Int
  private let memory = AlignedMemory()
  private let values: UnsafeMutablePointer<Double>

  init(_ matrix: FloatMatrix, rows: Range<Int>, block: Int, transposed: Bool) {
    let n = matrix.columns / block
    let stride = (n + 7) / 8 * 8
    size = transposed ? stride * block : matrix.columns
    values = memory.zeros(Double.self, rows.count * size)
    var norms: [Double] = []
    for (i, row) in rows.enumerated() {
      var square = 0.0
      let target = values + i * size
      for (k, value) in matrix[row: row].enumerated() {
        square += Double(value) * Double(value)
        target[transposed ? (k % block) * stride + k / block : k] = Double(value)
      }
      norms.append(square)
    }
    squareNorms = norms
  }

  subscript(i: Int) -> UnsafePointer<Double> { UnsafePointer(values + i * size) }
}
