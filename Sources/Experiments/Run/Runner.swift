import Records
import Specs

/// Runs an experiment: every cell that has no current record is scored and evaluated, or attacked.
///
/// A run is five calls, and data flow through them one way:
///
/// 1. **Look up** (`Lookup`): the files are hashed, and each cell of the spec is held against its
///    record. What is there stays; the rest is to do.
/// 2. **Score** (`Scoring`): the cells to do come in batches that share data (`BatchData`). Each
///    unit of work enrols a few references and compares them with all probes; its scores are kept
///    on disk (`CellBlocks`), so that a run that was stopped goes on where it stood.
/// 3. **Evaluate** (`Evaluating`): the score blocks of a cell become error rates, and those the
///    cell's record.
/// 4. **Attack** (`Attacking`): the same for attacked cells: units of work hold what the attacker
///    observes, and become the reports of the audit.
/// 5. **Summarise** (`RunJournal`): what was done, what failed, and what it cost.
///
/// Where the spec asks for output `kde`, densities are compared with real images after that
/// (`KDEValidation`): by one run, not by its shards.
///
/// The order is dataset, extractor, repeat, configuration, fold, factor, unit of work: what is
/// expensive to make (data, KDEs, the packed cohort) is made once for all that lies below it. A
/// shard of a run scores and observes its units only; `merge` takes all of them over before step 2,
/// which then finds nothing to do.
package struct Runner {
  let spec: ExperimentSpec
  let options: RunOptions
  let store: ResultStore
  let interruption: Interruption
  let report: (RunEvent) -> Void

  /// - Parameter report: receives progress, on the calling thread.
  package init(
    _ spec: ExperimentSpec, options: RunOptions, interruption: Interruption,
    report: @escaping (RunEvent) -> Void
  ) {
    self.spec = spec
    self.options = options
    self.interruption = interruption
    self.report = report
    store = ResultStore(results: options.results, experiment: spec.name)
  }

  /// Does what is not done yet.
  ///
  /// - Throws: `StoreError` (folder in use, disk full), `Interrupted`, `HDF5Error` of unreadable
  ///   data. A unit of work that fails by itself is told in the summary; the rest goes on.
  package func run() throws -> RunSummary { try run { _ in nil } }

  /// Takes over the scores of shards and evaluates all cells.
  ///
  /// - Parameters:
  ///   - folders: results folders of the shards (what they were given with `--results`).
  ///   - allowsMixedVersions: accept shards made with other library versions or CPU kernels.
  /// - Throws: `MergeError` for shards of another spec, other data or code, and for units that no
  ///   shard has; what `run` throws.
  package func merge(_ folders: [String], allowsMixedVersions: Bool = false) throws -> RunSummary {
    try run {
      Merging(spec: spec, run: $0, folders: folders, allowsMixedVersions: allowsMixedVersions)
    }
  }

  private func run(merging: (RunContext) -> Merging?) throws -> RunSummary {
    let lock = try store.open()
    defer { lock.release() }
    if let warning = lock.warning { report(.warning(warning)) }
    let shelf = try DataShelf(spec: spec)
    let run = RunContext(
      provenance: .current(spec: spec, dataHashes: shelf.hashesByPath), options: options,
      store: store, interruption: interruption,
      journal: RunJournal(store: store, failsFast: options.failsFast, report: report))
    let lookup = try Lookup(spec, run, shelf)
    // What the data do not allow is told before anything is set aside or trained.
    try DataCheck.check(lookup, run.interruption, groupsAt: spec.groupsLocation)
    try lookup.setAsideStale(spec, run)
    try store.keep(spec, replaces: true)
    if options.shard == nil { try store.begin(PresentRun(run.provenance, of: spec)) }
    try spec.writeSplits(shelf, store, keepsCurrent: true)
    try merging(run)?.takeOver(lookup)
    try lookup.announce(run)
    for batch in lookup.batches {
      try run.attempt(batch.cells) {
        let data = try BatchData(batch, lookup, run)
        try Scoring(run: run, lookup: lookup, batch: batch, data: data).score()
        try Evaluating(run: run, lookup: lookup, batch: batch, data: data).evaluate()
      }
    }
    for cell in lookup.attacked {
      try run.attempt([cell]) { try Attacking(run: run, lookup: lookup, cell: cell).attack() }
    }
    if spec.outputs.contains(.kde), options.shard == nil {
      try run.attempt(spec.firstCells) {
        try KDEValidation(
          spec, store: store, workers: options.workers, interruption: interruption
        ) { run.journal.report(.information($0)) }.validate(shelf)
      }
    }
    return run.journal.summarised()
  }
}
