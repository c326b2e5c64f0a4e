// Comparison scores with the labels that say what each comparison is.
// Letters: s subjects, r references, p probes.

/// All references against all probes of one fold. References and probes of different strata are
/// never compared.
package struct TrialStratum: Sendable {
  /// The score matrix [r, p], top to bottom.
  package var blocks: [ScoreMatrix]
  /// Subject of each reference, [r]; numbering common to all strata.
  package var referenceSubject: [Int32]
  /// Subject of each probe, [p].
  package var probeSubject: [Int32]
  /// Column that holds the reference's own sample, [r]; -1 where there is none.
  package var ownColumn: [Int32]

  package init(
    blocks: [ScoreMatrix], referenceSubject: [Int32], probeSubject: [Int32], ownColumn: [Int32]
  ) {
    self.blocks = blocks
    self.referenceSubject = referenceSubject
    self.probeSubject = probeSubject
    self.ownColumn = ownColumn
  }
}

/// All comparisons of one system on one dataset. Mated: reference and probe of the same subject.
package struct TrialSet: Sendable {
  package var strata: [TrialStratum]
  /// Group of each subject, [s]: an index into `groups`; anything else is unlabelled and counts
  /// towards "all" only.
  package var subjectGroup: [UInt8]
  /// Names of the demographic groups, at most 15.
  package var groups: [String]

  package init(
    strata: [TrialStratum], subjectGroup: [UInt8], groups: [String] = ["male", "female"]
  ) {
    self.strata = strata
    self.subjectGroup = subjectGroup
    self.groups = groups
  }

  /// Checks lengths and ranges, so that the passes over the scores need not.
  package func validate() throws(MetricError) {
    guard groups.count <= 15 else {
      throw .indexOutOfRange(what: "number of groups", found: groups.count, limit: 16)
    }
    let s = subjectGroup.count
    for (fold, stratum) in strata.enumerated() {
      let r = stratum.referenceSubject.count
      let p = stratum.probeSubject.count
      let rows = stratum.blocks.reduce(0) { $0 + $1.rows }
      guard rows == r else {
        throw .lengthMismatch(what: "fold \(fold), rows of scores", found: rows, expected: r)
      }
      for block in stratum.blocks where block.columns != p || block.stride < p {
        throw .lengthMismatch(
          what: "fold \(fold), columns of scores", found: block.columns, expected: p)
      }
      guard stratum.ownColumn.count == r else {
        throw .lengthMismatch(
          what: "fold \(fold), own columns", found: stratum.ownColumn.count, expected: r)
      }
      for labels in [stratum.referenceSubject, stratum.probeSubject] {
        if let bad = labels.first(where: { $0 < 0 || Int($0) >= s }) {
          throw .indexOutOfRange(what: "fold \(fold), subject", found: Int(bad), limit: s)
        }
      }
      for (row, column) in stratum.ownColumn.enumerated() where column != -1 {
        guard column >= 0 && Int(column) < p else {
          throw .indexOutOfRange(what: "fold \(fold), own column", found: Int(column), limit: p)
        }
        let own = stratum.probeSubject[Int(column)]
        guard own == stratum.referenceSubject[row] else {
          throw .indexOutOfRange(
            what: "fold \(fold), row \(row): own column of another subject", found: Int(column),
            limit: p)
        }
      }
    }
  }
}
