import Datasets
import Files
import Records
import Specs

/// The embedding sets of a run, each read once. Sets of one extractor are needed together; asking
/// for another extractor lets go of those before.
final class DataShelf {
  private let spec: ExperimentSpec
  private var extractor = ""
  private var sets: [String: EmbeddingSet] = [:]
  private var auditsOfPartition: [String: [AuditOutcome]] = [:]
  private var splits: [String: Split] = [:]
  private var notesOfSet: [String: [String]] = [:]
  /// SHA-256 of every source's bytes by "dataset/extractor".
  let hashes: [String: String]
  /// The same by file path, for provenance.
  let hashesByPath: [String: String]

  /// Hashes all files of the spec, without reading their contents as embeddings.
  init(spec: ExperimentSpec) throws {
    self.spec = spec
    var hashes: [String: String] = [:]
    var byPath: [String: String] = [:]
    for cell in spec.cells() {
      for dataset in spec.datasets(of: cell) {
        let name = "\(dataset)/\(cell.extractor)"
        if hashes[name] != nil { continue }
        let path = spec.path(of: spec.source(dataset: dataset, extractor: cell.extractor))
        let hash = try byPath[path] ?? SHA256.hex(ofFile: path)
        byPath[path] = hash
        hashes[name] = hash
      }
      let split = CellFingerprint.splitName(cell.dataset)
      if hashes[split] == nil, let path = spec.splitPath(evaluating: cell.dataset) {
        hashes[split] = try byPath[path] ?? SHA256.hex(ofFile: path)
        byPath[path] = hashes[split]
      }
    }
    self.hashes = hashes
    hashesByPath = byPath
  }

  /// A dataset by an extractor, and the warnings its checks gave.
  func load(_ dataset: String, extractor: String) throws -> EmbeddingSet {
    if extractor != self.extractor {
      sets = [:]
      self.extractor = extractor
    }
    if let set = sets[dataset] { return set }
    let (set, findings) = try EmbeddingSet.load(
      spec.resolvedSource(dataset: dataset, extractor: extractor), dataset: dataset,
      extractor: extractor)
    if let hash = hashes["\(dataset)/\(extractor)"], !set.sha256.isEmpty, set.sha256 != hash {
      throw DataChanged(path: set.path)
    }
    sets[dataset] = set
    notesOfSet["\(dataset)/\(extractor)"] = findings.warnings.map {
      "\(dataset)/\(extractor): \($0)"
    }
    return set
  }

  /// The listed division of an evaluated dataset; nil: none is.
  func split(evaluating dataset: String) throws -> Split? {
    guard let path = spec.splitPath(evaluating: dataset) else { return nil }
    if let split = splits[dataset] { return split }
    let split = try Split(contentsOf: path)
    if let hash = hashes[CellFingerprint.splitName(dataset)], try SHA256.hex(ofFile: path) != hash {
      throw DataChanged(path: path)
    }
    splits[dataset] = split
    return split
  }

  /// What the audit of a batch's partitions says, made once: repeats and balancing factors share it.
  func audits(_ name: String, _ make: () throws -> [AuditOutcome]) rethrows -> [AuditOutcome] {
    if let known = auditsOfPartition[name] { return known }
    let made = try make()
    auditsOfPartition[name] = made
    return made
  }

  /// Memory of the open sets.
  var bytes: Int {
    sets.values.reduce(0) { $0 + $1.vectors.rows * $1.vectors.stride * MemoryLayout<Float>.stride }
  }

  /// Warnings of the checks of a loaded set.
  func warnings(of dataset: String, extractor: String) -> [String] {
    notesOfSet["\(dataset)/\(extractor)"] ?? []
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
