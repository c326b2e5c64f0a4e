import Specs

// Where records of learning curves are.

extension ResultStore {
  package var learningFolder: String { folder + "/learning-curves" }

  /// Where the learning curves of a cell are.
  package func learningPath(_ key: Cell) -> String { "\(learningFolder)/\(key.slug).json" }

  /// The learning curves that are kept for a cell; nil: none of these inputs.
  package func learningRecord(_ key: Cell, inputHash: String) -> LearningRecord? {
    kept(at: learningPath(key), of: key, inputHash: inputHash)
  }

  package func write(_ record: LearningRecord) throws(StoreError) {
    try RecordFolder.write(record, to: learningPath(record.key))
  }

  /// Moves learning curves of other inputs to `records/stale/`.
  ///
  /// - Parameter current: hashes of the inputs by cell.
  /// - Returns: what was moved and why, one line each, sorted.
  package func setAsideLearning(current: [Cell: String]) throws(StoreError) -> [String] {
    try setAside(LearningRecord.self, in: "learning-curves", current: current)
  }
}
