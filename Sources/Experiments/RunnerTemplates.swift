import Configurations
import Datasets
import Foundation
import Kernels
import MOTE
import Synchronization

/// Shape of the networks of a block of weights.
struct TemplateShape: Sendable, Codable {
  /// Widths from input to output.
  var dims: [Int]
}

/// Collects the weights of a unit's references from the workers.
final class TemplateSink: Sendable {
  private let references = Mutex<[Int: MoteReference]>([:])

  func keep(_ reference: MoteReference, row: Int) {
    references.withLock { $0[row] = reference }
  }

  /// The weights, a row per reference, in the form that scores are kept in.
  func block(rows: Int) -> ScoreBlock<TemplateShape> {
    references.withLock { references in
      let dims = references[0]?.dims ?? []
      var weights: [Float] = []
      for row in 0..<rows { weights += references[row]!.weights }
      return ScoreBlock(
        rows: rows, columns: rows == 0 ? 0 : weights.count / rows, scores: weights,
        metadata: TemplateShape(dims: dims))
    }
  }
}

extension ExperimentSpec {
  /// Whether a cell's model-templates are written. One that chooses factors has none of its own: its
  /// models are among those of the other cells.
  func keepsTemplates(of cell: CellKey) -> Bool {
    templatePrecision != nil && cell.preset != nil && cell.attack == nil && !cell.choosesFactor
  }
}

extension Runner {
  /// Joins the weights of a cell's units in one file of model-templates, complete or absent.
  func writeTemplates(
    _ cell: CellKey, _ data: GroupData, _ fingerprint: CellFingerprint, _ record: EvaluationRecord,
    _ precision: WeightPrecision
  ) throws {
    let path = store.templatesPath(cell, precision)
    try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
    let configuration = spec.configuration(cell.preset!).training
    var writer: ModelTemplateWriter?
    var row = 0
    for (comparison, units) in zip(data.comparisons, data.units) {
      for unit in units {
        guard
          let block = try store.scores(
            cell: cell, name: unit.templatesName, scoreHash: fingerprint.scoreHash,
            metadata: TemplateShape.self)
        else {
          throw StoreError.badBlock(
            path: "\(store.scoresFolder(cell))/\(unit.templatesName).f32", reason: "it vanished")
        }
        let shape = NetworkShape(
          inputs: data.set.dimension, hiddenWidths: configuration.hiddenWidths)
        if writer == nil {
          writer = try ModelTemplateWriter(
            path: path, shape: shape, precision: precision, count: data.references)
        }
        let references = (0..<block.rows).map { i in
          MoteReference(
            shape: shape,
            weights: Array(block.scores[i * block.columns..<(i + 1) * block.columns]))
        }
        try writer!.write(references, at: row)
        for r in unit.rows {
          writer!.describe(
            row: row, identity: data.set.subjects[Int(comparison.referenceSubjects[r])],
            fold: comparison.fold, referenceRow: Int(comparison.referenceRows[r]))
          row += 1
        }
      }
    }
    try writer?.finish(attributes: attributes(of: cell, data, record))
  }

  /// What a file of model-templates says about itself; no times, so that equal runs write equal
  /// bytes.
  private func attributes(of cell: CellKey, _ data: GroupData, _ record: EvaluationRecord)
    -> [String: String]
  {
    let thresholds = record.measurements.filter {
      $0.quantity == .fnmr && $0.group == "all" && $0.threshold != nil
    }.map {
      "\($0.convention) FMR \($0.target.map { "\($0)" } ?? "-"): logit \($0.threshold!)"
    }
    let source = spec.source(dataset: cell.dataset, extractor: cell.extractor)
    return [
      "dataset": cell.dataset, "extractor": cell.extractor,
      "synthetic": data.set.isSynthetic ? "true" : "false",
      "normalise": source.normalise ? "true" : "false", "preset": cell.preset ?? "",
      "balancing_factor": cell.balancingFactor.map { "\($0)" } ?? "",
      "repeat": "\(cell.repeatIndex)", "seed": "\(data.seed)",
      "calibration": Set(thresholds).sorted().joined(separator: "\n"),
      "input_hash": record.inputHash, "spec_hash": record.provenance.specHash,
      "data_hashes": String(
        decoding: canonicalJSON(
          Dictionary(
            uniqueKeysWithValues: (record.fingerprint?.parts ?? [:]).filter {
              $0.key.hasPrefix("data ")
            }.map { (String($0.key.dropFirst(5)), $0.value) })), as: UTF8.self),
      "revision": record.provenance.revision,
    ]
  }
}
