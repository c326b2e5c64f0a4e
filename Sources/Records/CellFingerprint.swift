import Files
import Foundation
import Specs

/// Everything that affects the numbers of one cell, part by part: its inputs, the code, and the
/// libraries and kernels that compute.
///
/// Equal fingerprints mean equal numbers: the inputs are all that the stages of a run see of a spec
/// and of its data. The parts are kept in the record, so that a re-run can say which of them changed.
package struct CellFingerprint: Sendable, Codable, Hashable {
  /// "<kind> <name>" -> text; see `Kind`.
  package private(set) var parts: [String: String] = [:]

  /// What a part is, and with it what it affects.
  private enum Kind: String, CaseIterable {
    /// A value of the spec that scores follow from, as canonical JSON.
    case spec
    /// A value of the spec that scores do not follow from.
    case evaluation
    /// What score blocks hold for the sake of other cells.
    case columns
    /// SHA-256 of a file.
    case data
    /// Version of a stage whose code affects results.
    case code
    /// Version of a library, or the instruction set of the kernels.
    case library
  }

  /// SHA-256 over all parts that affect the record: names it.
  package var inputHash: String { hash { kind, _ in kind != .columns } }

  /// SHA-256 over the parts that affect scores: names score blocks.
  package var scoreHash: String { hash(over: Self.affectsScores) }

  /// The same without libraries and kernels.
  package var scoreHashOfAnyLibrary: String {
    hash { $0 != .library && Self.affectsScores($0, $1) }
  }

  private static func affectsScores(_ kind: Kind?, _ name: String) -> Bool {
    kind != .evaluation && !(kind == .code && name == "biometrics")
  }

  private func hash(over isCounted: (Kind?, String) -> Bool) -> String {
    SHA256.hex(
      of: canonicalJSON(
        parts.filter {
          let (kind, name) = Self.split($0.key)
          return isCounted(kind, name)
        }))
  }

  private static func split(_ key: String) -> (kind: Kind?, name: String) {
    let words = key.split(separator: " ", maxSplits: 1)
    return (Kind(rawValue: String(words[0])), words.count > 1 ? String(words[1]) : key)
  }

  /// The differences in words, nil when equal: "data of LFW/ArcFace changed".
  package func difference(from old: CellFingerprint) -> String? {
    let changed = Set(parts.keys).union(old.parts.keys).sorted().compactMap { key -> String? in
      let (kind, name) = Self.split(key)
      guard parts[key] != old.parts[key], kind != .columns else { return nil }
      let versions = "\(old.parts[key] ?? "none"), now \(parts[key] ?? "none")"
      switch kind {
      case .data: return "data of \(name) changed"
      case .code: return "code version of stage '\(name)' changed (\(versions))"
      case .library: return "\(name) changed (\(versions))"
      default: return "spec part '\(name)' changed"
      }
    }
    return changed.isEmpty ? nil : changed.distinct().joined(separator: "; ")
  }
}

extension CellFingerprint {
  /// - Parameters:
  ///   - inputs: every stored property of every stage's inputs becomes a part.
  ///   - stageVersions: version of each stage whose code affects the results, by stage name.
  ///   - libraries: versions of what the numbers are computed with, by name.
  package init(
    of inputs: CellInputs, stageVersions: [String: Int], libraries: [String: String]
  ) {
    // Repeats are told apart by the seed of what is drawn anew in them.
    var cell = inputs.cell
    cell.repeatIndex = 0
    add(.spec, "cell", cell)
    add(.spec, partsOf: inputs.division)
    add(.evaluation, partsOf: inputs.audit)
    if let enrolment = inputs.enrolment { add(.spec, partsOf: enrolment) }
    if let attack = inputs.attack { add(.spec, partsOf: attack) }
    // Told apart only where it is: in later repeats.
    if inputs.seed != 0, inputs.seed != inputs.division.seed {
      add(.spec, "training seed", inputs.seed)
    }
    add(.evaluation, partsOf: inputs.evaluation)
    add(.columns, "kept", inputs.columns)
    for (stage, version) in stageVersions where stage != "privacy" || inputs.attack != nil {
      parts["\(Kind.code) \(stage)"] = "\(version)"
    }
    for (name, version) in libraries { parts["\(Kind.library) \(name)"] = version }
  }

  /// SHA-256 by name of every file that the cell reads.
  package var dataHashes: [String: String] {
    var hashes: [String: String] = [:]
    for (key, value) in parts {
      let (kind, name) = Self.split(key)
      if kind == .data { hashes[name] = value }
    }
    return hashes
  }

  /// Adds every stored property, by its name; of a dataset, the bytes are a part of their own.
  private mutating func add<Inputs: Encodable>(_ kind: Kind, partsOf inputs: Inputs) {
    for (label, value) in Mirror(reflecting: inputs).children {
      let name = label!.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
      // Told apart only where it is asked for.
      if name == "identification", (value as? [Double]) == nil { continue }
      if let dataset = value as? DatasetInputs {
        add(kind, name, dataset.name)
        add(kind, "datasets \(dataset.dataset)", dataset.reading)
        parts["\(Kind.data) \(dataset.name)"] = dataset.sha256
      } else if name == "split", let hash = value as? String {
        parts["\(Kind.data) the listed division"] = hash
      } else {
        let value = value as! any Encodable
        add(kind, name, value)
      }
    }
  }

  private mutating func add(_ kind: Kind, _ name: String, _ value: some Encodable) {
    parts["\(kind) \(name)"] = String(decoding: canonicalJSON(value), as: UTF8.self)
  }
}

extension ExperimentSpec {
  /// SHA-256 over the resolved content as canonical JSON: equal for specs that say the same,
  /// however they are written.
  package var specHash: String {
    var content = self
    content.datasets.sort { $0.name < $1.name }
    return SHA256.hex(of: canonicalJSON(content))
  }
}
