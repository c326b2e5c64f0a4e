import Biometrics
import Files
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct ResultStoreTests {
  private struct Unit: Codable, Sendable, Equatable { var epochs: [Int] }

  private func store() throws -> ResultStore {
    ResultStore(results: try temporaryFolder("mote-results").path, experiment: "small")
  }

  /// The first MOTE cell of the small spec with changes, and its fingerprint.
  private func cell(_ changes: [String: String] = [:], versions: [String: Int] = ["kernels": 1])
    throws -> (Cell, CellFingerprint)
  {
    let spec = try SpecFolder(["spec.yaml": specText(changes)]).load()
    let key = spec.cells()[1]
    let hashes = ["Adience/ArcFace": "a", "LFW/ArcFace": "l", "MORPH/ArcFace": "m"]
    return (
      key,
      CellFingerprint(
        of: spec.inputs(of: key, DataHashes(embeddings: hashes)), stageVersions: versions,
        libraries: [:])
    )
  }

  private func record(_ key: Cell, _ fingerprint: CellFingerprint) -> EvaluationRecord {
    EvaluationRecord(
      key: key, inputHash: fingerprint.inputHash, isSynthetic: true, counts: EvaluationCounts(),
      measurements: [
        MetricValue(
          quantity: .fnmr, group: "all", convention: "default", value: 0.1, threshold: .infinity,
          replicates: Replicates([0.1, 0.2]))
      ],
      curves: [:], enrolment: nil, audit: ["disjoint"], warnings: [], provenance: Provenance(),
      fingerprint: fingerprint)
  }

  private func reason(_ status: ResultStore.Status) -> String {
    if case .toDo(let reason) = status { reason } else { "cached" }
  }

  @Test func recordsAreFoundByTheirInputsAndReRunsSayWhy() throws {
    let store = try store()
    let lock = try store.open()
    let (key, fingerprint) = try cell()
    #expect(reason(store.status(of: key, fingerprint: fingerprint)) == "no record")
    try store.write(record(key, fingerprint))
    guard case .cached(let found) = store.status(of: key, fingerprint: fingerprint) else {
      Issue.record("the record is not found")
      return
    }
    #expect(found.fingerprint == fingerprint && found.audit == ["disjoint"])
    #expect(found.measurements[0].threshold == .infinity)

    let (_, retrained) = try cell(["training": "training: {epochs: 9}"])
    #expect(
      reason(store.status(of: key, fingerprint: retrained)) == "spec part 'training' changed")
    let (_, rebuilt) = try cell(versions: ["kernels": 3])
    #expect(
      reason(store.status(of: key, fingerprint: rebuilt))
        == "code version of stage 'kernels' changed (1, now 3)")
    try Data("{\"version\": 1".utf8).write(to: URL(fileURLWithPath: store.recordPath(key)))
    #expect(
      reason(store.status(of: key, fingerprint: fingerprint))
        .hasPrefix("unusable record '\(store.recordPath(key))': "))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: store.recordPath(key)))
    #expect(
      reason(store.status(of: key, fingerprint: fingerprint))
        == "unusable record '\(store.recordPath(key))': no key 'version'")
    withExtendedLifetime(lock) {}
  }

  @Test func touchingARecordDoesNotMatter() throws {
    let store = try store()
    let lock = try store.open()
    let (key, fingerprint) = try cell()
    try store.write(record(key, fingerprint))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: store.recordPath(key))
    #expect(store.status(of: key, fingerprint: fingerprint).isCached)
    withExtendedLifetime(lock) {}
  }

  @Test func staleRecordsAreSetAside() throws {
    let store = try store()
    let lock = try store.open()
    let (key, fingerprint) = try cell()
    try store.write(record(key, fingerprint))
    var other = key
    other.dataset = "Gone"
    try store.write(record(other, fingerprint))
    #expect(try store.setAsideStale(current: [key: fingerprint]).count == 1)
    #expect(store.status(of: key, fingerprint: fingerprint).isCached)
    let (_, changed) = try cell(["seed": "seed: 4"])
    #expect(
      try store.setAsideStale(current: [key: changed])
        == ["\(key.slug).json: spec part 'seed' changed"])
    #expect(try store.setAsideStale(current: [key: changed]).isEmpty)
    // They can still be read there.
    let stale = RecordFolder<EvaluationRecord>(store.recordsFolder + "/stale")
    #expect(stale.names == ["\(other.slug).json", "\(key.slug).json"].sorted())
    #expect(
      try stale.records().map { $0.measurements[0].replicates?.values } == [
        [0.1, 0.2], [0.1, 0.2],
      ])
    let left = try FileManager.default.contentsOfDirectory(
      atPath: store.recordsFolder + "/replicates")
    #expect(left.isEmpty)
    withExtendedLifetime(lock) {}
  }

  @Test func aSecondRunIsRefusedUntilTheFirstEnds() throws {
    let store = try store()
    var lock: ResultLock? = try store.open()
    do {
      _ = try store.open()
      Issue.record("the folder was locked twice")
    } catch {
      let text = "\(error)".replacing(store.folder, with: "FOLDER")
      #expect(
        text.hasPrefix("results folder 'FOLDER' is in use by another run (process \(getpid()) on "))
      #expect(
        text.hasSuffix(
          "Z); wait for it, stop it, or give this run another folder with --results"))
    }
    withExtendedLifetime(lock) {}
    lock = nil
    let second = try store.open()
    withExtendedLifetime(second) {}
  }

  /// A holder that is killed leaves the file, but not the lock.
  @Test func aCrashLeavesNoLock() throws {
    let store = try store()
    try FileManager.default.createDirectory(
      atPath: store.folder, withIntermediateDirectories: true)
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/bin/sh")
    holder.arguments = [
      "-c",
      "exec 9>'\(store.folder)/.lock'; flock -n 9 && echo process 1 on x >&9 && echo held; exec sleep 60",
    ]
    let pipe = Pipe()
    holder.standardOutput = pipe
    try holder.run()
    #expect(String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self) == "held\n")
    #expect(throws: StoreError.self) { _ = try store.open() }
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    let lock = try store.open()
    withExtendedLifetime(lock) {}
  }

  @Test func whatAKilledRunLeftIsRemovedAndNothingElse() throws {
    let store = try store()
    let (key, _) = try cell()
    let gone = Process()
    gone.executableURL = URL(fileURLWithPath: "/bin/true")
    try gone.run()
    gone.waitUntilExit()
    let alive = Process()
    alive.executableURL = URL(fileURLWithPath: "/bin/sleep")
    alive.arguments = ["60"]
    try alive.run()
    defer { alive.terminate() }
    func names(_ process: pid_t) -> [String] {
      [
        "\(store.recordPath(key)).\(process).partial",
        "\(store.costsFolder)/a.json.\(process).partial",
        "\(store.folder)/run.json.\(process).partial",
        "\(store.folder)/figures/a.png.partial-\(process)",
        "\(store.folder)/storage-float16.h5.\(process).partial",
        "\(store.folder)/records/.dat.nosync\(String(process, radix: 16)).aBcDeF",
      ]
    }
    let others = ["\(store.folder)/notes.partial", "\(store.folder)/partial-1.txt"]
    for path in names(gone.processIdentifier) + names(alive.processIdentifier) + others {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    }
    let lock = try store.open()
    let exists = FileManager.default.fileExists(atPath:)
    for path in names(gone.processIdentifier) { #expect(!exists(path), "\(path)") }
    for path in names(alive.processIdentifier) + others { #expect(exists(path), "\(path)") }
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: [(0, 0), (1, 1), (3, 7), (16, 33)])
  func scoreBlocksComeBackAsWritten(rows: Int, columns: Int) throws {
    let store = try store()
    let (key, fingerprint) = try cell()
    let scores = (0..<rows * columns).map { Float($0) * 0.37 - 5 }
    let block = ScoreBlock(
      scores: ScoreMatrix(scores: scores, rows: rows, columns: columns),
      metadata: Unit(epochs: [3, 4]))
    let hash = fingerprint.scoreHash
    try store.writeScores(block, cell: key, name: "0", scoreHash: hash)
    let found = try #require(
      try store.scores(cell: key, name: "0", scoreHash: hash, metadata: Unit.self))
    #expect(found.scores.rows == rows && found.scores.columns == columns)
    #expect((0..<rows).flatMap { Array(found.scores[row: $0]) } == scores)
    #expect(found.metadata == Unit(epochs: [3, 4]))
    #expect(try store.scores(cell: key, name: "0", scoreHash: "x", metadata: Unit.self) == nil)
    #expect(try store.scores(cell: key, name: "1", scoreHash: hash, metadata: Unit.self) == nil)
    try store.removeScores(key)
    #expect(try store.scores(cell: key, name: "0", scoreHash: hash, metadata: Unit.self) == nil)
    try store.removeScores(key)
  }

  @Test func damagedScoreBlocksAreErrors() throws {
    let store = try store()
    let (key, _) = try cell()
    let block = ScoreBlock(
      scores: ScoreMatrix(scores: [1, 2, 3, 4], rows: 2, columns: 2), metadata: Unit(epochs: []))
    try store.writeScores(block, cell: key, name: "0", scoreHash: "h")
    let url = URL(fileURLWithPath: store.scoresFolder(key) + "/0.f32")
    let good = try Data(contentsOf: url)
    func problem(_ bytes: Data) throws -> String {
      try bytes.write(to: url)
      do {
        _ = try store.scores(cell: key, name: "0", scoreHash: "h", metadata: Unit.self)
        return "none"
      } catch { return "\(error)".replacing(url.path, with: "BLOCK") }
    }
    var flipped = good
    flipped[good.count - 1] ^= 1
    var huge = good
    huge.replaceSubrange(96..<104, with: [UInt8](repeating: 0xFF, count: 8))
    let prefix = "score block 'BLOCK' is not usable: "
    let broken = "it was changed after it was written: its content does not fit its digest"
    let absent = "it does not begin with the digest of its content"
    #expect(try problem(flipped) == prefix + broken)
    #expect(try problem(good.dropLast()) == prefix + broken)
    #expect(try problem(huge) == prefix + broken)
    #expect(try problem(Data("MOTE".utf8)) == prefix + absent)
    #expect(try problem(Data()) == prefix + absent)
    try FileManager.default.removeItem(at: url)
    mkfifo(url.path, 0o600)
    let error = #expect(throws: StoreError.self) {
      try store.scores(cell: key, name: "0", scoreHash: "h", metadata: Unit.self)
    }
    #expect("\(error!)".hasSuffix("it is a pipe (FIFO), expected a file"))
  }

  /// A block under another unit's name is not taken for that unit's.
  @Test func aBlockOfAnotherUnitIsNotFound() throws {
    let store = try store()
    let (key, _) = try cell()
    let block = ScoreBlock(
      scores: ScoreMatrix(scores: [1, 2], rows: 1, columns: 2), metadata: Unit(epochs: []))
    try store.writeScores(block, cell: key, name: "0", scoreHash: "h")
    let folder = store.scoresFolder(key)
    try FileManager.default.copyItem(atPath: folder + "/0.f32", toPath: folder + "/1.f32")
    #expect(try store.scores(cell: key, name: "1", scoreHash: "h", metadata: Unit.self) == nil)
  }

  /// Linux offers a device that is always full.
  @Test func aFullDiskIsAnErrorThatSaysWhatIsKept() throws {
    let store = try store()
    let (key, fingerprint) = try cell()
    try store.write(record(key, fingerprint))
    let before = try Data(contentsOf: URL(fileURLWithPath: store.recordPath(key)))
    // The temporary file is a link to the full device.
    try FileManager.default.createSymbolicLink(
      atPath: "\(store.recordPath(key)).\(getpid()).partial", withDestinationPath: "/dev/full")
    do {
      try store.write(record(key, fingerprint))
      Issue.record("a full disk was not noticed")
    } catch {
      #expect(
        "\(error)".replacing(store.folder, with: "FOLDER")
          == "'FOLDER/records/\(key.slug).json' could not be written: no space left on the device; "
          + "finished records are kept, free some space and run the same command again")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: store.recordPath(key))) == before)
  }

  @Test func folderProblemsAreNamed() throws {
    let base = try temporaryFolder("mote-results").path
    try Data().write(to: URL(fileURLWithPath: base + "/small"))
    let store = ResultStore(results: base, experiment: "small")
    do {
      _ = try store.open()
      Issue.record("a file was taken for a folder")
    } catch {
      #expect(
        "\(error)".replacing(base, with: "BASE")
          == "'BASE/small' could not be used as a folder: it is a file; remove or rename it")
    }
    let unwritable = ResultStore(results: "/proc/1/none", experiment: "small")
    #expect(throws: StoreError.self) { _ = try unwritable.open() }
    #expect(
      StoreError.permission(path: "results/a", operation: "create").description
        == "'results/a': permission denied to create it; check the owner of the results folder")
  }

  /// What Files reports of a file, a results folder reports in its own words.
  @Test func errorsOfFilesAreToldInTheWordsOfAResultsFolder() {
    func text(_ operation: FileOperation, _ code: Int32) -> String {
      StoreError(FileError(path: "results/a", operation: operation, code: code)).description
    }
    #expect(text(.rename, EISDIR) == "'results/a' could not be replaced: Is a directory")
    #expect(text(.sync, EIO) == "'results/a' could not be written to disk: Input/output error")
    #expect(text(.write, ENOSPC).contains("no space left on the device"))
    #expect(text(.remove, EACCES).contains("permission denied to remove it"))
  }
}

/// The spec beside the records.
@Suite struct KeptSpecTests {
  @Test func aRunReplacesItAndWhatIsMadeApartDoesNot() throws {
    let results = try temporaryFolder("kept-spec")
    defer { try? FileManager.default.removeItem(at: results) }
    let store = ResultStore(results: results.path, experiment: "small")
    try FileManager.default.createDirectory(
      atPath: store.folder, withIntermediateDirectories: true)
    func spec(_ seed: Int) throws -> ExperimentSpec {
      try SpecFolder(["spec.yaml": specText(["seed": "seed: \(seed)"])]).load()
    }
    func kept() throws -> String {
      try String(contentsOfFile: ResultStore.specPath(in: store.folder), encoding: .utf8)
    }
    try store.keep(try spec(1), replaces: false)
    #expect(try kept().hasPrefix("# ") && kept().hasSuffix("seed: 1\n"))
    try store.keep(try spec(2), replaces: false)
    #expect(try kept().hasSuffix("seed: 1\n"))
    try store.keep(try spec(3), replaces: true)
    #expect(try kept().hasSuffix("seed: 3\n"))
  }
}
