import Records

/// How a run is carried out; nothing here affects results.
package struct RunOptions: Sendable {
  /// Folder of all experiments' results.
  package var results: String
  /// Threads that enrol and score.
  package var workers: Int
  /// Stop at the first unit of work that fails.
  package var failsFast: Bool
  /// Do this share of the units only, and leave the evaluation to `Runner.merge`.
  package var shard: Shard?
  /// Bytes that the run may use; nil: as many as it needs.
  package var maximumBytes: Int?

  package init(
    results: String = "results", workers: Int = 1, failsFast: Bool = false, shard: Shard? = nil,
    maximumBytes: Int? = nil
  ) {
    self.results = results
    self.workers = workers
    self.failsFast = failsFast
    self.shard = shard
    self.maximumBytes = maximumBytes
  }
}
