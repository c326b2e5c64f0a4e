import Configurations
import Datasets
import Kernels
import MOTE
import TestSupport
import Testing
import Workers

/// Half of LFW: 863 enrolled people against all images of theirs, every comparison.
@Suite struct GuardedLFWTests {
  /// The first half of the subjects trains, a fifth develops, the rest is enrolled; four epochs, so
  /// that the test takes a minute on two cores.
  private func enrolled() throws -> (references: [MoteReference], probes: FloatMatrix) {
    let path = realDataFolder!.appendingPathComponent("lfw_arcface-mbf512_A.h5").path
    let (set, _) = try EmbeddingSet.load(
      EmbeddingSource(path: path), dataset: "LFW", extractor: "ArcFace")
    let limits = [0, set.subjects.count / 2, set.subjects.count * 7 / 10, set.subjects.count]
    let parts = (0..<3).map { part in
      EmbeddingRows(
        set: set,
        rows: (0..<Int32(set.count)).filter {
          (limits[part]..<limits[part + 1]).contains(Int(set.subjectOfRow[Int($0)]))
        })
    }
    let partition = SubjectPartition(
      fold: 0, cohort: parts[0], development: parts[1], evaluation: parts[2])
    let comparison = try ComparisonProtocol(partition: partition, seed: 1)
    let preset = TrainingConfiguration.Preset.paper
    var configuration = preset.configuration
    configuration.epochs = 4
    let context = try EnrolmentContext(
      partition: partition, configuration: configuration, kde: preset.kde, workers: 2)
    let rows = comparison.references
    let found = UnsafeMutableBufferPointer<MoteReference?>.allocate(
      capacity: comparison.referenceCount)
    found.initialize(repeating: nil)
    defer {
      found.deinitialize()
      found.deallocate()
    }
    nonisolated(unsafe) let target = found
    nonisolated(unsafe) let workers = (0..<2).map { _ in EnrolmentWorker(context: context) }
    try concurrently(units: comparison.referenceCount, workers: 2) { worker, r in
      target[r] = try workers[worker].enrol(
        reference: set.vectors[row: Int(rows.rows[r])].baseAddress!, subjectKey: UInt32(r),
        balancingFactor: 0.5, seed: 1
      ).reference
    }
    return (found.compactMap { $0 }, set.vectors.selecting(rows: comparison.probeRows))
  }

  @Test(.enabled(if: realDataFolder != nil, "\(realDataAreMissing)"))
  func decisionsAreThoseOfFloat32() throws {
    let (references, probes) = try enrolled()
    #expect(references.count == 863)
    let (r, p) = (references.count, probes.rows)
    let search = MoteSearch(shape: references[0].shape, workers: 2)
    var exact = [Float](repeating: 0, count: r * p)
    var scores = exact
    for precision in [WeightPrecision.float16, .int8] {
      let gallery = try GuardedGallery(shape: references[0].shape, precision: precision, count: r)
      nonisolated(unsafe) let references = references
      concurrently(units: r, workers: 2) { _, i in gallery.set(references[i], at: i) }
      search.score(gallery.exact, probes: probes, into: &exact, stride: p)
      search.score(gallery.stored, probes: probes, into: &scores, stride: p)
      let largest = zip(exact, scores).reduce(0) { max($0, abs($1.0 - $1.1)) }
      let sorted = exact.sorted(by: >)
      for rate in [1e-2, 1e-3, 1e-4] {
        // Nearly all comparisons are non-mated: about this false match rate.
        let threshold = sorted[Int(rate * Double(sorted.count))]
        let start = ContinuousClock.now
        let count = search.score(
          gallery, threshold: threshold, probes: probes, into: &scores, stride: p)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        var changed = 0
        for i in exact.indices where (exact[i] >= threshold) != (scores[i] >= threshold) {
          changed += 1
        }
        #expect(changed == 0, "\(precision), \(rate)")
        #expect(count.comparisons == r * p && 2 * count.computedAgain < count.comparisons)
        print(
          "half of LFW, \(precision.rawValue), rate \(rate): \(count.computedAgain) of "
            + "\(count.comparisons) comparisons computed again, \(seconds) s; "
            + "largest change of a score \(largest), bound of the first \(gallery.bound(of: 0).largestDifference(norm: 1))"
        )
      }
    }
  }
}
