import Biometrics
import Configurations
import Datasets
import Files
import Foundation
import HDF5Library
import Kernels
import MOTE
import Records
import Specs

/// Storage per identity in each precision, measured on written files, and its effect on scores.
struct CostOfStorage {
  let references: [MoteReference]
  /// References of the protocol that `references` are networks of.
  let chosen: [Int]
  let probes: FloatMatrix
  let comparison: ComparisonProtocol
  let data: BatchData
  let convention: EvaluationConvention
  /// Where the files are written for a moment.
  let folder: String

  func measured() throws -> [StorageCost] {
    let exact = scores(of: references)
    let threshold = try operatingPoint(exact)?.threshold
    var costs = [try traditional()]
    for precision in WeightPrecision.allCases {
      let path = temporary(precision.rawValue)
      defer { unlink(path) }
      let writer = try ModelTemplateWriter(
        path: path, shape: references[0].shape, precision: precision, count: references.count)
      for (row, reference) in references.enumerated() {
        try writer.write([reference], at: row)
        writer.describe(
          row: row, identity: data.set.subjects[Int(comparison.referenceSubjects[chosen[row]])],
          fold: comparison.fold, referenceRow: Int(comparison.referenceRows[chosen[row]]))
      }
      try writer.finish()
      // Scored from the file, so that what is measured is what would be used.
      let stored = scores(of: try ModelTemplates(path: path).references(0..<references.count))
      let change = zip(exact, stored).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      costs.append(
        StorageCost(
          system: "mote", precision: precision,
          numberBytes: precision.bytes(of: references[0].shape),
          fileBytes: try fileBytes(path) / Double(references.count),
          fnmr: try operatingPoint(stored)?.value,
          largestScoreChange: Double(change), comparisons: stored.count,
          guarded: try guarded(precision, exact: exact, threshold: threshold)))
    }
    return costs
  }

  /// The traditional template: the vector itself, in float32.
  private func traditional() throws -> StorageCost {
    let path = temporary("traditional")
    defer { unlink(path) }
    let (rows, d) = (chosen.count, probes.columns)
    let writer = try HDF5Writer(path: path)
    try writer.create("embeddings", .float32, shape: [rows, d])
    var identities: [String] = []
    for (i, r) in chosen.enumerated() {
      try writer.write(
        "embeddings", rows: i..<(i + 1),
        from: UnsafePointer(
          data.set.vectors.base + Int(comparison.referenceRows[r]) * data.set.vectors.stride))
      identities.append(data.set.subjects[Int(comparison.referenceSubjects[r])])
    }
    try writer.writeStrings("identity", identities)
    try writer.finish()
    let vectors = chosen.map {
      VectorReference(vector: data.set.vectors.values(ofRow: Int(comparison.referenceRows[$0])))
    }
    let scores = [Float](unsafeUninitializedCapacity: rows * probes.rows) { target, count in
      CosineComparator(dimension: d).score(
        vectors, probes: probes, into: target.baseAddress!, stride: probes.rows)
      count = rows * probes.rows
    }
    return StorageCost(
      system: "traditional", precision: .float32, numberBytes: 4 * d,
      fileBytes: try fileBytes(path) / Double(rows), fnmr: try operatingPoint(scores)?.value,
      largestScoreChange: 0, comparisons: scores.count)
  }

  /// A file for a moment; when this process is killed, the next run removes it.
  private func temporary(_ name: String) -> String {
    "\(folder)/storage-\(name).h5.\(getpid())\(FileReplacement.temporarySuffix)"
  }

  private func scores(of references: [MoteReference]) -> [Float] {
    [Float](unsafeUninitializedCapacity: references.count * probes.rows) { target, count in
      MoteComparator().score(
        references, probes: probes, into: target.baseAddress!, stride: probes.rows)
      count = references.count * probes.rows
    }
  }

  /// Decisions at the threshold of the float32 scores, close ones made in float32.
  private func guarded(
    _ precision: WeightPrecision, exact: [Float], threshold: Double?
  ) throws -> GuardedCost? {
    guard precision != .float32, let threshold else { return nil }
    let shape = references[0].shape
    let gallery = try GuardedGallery(
      shape: shape, precision: precision, count: references.count)
    for (i, reference) in references.enumerated() { gallery.set(reference, at: i) }
    let search = MoteSearch(shape: shape, workers: 1)
    let probe = FloatMatrix(rows: 1, columns: probes.columns)
    var found = [Float](repeating: 0, count: references.count)
    var (again, changed) = (0, 0)
    var (seconds, float32Seconds) = (0.0, 0.0)
    for p in 0..<probes.rows {
      probe.base.update(from: probes.base + p * probes.stride, count: probes.columns)
      var watch = StopWatch()
      search.score(gallery.exact, probes: probe, into: &found, stride: 1)
      float32Seconds += watch.wallSeconds
      watch = StopWatch()
      again +=
        search.score(
          gallery, threshold: Float(threshold), probes: probe, into: &found, stride: 1
        ).computedAgain
      seconds += watch.wallSeconds
      for r in references.indices {
        let isMatch = exact[r * probes.rows + p] >= Float(threshold)
        changed += (found[r] >= Float(threshold)) == isMatch ? 0 : 1
      }
    }
    let comparisons = exact.count
    return GuardedCost(
      threshold: threshold, comparisons: comparisons, computedAgain: again,
      changedDecisions: changed, seconds: seconds / Double(comparisons),
      float32Seconds: float32Seconds / Double(comparisons))
  }

  /// FNMR at FMR 1e-3, and its threshold, over the chosen references and all probes of the fold.
  private func operatingPoint(_ scores: [Float]) throws -> MetricValue? {
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: [
            ScoreMatrix(scores: scores, rows: chosen.count, columns: probes.rows)
          ], referenceSubject: chosen.map { comparison.referenceSubjects[$0] },
          probeSubject: comparison.probeSubjects,
          ownColumn: chosen.map { comparison.ownColumns[$0] })
      ], subjectGroup: data.set.genderOfSubject.map(\.rawValue))
    let evaluation = try Biometrics.evaluate(
      trials,
      EvaluationRequest(
        conventions: [convention], targets: [1e-3], fixedThreshold: nil,
        bootstrap: nil, workers: 1))
    return evaluation.measurements.first {
      $0.quantity == .fnmr && $0.group == "all" && $0.target == 1e-3
    }
  }

  private func fileBytes(_ path: String) throws -> Double {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.size] as? NSNumber)?.doubleValue ?? 0
  }
}
