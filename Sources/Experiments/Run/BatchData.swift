import Biometrics
import Configurations
import Datasets
import Kernels
import Records
import Specs

/// The data of a batch of cells: partitions, audit, and the comparisons to make.
struct BatchData {
  let set: EmbeddingSet
  let partitions: [SubjectPartition]
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
  /// - Throws: `DatasetError`, `PartitionError`, `ProtocolError`.
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
    // People, references and limits are the same in all repeats.
    var partitions = try division.partition.partitions(
      of: set, others: others, seed: division.seed, needsCohort: division.cohort != nil,
      needsDevelopment: division.development != nil, split: shelf.split(division)
    ).map { $0.limited(to: division.limits, seed: division.seed) }
    let comparisons = try partitions.map {
      try ComparisonProtocol(
        partition: $0, reference: division.reference, unlabelled: division.unlabelled,
        seed: division.seed)
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
      warnings += outcome.warnings
    }
    self.comparisons = comparisons
    units = UnitOfWork.units(of: comparisons)
    groups = try SubjectGroups(inputs.evaluation.groups, of: set)
    self.set = set
    self.partitions = partitions
    audit = outcomes.flatMap(\.lines)
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

  /// The draws of the subject bootstrap: each replicate draws as many subjects as are evaluated,
  /// with replacement. Keyed by bootstrap seed, replicate and the order of subject identifiers
  /// alone, so that all systems on these subjects, whatever the extractor, meet the same draws.
  func bootstrapDraws(_ bootstrap: BootstrapSpec) -> BootstrapDraws? {
    guard bootstrap.replicates > 0 else { return nil }
    let subjects = comparisons.flatMap(\.referenceSubjects).sorted {
      set.subjects[Int($0)] < set.subjects[Int($1)]
    }
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

extension SubjectPartition {
  /// The partition with at most so many subjects in each part, drawn by seed and identifier.
  func limited(to limits: LimitsSpec, seed: UInt64) -> SubjectPartition {
    // Those whom the limit leaves are drawn among people with rows.
    SubjectPartition(
      fold: fold, cohort: cohort.limited(to: limits.cohortSubjects, seed: seed),
      development: development.limited(to: limits.developmentSubjects, seed: seed),
      evaluation: evaluation.limited(to: limits.evaluationSubjects, seed: seed),
      evaluationSubjects: limits.evaluationSubjects == nil ? evaluationSubjects : nil,
      references: references)
  }
}

extension EmbeddingRows {
  /// The rows of at most `count` subjects; the draw does not depend on the order of the file.
  func limited(to count: Int?, seed: UInt64) -> EmbeddingRows {
    var chosen = subjects.sorted { set.subjects[Int($0)] < set.subjects[Int($1)] }
    guard let count, chosen.count > count else { return self }
    var rng = CounterRNG(seed: seed, purpose: .cohortSelection)
    rng.shuffle(&chosen)
    var isChosen = [Bool](repeating: false, count: set.subjects.count)
    for s in chosen.prefix(count) { isChosen[Int(s)] = true }
    return EmbeddingRows(set: set, rows: rows.filter { isChosen[Int(set.subjectOfRow[Int($0)])] })
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
