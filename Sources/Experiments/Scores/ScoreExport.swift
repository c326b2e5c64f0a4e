import Biometrics
import Datasets
import MOTE
import Records
import Specs

/// Makes the comparisons of one cell again and hands them on, block by block: networks are trained as a run
/// trains them, so that the scores are those of its record.
package struct ScoreExport {
  private let spec: ExperimentSpec
  private let workers: Int
  private let interruption: Interruption
  private let report: (String) -> Void

  /// - Parameters:
  ///   - workers: threads; scores do not depend on them.
  ///   - report: receives a line per step.
  package init(
    _ spec: ExperimentSpec, workers: Int, interruption: Interruption,
    report: @escaping (String) -> Void
  ) {
    self.spec = spec
    self.workers = workers
    self.interruption = interruption
    self.report = report
  }

  /// What was exported.
  package struct Summary: Sendable {
    package let cell: Cell
    package let isSynthetic: Bool
    package let provenance: Provenance
    /// Comparisons of references with probes of the same and of other people, without those of a
    /// reference with its own sample.
    package var mated = 0
    package var nonMated = 0
  }

  /// - Parameters:
  ///   - name: of the cell, as records are named; nil: the only one of the spec.
  ///   - prepare: called with the number of folds before anything is scored; makes what takes the scores.
  /// - Throws: `ScoreExportError`, `Interrupted`, what data, training and sink throw.
  package func export(
    _ name: String?, to prepare: (_ folds: Int) throws -> any ScoreSink
  ) throws -> Summary {
    let cell = try cell(named: name)
    let shelf = try DataShelf(spec: spec)
    let inputs = spec.inputs(of: cell, shelf.hashes)
    let data = try BatchData(inputs, shelf: shelf)
    for warning in data.warnings { report("warning: \(warning)") }
    let clock = ProvenanceClock()
    let sink = try prepare(data.comparisons.count)
    var summary = Summary(
      cell: cell, isSynthetic: data.set.isSynthetic,
      provenance: clock.provenance(
        .current(spec: spec, dataHashes: shelf.hashesByPath), cell))
    for (fold, comparison) in data.comparisons.enumerated() {
      try sink.begin(ScoredFold(comparison))
      let score = try scorer(data, inputs, fold: fold)
      for unit in data.units[fold] {
        try interruption.check()
        let scores = try score(unit)
        try sink.write(scores, rows: unit.rows)
        summary.count(comparison, unit.rows)
        report(
          "\(cell.title), fold \(fold): \(unit.rows.upperBound) of \(comparison.referenceCount) references"
        )
      }
    }
    try sink.finish()
    return summary
  }

  /// What scores a unit of a fold.
  private func scorer(
    _ data: BatchData, _ inputs: CellInputs, fold: Int
  ) throws -> (UnitOfWork) throws -> ScoreMatrix {
    let comparison = data.comparisons[fold]
    let probes = comparison.probes(asRead: inputs.enrolment == nil)
    let columns = ScoreColumns(probes: comparison.probeCount)
    guard let enrolment = inputs.enrolment else {
      return { data.cosines(of: $0, probes: probes, columns: columns).scores }
    }
    let crew = try EnrolmentCrew(
      data.partitions[fold], enrolment, bandwidths: data.bandwidths, workers: workers,
      interruption: interruption)
    return {
      try crew.enrolAndCompare(
        $0, comparison, probes: probes, columns: columns, subjectKeys: data.subjectKeys,
        factor: enrolment.balancingFactors[0], seed: data.seed
      ).scores
    }
  }

  private func cell(named name: String?) throws -> Cell {
    let all = spec.evaluatedCells()
    let known = all.filter { !$0.choosesFactor }
    guard let name else {
      if known.count == 1 { return known[0] }
      throw ScoreExportError.whichCell(known: known.map(\.slug))
    }
    if let cell = known.first(where: { $0.slug == name }) { return cell }
    throw all.contains { $0.slug == name }
      ? ScoreExportError.choosesFactor(name)
      : ScoreExportError.unknownCell(name, known: known.map(\.slug))
  }
}

extension ScoreExport.Summary {
  /// Adds the comparisons of some references.
  fileprivate mutating func count(_ comparison: ComparisonProtocol, _ rows: Range<Int>) {
    for i in rows {
      let subject = comparison.referenceSubjects[i]
      let own = comparison.ownColumns[i] >= 0 ? 1 : 0
      let same = comparison.probeSubjects.count { $0 == subject }
      mated += same - own
      nonMated += comparison.probeCount - same
    }
  }
}

/// A sample with what a score file says of it.
package struct ScoredSample: Sendable {
  package let identity: String
  package let gender: String
  /// The sample's file name where the data have one, else its row in the file of embeddings.
  package let key: String

  init(_ set: EmbeddingSet, row: Int32) {
    let subject = Int(set.subjectOfRow[Int(row)])
    identity = set.subjects[subject]
    gender = set.genderOfSubject[subject].name
    key = set.filenames.isEmpty ? "\(set.fileRow(row))" : set.filenames[Int(row)]
  }
}

/// References and probes of a fold, whose scores are a matrix [references, probes].
package struct ScoredFold: Sendable {
  package let number: Int
  package let references: [ScoredSample]
  package let probes: [ScoredSample]
  /// Column of each reference's own sample; -1: it is no probe.
  package let ownColumns: [Int32]
  /// Whether a probe is of the reference's subject, by subjects in the set.
  private let referenceSubjects: [Int32]
  private let probeSubjects: [Int32]

  init(_ comparison: ComparisonProtocol) {
    number = comparison.fold
    references = comparison.referenceRows.map { ScoredSample(comparison.set, row: $0) }
    probes = comparison.probeRows.map { ScoredSample(comparison.set, row: $0) }
    ownColumns = comparison.ownColumns
    referenceSubjects = comparison.referenceSubjects
    probeSubjects = comparison.probeSubjects
  }

  package func isMated(_ reference: Int, _ probe: Int) -> Bool {
    referenceSubjects[reference] == probeSubjects[probe]
  }
}

/// Takes the scores of a cell, fold by fold and block by block. Nothing appears before `finish`.
package protocol ScoreSink: AnyObject {
  func begin(_ fold: ScoredFold) throws
  /// Scores of some references of the fold, [rows, probes].
  func write(_ scores: ScoreMatrix, rows: Range<Int>) throws
  func finish() throws
}

/// Why there are no scores to export.
package enum ScoreExportError: Error, Hashable, Sendable, CustomStringConvertible {
  case whichCell(known: [String])
  case unknownCell(String, known: [String])
  case choosesFactor(String)

  package var description: String {
    func list(_ names: [String]) -> String {
      names.isEmpty ? "none" : names.map { "\n  \($0)" }.joined()
    }
    return switch self {
    case .whichCell(let known): "name one cell with --cell: \(list(known))"
    case .unknownCell(let name, let known): "the spec has no cell '\(name)', but: \(list(known))"
    case .choosesFactor(let name):
      "'\(name)' takes each person's scores from cells with other balancing factors; export those"
    }
  }
}
