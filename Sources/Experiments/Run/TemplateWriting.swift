import Biometrics
import Configurations
import Datasets
import Files
import Foundation
import Kernels
import MOTE
import Records
import Specs
import Synchronization

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
      let count = references[0]?.weights.count ?? 0
      return ScoreBlock(
        scores: ScoreMatrix(rows: rows, columns: count) { target in
          for row in 0..<rows {
            references[row]!.weights.withUnsafeBufferPointer {
              (target + row * count).update(from: $0.baseAddress!, count: count)
            }
          }
        }, metadata: TemplateShape(dims: dims))
    }
  }
}

/// Joins the weights of a cell's units in one file of model-templates, complete or absent.
struct TemplateWriting {
  let blocks: CellBlocks
  let data: BatchData
  let inputs: CellInputs

  /// - Throws: `StoreError`, `HDF5Error`.
  func write(_ record: EvaluationRecord, _ precision: WeightPrecision) throws {
    let (cell, store) = (blocks.cell, blocks.store)
    let path = store.templatesPath(cell, precision)
    try stored(AtomicFile.makeFolder((path as NSString).deletingLastPathComponent))
    let training = inputs.enrolment!.training
    var writer: ModelTemplateWriter?
    var row = 0
    for (comparison, units) in zip(data.comparisons, data.units) {
      for unit in units {
        let shape = NetworkShape(
          inputs: data.set.dimension, hiddenWidths: training.hiddenWidths)
        let block = try blocks.present(
          unit.templatesName, rows: unit.rows.count, columns: shape.parameterCount,
          as: TemplateShape.self, otherwise: "it vanished")
        if writer == nil {
          writer = try ModelTemplateWriter(
            path: path, shape: shape, precision: precision, count: data.references)
        }
        let references = (0..<block.scores.rows).map {
          MoteReference(shape: shape, weights: Array(block.scores[row: $0]))
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
    try writer?.finish(attributes: attributes(record))
  }

  /// What a file of model-templates says about itself: neither times nor the spec's hash, so that
  /// equal inputs write equal bytes.
  private func attributes(_ record: EvaluationRecord) -> [String: String] {
    let cell = blocks.cell
    let thresholds = record.measurements.filter {
      $0.quantity == .fnmr && $0.group == "all" && $0.threshold != nil
    }.map {
      "\($0.convention) FMR \($0.target.map { "\($0)" } ?? "-"): logit \($0.threshold!)"
    }
    return [
      "dataset": cell.dataset, "extractor": cell.extractor,
      "synthetic": data.set.isSynthetic ? "true" : "false",
      "normalise": inputs.division.evaluated.reading.normalise ? "true" : "false",
      "preset": cell.preset ?? "",
      "balancing_factor": cell.balancingFactor.map { "\($0)" } ?? "",
      "repeat": "\(cell.repeatIndex)", "seed": "\(data.seed)",
      "calibration": Set(thresholds).sorted().joined(separator: "\n"),
      "input_hash": record.inputHash,
      "data_hashes": String(
        decoding: canonicalJSON(record.fingerprint!.dataHashes), as: UTF8.self),
      "revision": record.provenance.revision,
    ]
  }
}
