import Configurations
import Files
import Foundation
import Specs

/// The results folder of one experiment.
///
///     results/<experiment>/
///       records/<cell>.json         one EvaluationRecord per evaluated cell, complete or absent
///       records/attacks/<cell>.json one AttackRecord per attacked cell
///       records/subjects/<cell>.f32 one SubjectRecord beside each EvaluationRecord
///       records/replicates/<cell>.f64  bootstrap replicates of each EvaluationRecord, and so for other
///                                   records that have some
///       records/stale/              records and model-templates that no longer fit spec, data or code
///       kde/<cell>.json             one KDERecord per cohort's densities
///       learning-curves/<cell>.json one LearningRecord per configuration (`Harness learning-curves`)
///       spec.yaml                   the spec as one file, with all it extends and what `--set` sets
///       run.json                    the run that brought the folder up to date (PresentRun)
///       scores/<cell>/<unit>.f32    scores of a cell under work; removed once it is evaluated
///       failures/<cell>.<unit>.json what failed in the last run, and why
///       templates/<cell>.h5         model-templates, where the spec saves them
///       shard.json                  only in the folder of a shard: what its scores were made from
///       maps/<cell>.json            MapRecords (`Harness explain`), beside each its heat maps as HDF5
///       protocol/<dataset>-<extractor>.csv  who trains, develops and is compared
///       tables/  figures/           rendered from records
///       .lock                       names the run that uses the folder
///
/// What is reused is decided by input hashes alone, never by times of files; records, scores,
/// templates and manifests are trusted only while their seals fit (`Seal`).
package struct ResultStore: Sendable {
  package let folder: String

  /// - Parameters:
  ///   - results: the folder of all experiments.
  ///   - experiment: the spec's name.
  package init(results: String = "results", experiment: String) {
    folder = resolved(experiment, in: results)
  }

  package var recordsFolder: String { folder + "/records" }
  package var attackRecordsFolder: String { recordsFolder + "/attacks" }
  package var splitsFolder: String { folder + "/protocol" }

  /// File of a cell's record.
  package func recordPath(_ key: Cell) -> String {
    "\(key.attack == nil ? recordsFolder : attackRecordsFolder)/\(key.slug).json"
  }

  /// File of what an evaluated cell keeps of each of its people.
  package func subjectsPath(_ key: Cell) -> String { Self.subjectsPath(key, in: recordsFolder) }

  /// The same in a folder of records.
  package static func subjectsPath(_ key: Cell, in records: String) -> String {
    "\(records)/subjects/\(key.slug).f32"
  }

  /// Makes the folders, takes the lock, and removes what a crashed run left half-written.
  package func open() throws(StoreError) -> ResultLock {
    let lock = try ResultLock(folder: folder)
    for name in ["records", "scores", "tables", "figures", "templates"] {
      try stored(AtomicFile.makeFolder("\(folder)/\(name)"))
    }
    do throws(FileError) { try Leftovers.remove(in: folder) } catch { throw StoreError(error) }
    // What failed is tried again, and told again if it fails again.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: failuresFolder)) ?? [] {
      try stored(AtomicFile.remove("\(failuresFolder)/\(name)"))
    }
    return lock
  }

  // MARK: - The spec

  /// The spec of an experiment's folder, as one file.
  package static func specPath(in folder: String) -> String { folder + "/spec.yaml" }

  /// Keeps the spec that the folder is brought up to date by. What is made apart from runs leaves that
  /// of a run (`replaces`: false).
  package func keep(_ spec: ExperimentSpec, replaces: Bool) throws(StoreError) {
    let path = Self.specPath(in: folder)
    if !replaces, access(path, F_OK) == 0 { return }
    let head =
      "# The spec of these results as one file, written by the program; another run replaces it.\n"
    try stored(AtomicFile.write(Data((head + spec.resolvedYAML).utf8), to: path))
  }

  // MARK: - Failures

  package var failuresFolder: String { Self.failuresFolder(in: folder) }

  /// Folder of the failures of the last run, of an experiment's folder.
  package static func failuresFolder(in folder: String) -> String { folder + "/failures" }

  /// Keeps the error of a unit of work, or of a whole cell.
  package func write(_ failure: Failure) throws(StoreError) {
    let name = [failure.cell.slug, failure.unit].compactMap { $0 }.joined(separator: ".")
    try RecordFolder.write(failure, to: "\(failuresFolder)/\(name).json")
  }

  // MARK: - Records

  /// What the store holds for a cell.
  package enum Status: Sendable {
    /// A record made from exactly these inputs.
    case cached(EvaluationRecord)
    /// The same for an attacked cell.
    case cachedAttack(AttackRecord)
    /// To be evaluated, and why.
    case toDo(reason: String)

    package var isCached: Bool { if case .toDo = self { false } else { true } }
  }

  /// Looks a cell up by its inputs.
  package func status(of key: Cell, fingerprint: CellFingerprint) -> Status {
    key.attack == nil
      ? status(of: key, fingerprint, EvaluationRecord.self, found: Status.cached)
      : status(of: key, fingerprint, AttackRecord.self, found: Status.cachedAttack)
  }

  private func status<Record: StoredRecord>(
    of key: Cell, _ fingerprint: CellFingerprint, _ type: Record.Type,
    found: (Record) -> Status
  ) -> Status {
    let path = recordPath(key)
    guard access(path, F_OK) == 0 else { return .toDo(reason: "no record") }
    let record: Record
    do {
      record = try RecordFolder.read(path)
    } catch {
      return .toDo(reason: "unusable record '\(path)': \(error.reason)")
    }
    if record.key != key { return .toDo(reason: "the record is of another cell") }
    if record.inputHash == fingerprint.inputHash { return found(record) }
    let difference = record.fingerprint.flatMap { fingerprint.difference(from: $0) }
    return .toDo(reason: difference ?? "inputs changed")
  }

  /// Writes a record; it replaces an older one of the cell.
  package func write(_ record: some StoredRecord) throws(StoreError) {
    try RecordFolder.write(record, to: recordPath(record.key))
  }

  /// Reads the record of an evaluated cell.
  package func read(_ path: String) throws(RecordError) -> EvaluationRecord {
    try RecordFolder.read(path)
  }

  /// Moves every record that is not one of the wanted cells with the wanted inputs to
  /// `records/stale/`, so that tables never mix them in.
  ///
  /// - Parameters:
  ///   - current: fingerprints of the spec's cells.
  ///   - known: those whose records have been found current, and are not read again.
  /// - Returns: what was moved and why, one line each, sorted.
  package func setAsideStale(
    current: [Cell: CellFingerprint], known: [Cell] = []
  ) throws(StoreError) -> [String] {
    let cells = Dictionary(uniqueKeysWithValues: current.map { ("\($0.key.slug).json", $0) })
    let known = Set(known)
    var moved: [String] = []
    for folder in [recordsFolder, attackRecordsFolder] {
      try setAsideStale(in: folder, cells: cells, known: known, moved: &moved)
    }
    return moved
  }

  private func setAsideStale(
    in folder: String, cells: [String: (key: Cell, value: CellFingerprint)], known: Set<Cell>,
    moved: inout [String]
  ) throws(StoreError) {
    for name in RecordFolder<EvaluationRecord>(folder).names {
      let reason: String
      if let (key, fingerprint) = cells[name] {
        if known.contains(key) { continue }
        guard case .toDo(let why) = status(of: key, fingerprint: fingerprint) else { continue }
        reason = why
      } else {
        reason = "not a cell of the spec"
      }
      try setAside("\(folder)/\(name)", as: name)
      if folder == recordsFolder {
        let people = "\(folder)/subjects/\(name.dropLast(".json".count)).f32"
        try stored(AtomicFile.remove(people))
      }
      moved.append("\(name): \(reason)")
    }
  }

  // MARK: - Templates

  /// File of a cell's model-templates.
  package func templatesPath(_ key: Cell, _ precision: WeightPrecision) -> String {
    "\(folder)/templates/\(key.slug).\(precision.rawValue).h5"
  }

  /// Moves every file of model-templates but these to `records/stale/`.
  ///
  /// - Returns: names of the files, sorted.
  package func setAsideTemplates(except current: Set<String>) throws(StoreError) -> [String] {
    let folder = "\(folder)/templates"
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".h5") && !current.contains("\(folder)/\($0)") }.sorted()
    for name in names { try setAside("\(folder)/\(name)", as: name) }
    return names
  }

  /// Moves cost records of other cells, and of these cells with other inputs, to `records/stale/`.
  ///
  /// - Parameter current: fingerprints of the spec's cells.
  /// - Returns: what was moved and why, one line each, sorted.
  package func setAsideCosts(current: [Cell: CellFingerprint]) throws(StoreError) -> [String] {
    try setAside(CostRecord.self, in: "costs", current: current.mapValues(\.inputHash))
  }

  /// The same of records of heat maps; the maps of one that goes are removed.
  package func setAsideMaps(current: [Cell: CellFingerprint]) throws(StoreError) -> [String] {
    let moved = try setAside(MapRecord.self, in: "maps", current: current.mapValues(\.inputHash))
    let kept = Set(RecordFolder<MapRecord>(mapsFolder).names.map { $0.dropLast(".json".count) })
    for name in (try? FileManager.default.contentsOfDirectory(atPath: mapsFolder)) ?? []
    where name.hasSuffix(".h5") && !kept.contains(name.dropLast(".h5".count)) {
      try stored(AtomicFile.remove("\(mapsFolder)/\(name)"))
    }
    return moved
  }

  /// A record that was made apart from runs; nil: none of this cell and these inputs.
  func kept<Record: RecordMadeApart>(at path: String, of key: Cell, inputHash: String) -> Record? {
    guard let record = try? RecordFolder<Record>.read(path), record.key == key,
      record.inputHash == inputHash
    else { return nil }
    return record
  }

  /// Sets records that are made apart from runs aside, in the folder `part`.
  ///
  /// - Parameter hashes: of the inputs of each cell as they are now.
  func setAside<Record: RecordMadeApart>(
    _: Record.Type, in part: String, current hashes: [Cell: String]
  ) throws(StoreError) -> [String] {
    var moved: [String] = []
    for name in RecordFolder<Record>("\(folder)/\(part)").names {
      let path = "\(folder)/\(part)/\(name)"
      var reason = "cannot be used"
      if let record = try? RecordFolder<Record>.read(path) {
        let hash = hashes[record.key]
        if hash == record.inputHash { continue }
        reason = hash == nil ? "not a cell of the spec" : "of other inputs"
      }
      try setAside(path, as: "\(part)-\(name)")
      moved.append("\(part)/\(name): \(reason)")
    }
    return moved
  }

  /// Moves comparisons of other densities to `records/stale/`.
  ///
  /// - Parameter current: hashes of the inputs by cell.
  /// - Returns: what was moved and why, one line each, sorted.
  package func setAsideKDE(current: [Cell: String]) throws(StoreError) -> [String] {
    let known = Dictionary(uniqueKeysWithValues: current.map { ("\($0.key.slug).json", $0) })
    var moved: [String] = []
    for name in RecordFolder<KDERecord>(kdeFolder).names {
      guard let (key, hash) = known[name] else {
        try setAside("\(kdeFolder)/\(name)", as: "kde-\(name)")
        moved.append("kde/\(name): not densities of the spec")
        continue
      }
      if kdeRecord(key, inputHash: hash) != nil { continue }
      try setAside("\(kdeFolder)/\(name)", as: "kde-\(name)")
      moved.append("kde/\(name): of other inputs")
    }
    return moved
  }

  /// Removes score blocks of cells that the spec does not have.
  package func removeScores(except cells: some Sequence<Cell>) throws(StoreError) {
    let current = Set(cells.map(\.slug))
    let folder = "\(folder)/scores"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where !current.contains(name) {
      try removeScores(in: "\(folder)/\(name)")
    }
  }

  /// Moves a file to `records/stale/`, and the replicates of a record with it.
  private func setAside(_ path: String, as name: String) throws(StoreError) {
    let target = "\(recordsFolder)/stale/\(name)"
    let (replicates, place) = (replicatesPath(of: path), replicatesPath(of: target))
    if access(replicates, F_OK) == 0 {
      try Self.move(replicates, to: place)
    } else {
      // Those of an older one of the name.
      try stored(AtomicFile.remove(place))
    }
    try Self.move(path, to: target)
  }

  private static func move(_ path: String, to target: String) throws(StoreError) {
    try stored(AtomicFile.makeFolder((target as NSString).deletingLastPathComponent))
    if rename(path, target) != 0 { throw .fromErrno(errno, path: target, verb: ("move", "moved")) }
  }

  // MARK: - Scores

  /// Folder of a cell's score blocks.
  package func scoresFolder(_ key: Cell) -> String { "\(folder)/scores/\(key.slug)" }

  /// File of a unit's score block.
  package func scoresPath(_ cell: Cell, _ name: String) -> String {
    "\(scoresFolder(cell))/\(name).f32"
  }

  /// Keeps the scores of a finished unit of work.
  ///
  /// - Parameters:
  ///   - name: the unit within the cell, e.g. "fold0-0003".
  ///   - scoreHash: `CellFingerprint.scoreHash` of the cell.
  package func writeScores(
    _ block: ScoreBlock<some Codable & Sendable>, cell: Cell, name: String, scoreHash: String
  ) throws(StoreError) {
    try block.write(
      to: scoresPath(cell, name), inputHash: "\(scoreHash) \(name)")
  }

  /// The scores of a unit, or nil when it is still to be done: no block, or one of other inputs.
  ///
  /// - Throws: `StoreError.badBlock` for a damaged block; the caller may report it and do the unit
  ///   again.
  package func scores<Metadata>(
    cell: Cell, name: String, scoreHash: String, metadata: Metadata.Type
  ) throws(StoreError) -> ScoreBlock<Metadata>? {
    try ScoreBlock<Metadata>.read(
      from: scoresPath(cell, name), inputHash: "\(scoreHash) \(name)")
  }

  /// Removes the score blocks of an evaluated cell.
  package func removeScores(_ cell: Cell) throws(StoreError) {
    try removeScores(in: scoresFolder(cell))
  }

  private func removeScores(in folder: String) throws(StoreError) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      try stored(AtomicFile.remove("\(folder)/\(name)"))
    }
    if rmdir(folder) != 0 && errno != ENOENT {
      throw .fromErrno(errno, path: folder, verb: ("remove", "removed"))
    }
  }
}
