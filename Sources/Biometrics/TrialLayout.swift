// The trial set prepared for passes over the scores: rows by pointer, mated columns by subject,
// group codes by row and column.

/// A trial set laid out for streaming. Codes: 0 ..< groups are the groups, `groups` is unlabelled.
final class TrialLayout: @unchecked Sendable {
  /// One row of a score matrix.
  struct Row {
    var scores: UnsafePointer<Float>
    var stratum: Int
    var subject: Int32
    var code: Int
    /// Column of the reference's own sample, or -1.
    var ownColumn: Int32
  }

  /// One fold.
  struct Stratum {
    var probes: Int
    var probeSubject: [Int32]
    var probeCode: [UInt8]
    /// Columns sorted by subject, ascending within a subject, and where each subject's begin.
    var columnsBySubject: [Int32]
    var columnOffsets: [Int32]
    /// Subjects with a reference or a probe here, with the number of each.
    var presence: [(subject: Int32, references: Int, probes: Int)]
  }

  let trials: TrialSet
  let groups: Int
  let subjects: Int
  /// Code of each subject.
  let subjectCode: [UInt8]
  let strata: [Stratum]
  let rows: [Row]

  init(_ trials: TrialSet) {
    self.trials = trials
    groups = trials.groups.count
    subjects = trials.subjectGroup.count
    let unlabelled = UInt8(trials.groups.count)
    let codes = trials.subjectGroup.map { $0 < unlabelled ? $0 : unlabelled }
    subjectCode = codes
    var rows: [Row] = []
    strata = trials.strata.enumerated().map { number, stratum in
      var row = 0
      for block in stratum.blocks {
        for i in 0..<block.rows {
          let subject = stratum.referenceSubject[row]
          rows.append(
            Row(
              scores: block.base + i * block.stride, stratum: number, subject: subject,
              code: Int(codes[Int(subject)]), ownColumn: stratum.ownColumn[row]))
          row += 1
        }
      }
      return Stratum(stratum, codes: codes)
    }
    self.rows = rows
  }

  /// Mated columns of a row, ascending.
  func matedColumns(of row: Row) -> ArraySlice<Int32> {
    let stratum = strata[row.stratum]
    let s = Int(row.subject)
    return stratum.columnsBySubject[
      Int(stratum.columnOffsets[s])..<Int(stratum.columnOffsets[s + 1])]
  }

  /// Calls `body` with every stretch of columns between a row's mated columns: its non-mated ones.
  @inline(__always)
  func forEachNonMatedStretch(of row: Row, _ body: (Range<Int>) -> Void) {
    var start = 0
    for column in matedColumns(of: row) {
      if Int(column) > start { body(start..<Int(column)) }
      start = Int(column) + 1
    }
    let end = strata[row.stratum].probes
    if end > start { body(start..<end) }
  }

  /// Rows per unit of work: enough for one thread to be busy for about a millisecond.
  static let rowsPerUnit = 64

  var units: Int { (rows.count + TrialLayout.rowsPerUnit - 1) / TrialLayout.rowsPerUnit }

  func rows(ofUnit unit: Int) -> Range<Int> {
    let start = unit * TrialLayout.rowsPerUnit
    return start..<min(start + TrialLayout.rowsPerUnit, rows.count)
  }
}

extension TrialLayout.Stratum {
  fileprivate init(_ stratum: TrialStratum, codes: [UInt8]) {
    probes = stratum.probeSubject.count
    probeSubject = stratum.probeSubject
    probeCode = stratum.probeSubject.map { codes[Int($0)] }
    var offsets = [Int32](repeating: 0, count: codes.count + 1)
    for s in stratum.probeSubject { offsets[Int(s) + 1] += 1 }
    var references = [Int](repeating: 0, count: codes.count)
    for s in stratum.referenceSubject { references[Int(s)] += 1 }
    presence = []
    for s in 0..<codes.count {
      let probes = Int(offsets[s + 1])
      if probes > 0 || references[s] > 0 { presence.append((Int32(s), references[s], probes)) }
      offsets[s + 1] += offsets[s]
    }
    var next = offsets
    var columns = [Int32](repeating: 0, count: stratum.probeSubject.count)
    for (column, s) in stratum.probeSubject.enumerated() {
      columns[Int(next[Int(s)])] = Int32(column)
      next[Int(s)] += 1
    }
    columnsBySubject = columns
    columnOffsets = offsets
  }
}

/// Numbers of non-mated comparisons by population, weighted or not, in closed form.
struct NonMatedTotals {
  /// By row code: reference and probe with the same code; reference with the code, any probe.
  var same: [Int]
  var reference: [Int]

  /// Sum over i, j of m_i m_j over all pairs of a stratum minus the pairs of a subject with itself.
  ///
  /// - Parameter multiplicity: m of each subject.
  init(_ layout: TrialLayout, multiplicity: (Int) -> Int) {
    let codes = layout.groups + 1
    same = [Int](repeating: 0, count: codes)
    reference = same
    var r = same
    var p = same
    for stratum in layout.strata {
      for code in 0..<codes {
        r[code] = 0
        p[code] = 0
      }
      for (subject, references, probes) in stratum.presence {
        let m = multiplicity(Int(subject))
        if m == 0 { continue }
        let code = Int(layout.subjectCode[Int(subject)])
        r[code] += m * references
        p[code] += m * probes
        same[code] -= m * m * references * probes
        reference[code] -= m * m * references * probes
      }
      let allProbes = p.reduce(0, +)
      for code in 0..<codes {
        same[code] += r[code] * p[code]
        reference[code] += r[code] * allProbes
      }
    }
  }

  subscript(population: Population) -> Int {
    switch population {
    case .all: reference.reduce(0, +)
    case .same(let group): same[group]
    case .reference(let group): reference[group]
    }
  }
}
