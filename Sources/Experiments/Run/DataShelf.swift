import Datasets
import Files
import MOTE
import Records
import Specs

/// The embedding sets of a run, each read once. Sets of one extractor are needed together; asking
/// for another extractor lets go of those before.
final class DataShelf {
  /// Where files are, by `DatasetInputs.name`.
  private let paths: [String: String]
  /// Where listed divisions are, by evaluated dataset.
  private let splitPaths: [String: String]
  private var extractor = ""
  private var sets: [DatasetInputs: EmbeddingSet] = [:]
  private var auditsOfDivision: [DivisionInputs: [AuditInputs: [AuditOutcome]]] = [:]
  private var splits: [String: Split] = [:]
  private var notesOfSet: [DatasetInputs: [String]] = [:]
  /// Densities of equal rows share their bandwidth, whatever configuration or repeat they are of.
  let bandwidths = SearchedBandwidths()
  /// SHA-256 of every file's bytes.
  let hashes: DataHashes
  /// The same by file path, for provenance.
  let hashesByPath: [String: String]

  /// Hashes all files of the spec, without reading their contents as embeddings.
  init(spec: ExperimentSpec) throws {
    var hashes = DataHashes(embeddings: [:])
    var byPath: [String: String] = [:]
    var (paths, splitPaths): ([String: String], [String: String]) = ([:], [:])
    func hash(_ path: String) throws -> String {
      let hash = try byPath[path] ?? SHA256.hex(ofFile: path)
      byPath[path] = hash
      return hash
    }
    for extractor in spec.extractors {
      for dataset in spec.usedDatasets {
        let name = DatasetInputs.name(dataset, extractor)
        let path = spec.path(of: spec.source(dataset: dataset, extractor: extractor))
        paths[name] = path
        hashes.embeddings[name] = try hash(path)
      }
    }
    for dataset in spec.evaluate {
      guard let path = spec.splitPath(evaluating: dataset) else { continue }
      splitPaths[dataset] = path
      hashes.splits[dataset] = try hash(path)
    }
    self.paths = paths
    self.splitPaths = splitPaths
    self.hashes = hashes
    hashesByPath = byPath
  }

  /// The embeddings of a file, which are those of its hash.
  ///
  /// - Throws: `DataChanged`, and what is wrong with unreadable data.
  func load(_ inputs: DatasetInputs) throws -> EmbeddingSet {
    if inputs.extractor != extractor {
      sets = [:]
      extractor = inputs.extractor
    }
    if let set = sets[inputs] { return set }
    var source = inputs.reading
    source.path = paths[inputs.name]!
    let (set, findings) = try EmbeddingSet.load(
      source, dataset: inputs.dataset, extractor: inputs.extractor)
    if !set.sha256.isEmpty, set.sha256 != inputs.sha256 { throw DataChanged(path: set.path) }
    sets[inputs] = set
    notesOfSet[inputs] = findings.warnings.map { "\(inputs.name): \($0)" }
    return set
  }

  /// The listed division of the evaluated dataset; nil: none is.
  func split(_ division: DivisionInputs) throws -> Split? {
    guard let hash = division.split else { return nil }
    let dataset = division.evaluated.dataset
    if let split = splits[dataset] { return split }
    let path = splitPaths[dataset]!
    let split = try Split(contentsOf: path)
    if try SHA256.hex(ofFile: path) != hash { throw DataChanged(path: path) }
    splits[dataset] = split
    return split
  }

  /// What the audit of a batch's partitions says, made once: repeats and balancing factors share it.
  func audits(
    _ inputs: CellInputs, _ make: () throws -> [AuditOutcome]
  ) rethrows -> [AuditOutcome] {
    if let known = auditsOfDivision[inputs.division]?[inputs.audit] { return known }
    let made = try make()
    auditsOfDivision[inputs.division, default: [:]][inputs.audit] = made
    return made
  }

  /// Memory of the open sets.
  var bytes: Int {
    sets.values.reduce(0) { $0 + $1.vectors.rows * $1.vectors.stride * MemoryLayout<Float>.stride }
  }

  /// Warnings of the checks of a loaded set.
  func warnings(of inputs: DatasetInputs) -> [String] {
    notesOfSet[inputs] ?? []
  }
}

/// A dataset file was replaced while a run was reading it.
struct DataChanged: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "'\(path)' changed while the run was on; what was scored before is kept by the hash of its "
      + "data, run the same command again"
  }
}
