import Biometrics
import Configurations
import Datasets
import Kernels
import MOTE
import Records
import Specs

/// The data of a batch of cells: partitions, audit, and the comparisons to make.
struct BatchData {
  let set: EmbeddingSet
  let partitions: [SubjectPartition]
  /// The cohort of each partition without the cut to a male share: who must not be an attacker's.
  let uncutCohorts: [EmbeddingRows]
  /// One per partition.
  let comparisons: [ComparisonProtocol]
  /// Units of work by fold.
  let units: [[UnitOfWork]]
  /// Lines of the protocol audit and warnings of the dataset checks, for the record.
  let audit: [String]
  let warnings: [String]
  /// Seed of training (and of protected templates), another one in each repeat; 0 where nothing is
  /// drawn.
  let seed: UInt64
  /// Seed of all that says who is compared with whom, and of what an attacker draws.
  let protocolSeed: UInt64
  /// Bandwidths that were searched in the run.
  let bandwidths: SearchedBandwidths
  /// Demographic groups of the subjects.
  let groups: SubjectGroups
  /// Key of each subject's random draws, [s]: its place among the sorted identifiers, so that it
  /// depends on neither extractor nor file order.
  let subjectKeys: [UInt32]

  /// Opens the data of a batch in a run, and tells what was found.
  init(_ batch: CellBatch, _ lookup: Lookup, _ run: RunContext) throws {
    try self.init(lookup.inputs(of: batch), shelf: lookup.shelf)
    for line in audit { run.journal.report(.information(line)) }
    for text in warnings { run.journal.report(.warning(text)) }
  }

  /// Loads, divides and audits.
  ///
  /// - Throws: `DatasetError`, `UnitVectors`, `PartitionError`, `CohortOfOneGender`, `ProtocolError`.
  init(_ inputs: CellInputs, shelf: DataShelf) throws {
    let division = inputs.division
    let set = try shelf.load(division.evaluated)
    var warnings = shelf.warnings(of: division.evaluated)
    var others: [EmbeddingSet] = []
    for other in [division.cohort, division.development].compactMap(\.self).distinct()
    where other != division.evaluated {
      others.append(try shelf.load(other))
      warnings += shelf.warnings(of: other)
    }
    if inputs.audit.refusesUnitVectors { try ([set] + others).forEach(UnitVectors.check) }
    // People, references and limits are the same in all repeats.
    var partitions = try division.partition.partitions(
      of: set, others: others, seed: division.seed, needsCohort: division.cohort != nil,
      needsDevelopment: division.development != nil, split: shelf.split(division),
      enrolled: division.enrolled
    ).map { $0.limited(to: division.limits, seed: division.seed) }
    if let wanted = division.limits.cohortSubjects,
      let fewest = partitions.map({ $0.cohort.subjects.count }).min(), fewest < wanted
    {
      warnings.append(
        "cohort_subjects is \(grouped(wanted)), and there are \(grouped(fewest)): all are taken, as without"
          + " the limit")
    }
    var uncutCohorts = partitions.map(\.cohort)
    if let share = division.cohortMaleShare {
      partitions = try partitions.map {
        $0.with(cohort: try $0.cohort.cut(toMaleShare: share, seed: division.seed))
      }
    }
    let comparisons = try partitions.map {
      try ComparisonProtocol(
        partition: $0, reference: division.reference, enrolled: division.enrolled,
        unlabelled: division.unlabelled, seed: division.seed)
    }
    let rule: NearDuplicateRule =
      division.dropsNearDuplicates ? .drop : inputs.audit.refusesNearDuplicates ? .refuse : .warn
    let outcomes = try shelf.audits(inputs) {
      try zip(partitions, comparisons).map { partition, comparison in
        try partition.audited(
          references: comparison.referenceRows, nearDuplicates: rule,
          allowsOverlap: inputs.audit.allowOverlap)
      }
    }
    for (fold, outcome) in outcomes.enumerated() {
      partitions[fold] = partitions[fold].without(
        cohort: outcome.cohort, development: outcome.development)
      uncutCohorts[fold] = uncutCohorts[fold].without(outcome.cohort)
      warnings += outcome.warnings
    }
    self.comparisons = comparisons
    units = UnitOfWork.units(of: comparisons)
    groups = try SubjectGroups(inputs.evaluation.groups, of: set)
    self.set = set
    self.partitions = partitions
    self.uncutCohorts = uncutCohorts
    bandwidths = shelf.bandwidths
    audit = outcomes.flatMap(\.lines) + comparisons.compactMap(\.enrolmentLine)
    self.warnings = warnings + groups.warnings
    seed = inputs.seed
    protocolSeed = division.seed
    var keys = [UInt32](repeating: 0, count: set.subjects.count)
    for (key, s) in set.subjects.indices.sorted(by: { set.subjects[$0] < set.subjects[$1] })
      .enumerated()
    {
      keys[s] = UInt32(key)
    }
    subjectKeys = keys
  }

  /// References of all folds.
  var references: Int { comparisons.reduce(0) { $0 + $1.referenceCount } }

  /// What an evaluation counted, with the subjects that could not be enrolled.
  func withFailuresToEnrol(_ counts: EvaluationCounts) -> EvaluationCounts {
    var counts = counts
    counts.failuresToEnrol = comparisons.reduce(0) { $0 + $1.subjectsWithoutReference.count }
    return counts
  }

  /// Everybody with a reference or a probe, folds one after the other.
  private var subjects: [Int32] {
    comparisons.flatMap { $0.referenceSubjects + $0.subjectsNotEnrolled }
  }

  /// The draws of the subject bootstrap: each replicate draws as many subjects as are evaluated,
  /// with replacement. Keyed by bootstrap seed, replicate and the order of subject identifiers
  /// alone, so that all systems on these subjects, whatever the extractor, meet the same draws.
  func bootstrapDraws(_ bootstrap: BootstrapSpec) -> BootstrapDraws? {
    guard bootstrap.replicates > 0 else { return nil }
    let subjects = self.subjects.sorted { set.subjects[Int($0)] < set.subjects[Int($1)] }
    return BootstrapDraws(replicates: bootstrap.replicates) { replicate, multiplicities in
      multiplicities.update(repeating: 0)
      var rng = CounterRNG(
        seed: bootstrap.seed, purpose: .bootstrap, step: UInt32(truncatingIfNeeded: replicate))
      for _ in subjects.indices {
        multiplicities[Int(subjects[rng.index(below: subjects.count)])] += 1
      }
    }
  }

  /// The trials of a scored cell.
  ///
  /// - Parameter blocks: the scores of each fold, top to bottom.
  func trials(blocks: [[ScoreMatrix]]) -> TrialSet {
    let strata = zip(comparisons, blocks).map { comparison, blocks in
      TrialStratum(
        blocks: blocks, referenceSubject: comparison.referenceSubjects,
        probeSubject: comparison.probeSubjects, ownColumn: comparison.ownColumns)
    }
    return TrialSet(strata: strata, subjectGroup: groups.ofSubject, groups: groups.names)
  }
}

extension EmbeddingRows {
  /// The rows as one matrix.
  func packed() -> FloatMatrix {
    let matrix = FloatMatrix(rows: rows.count, columns: set.dimension)
    for (i, row) in rows.enumerated() {
      matrix[row: i].baseAddress!.update(
        from: set.vectors[row: Int(row)].baseAddress!, count: set.dimension)
    }
    return matrix
  }
}

extension ComparisonProtocol {
  /// For the audit: how many of the evaluated people are enrolled; nil: all that can be.
  fileprivate var enrolmentLine: String? {
    if subjectsNotEnrolled.isEmpty { return nil }
    let people = referenceCount + subjectsNotEnrolled.count
    return
      "\(set.dataset), fold \(fold): \(grouped(referenceCount)) of \(grouped(people)) evaluated people "
      + "are enrolled, \(grouped(subjectsNotEnrolled.count)) without a second sample are probes only"
  }
}

/// A file that holds vectors of length 1 alone, where vectors as an extractor gave them are asked for.
package struct UnitVectors: Error, CustomStringConvertible, Equatable {
  let name: String
  let path: String
  let rows: Int

  package var description: String {
    "\(path): all \(grouped(rows)) vectors of '\(name)' have length 1 (to one part in 1,000), so the file "
      + "holds none as the extractor gave them, and 'input: raw' would be 'input: normalised'; export the "
      + "embeddings before they are normalised, or leave this configuration out"
  }

  /// - Throws: `UnitVectors` where there is no other length.
  fileprivate static func check(_ set: EmbeddingSet) throws(UnitVectors) {
    guard set.norms.allSatisfy({ abs($0 - 1) < 1e-3 }) else { return }
    throw UnitVectors(
      name: "\(set.dataset)/\(set.extractor)", path: set.path, rows: set.norms.count)
  }
}
