import Biometrics

/// What the columns of a score matrix are: probes, then what thresholds and balancing factors are
/// chosen by, where anything is.
struct ScoreColumns: Sendable, Hashable {
  /// Evaluation rows.
  var probes: Int
  /// Development rows: none of them is of an evaluated subject.
  var development = 0
  /// Synthetic mated samples of the reference's subject, male ones first.
  var selection = 0

  var total: Int { probes + development + selection }
}

/// The scores of some references of one fold, in memory of their own.
final class ScoreMatrix: @unchecked Sendable {
  let columns: ScoreColumns
  let rows: Int
  private let base: UnsafeMutablePointer<Float>

  init(rows: Int, columns: ScoreColumns) {
    self.rows = rows
    self.columns = columns
    base = .allocate(capacity: max(rows * columns.total, 1))
    base.initialize(repeating: 0, count: max(rows * columns.total, 1))
  }

  deinit { base.deallocate() }

  /// A copy of a block's scores.
  convenience init(_ block: ScoreBlock<UnitOutcome>, columns: ScoreColumns) {
    self.init(rows: block.rows, columns: columns)
    precondition(block.columns == columns.total, "\(block.columns) of \(columns.total) columns")
    block.scores.withUnsafeBufferPointer { scores in
      if let source = scores.baseAddress { base.update(from: source, count: scores.count) }
    }
  }

  /// Replaces a row by that of another matrix with the same columns.
  func copyRow(_ i: Int, from other: ScoreMatrix) {
    precondition(columns == other.columns)
    (base + i * columns.total).update(from: other.base + i * columns.total, count: columns.total)
  }

  /// The probes' scores as evaluation takes them.
  var probeBlock: Biometrics.ScoreBlock {
    Biometrics.ScoreBlock(
      base: base, rows: rows, columns: columns.probes, stride: columns.total, owner: self)
  }

  /// The probes' scores with a value subtracted from each row.
  ///
  /// - Parameter offsets: one per row.
  func probeBlock(subtracting offsets: ArraySlice<Double>) -> Biometrics.ScoreBlock {
    precondition(offsets.count == rows)
    let shifted = ScoreMatrix(rows: rows, columns: ScoreColumns(probes: columns.probes))
    for (i, offset) in offsets.enumerated() {
      let source = base + i * columns.total
      let target = shifted.base + i * columns.probes
      for j in 0..<columns.probes { target[j] = Float(Double(source[j]) - offset) }
    }
    return shifted.probeBlock
  }

  /// Scores of a row's development rows.
  func development(ofRow i: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      start: base + i * columns.total + columns.probes, count: columns.development)
  }

  /// Scores of a row's synthetic mated samples.
  func selection(ofRow i: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      start: base + i * columns.total + columns.probes + columns.development,
      count: columns.selection)
  }
}

extension ExperimentSpec {
  /// What a cell's score blocks hold besides the probes.
  func scoreColumns(of cell: CellKey) -> [String] {
    let chooses = choosesFactorPerSubject && cell.preset != nil
    return (usesDevelopmentThreshold || chooses ? ["development"] : [])
      + (chooses ? ["selection"] : [])
  }
}

extension CellKey {
  /// `balancingRule` of cells in which each person's factor is chosen at enrolment.
  package static let perSubject = "per-subject"

  /// True where each person's factor is chosen among those of other cells.
  package var choosesFactor: Bool { balancingRule == CellKey.perSubject }

  /// The same cell with one factor for everybody.
  func fixed(at factor: Double) -> CellKey {
    var key = self
    key.balancingRule = nil
    key.balancingFactor = factor
    return key
  }
}
