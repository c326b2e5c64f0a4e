import Configurations
import Foundation
import Kernels
import MOTE
import Workers

/// Our identification: probes against the personal networks of many people, all scores kept.
package struct OurSearch: ContestantServer.Work {
  /// What is timed.
  package enum Purpose: Sendable {
    case scores
    /// Every byte of the networks is read and nothing done with it: what no search can beat.
    case reading
  }

  private let gallery: MoteGallery
  private let search: MoteSearch
  private let probes: FloatMatrix
  private let batch: FloatMatrix
  private let scores: FloatMatrix
  private let purpose: Purpose
  private let threads: Int

  /// - Parameters:
  ///   - inputs: folder with the shared inputs.
  ///   - people: networks of 512-128-64-1: four trained ones, each weight times a random factor in
  ///     1 ± 1/128 of its own, so that no two people share a byte.
  ///   - precisionName: how weights are stored.
  ///   - probes: probes of a run, a multiple of `batch`.
  ///   - batch: probes that are compared together.
  package init(
    inputs: URL, people: Int, precisionName: String, probes: Int, batch: Int, threads: Int,
    purpose: Purpose = .scores
  ) throws {
    guard let precision = WeightPrecision(rawValue: precisionName) else {
      throw BenchmarkError.unknownPrecision(
        precisionName, known: WeightPrecision.allCases.map(\.rawValue))
    }
    let trained = try OurTraining(
      inputs: inputs, hiddenWidths: [128, 64], cohortRows: 1_000, epochs: 5, persons: 4, threads: 1
    ).networks()
    let gallery = try MoteGallery(shape: trained[0].shape, precision: precision, count: people)
    concurrently(units: people, workers: threads) { _, i in
      gallery.set(jittered(trained[i % trained.count], seed: UInt32(i)), at: i)
    }
    self.gallery = gallery
    search = MoteSearch(shape: gallery.shape, workers: threads)
    self.probes = try BenchmarkInput.probes.matrix(in: inputs, rows: probes)
    self.batch = FloatMatrix(rows: batch, columns: benchmarkDimension)
    scores = FloatMatrix(rows: people, columns: batch)
    self.purpose = purpose
    self.threads = threads
  }

  /// One pass over the gallery for each batch; the result is the sum of the batches' highest scores.
  package mutating func run() throws -> ContestantServer.Done {
    var sum = 0.0
    for first in stride(from: 0, to: probes.rows, by: batch.rows) {
      switch purpose {
      case .scores:
        batch.base.update(
          from: probes.base + first * probes.stride, count: batch.rows * batch.stride)
        search.score(gallery, probes: batch, into: scores.base, stride: batch.rows)
        sum += Double(highest(scores.base, scores.rows * scores.stride))
      case .reading: sum += Double(read() % 1_024)
      }
    }
    return ContestantServer.Done(
      work: gallery.count * probes.rows, identities: probes.rows, result: sum)
  }

  private func read() -> UInt64 {
    let parts = 64 * threads
    let digests = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: parts)
    digests.initialize(repeating: 0)
    defer { digests.deallocate() }
    let gallery = gallery
    nonisolated(unsafe) let target = digests
    concurrently(units: parts, workers: threads) { _, k in
      target[k] = gallery.networks.read(
        k * gallery.count / parts..<(k + 1) * gallery.count / parts)
    }
    return digests.reduce(0, ^)
  }
}

/// The largest of `count` numbers.
private func highest(_ numbers: UnsafePointer<Float>, _ count: Int) -> Float {
  var lanes = SIMD16<Float>(repeating: -.infinity)
  var i = 0
  while i + 16 <= count {
    let next = UnsafeRawPointer(numbers + i).loadUnaligned(as: SIMD16<Float>.self)
    lanes.replace(with: next, where: next .> lanes)
    i += 16
  }
  var largest = lanes.max()
  while i < count {
    largest = max(largest, numbers[i])
    i += 1
  }
  return largest
}

/// A network like another: each weight times its own factor in 1 ± 1/128.
private func jittered(_ reference: MoteReference, seed: UInt32) -> MoteReference {
  var state = seed &* 2_654_435_761 &+ 12_345
  let weights = reference.weights.map { weight in
    state = state &* 1_664_525 &+ 1_013_904_223
    return weight * (1 + Float(Int32(bitPattern: state)) * 0x1p-38)
  }
  return MoteReference(shape: reference.shape, weights: weights)
}

/// Our cosines of unit vectors: probes against a gallery of vectors, all scores kept.
package struct OurCosines: ContestantServer.Work {
  private let gallery: PackedRows
  private let probes: FloatMatrix
  private let batch: FloatMatrix
  private let scores: FloatMatrix
  /// Highest cosine of each probe in each unit of people.
  private let highestOfUnits: FloatMatrix
  private let threads: Int
  /// People of a unit: their panels take 2 MiB.
  private static let block = 32 * PackedRows.rowsPerPanel

  /// - Parameter people: rows of the cohort, one template each.
  package init(inputs: URL, people: Int, probes: Int, batch: Int, threads: Int) throws {
    gallery = PackedRows(try BenchmarkInput.cohort.matrix(in: inputs, rows: people))
    self.probes = try BenchmarkInput.probes.matrix(in: inputs, rows: probes)
    self.batch = FloatMatrix(rows: batch, columns: benchmarkDimension)
    scores = FloatMatrix(rows: batch, columns: people)
    highestOfUnits = FloatMatrix(
      rows: batch, columns: (people + Self.block - 1) / Self.block)
    self.threads = threads
  }

  /// One pass over the gallery for each batch; the result is the mean of the probes' highest cosines.
  package mutating func run() -> ContestantServer.Done {
    var sum = 0.0
    let (gallery, batch, scores, best) = (gallery, batch, scores, highestOfUnits)
    for first in stride(from: 0, to: probes.rows, by: batch.rows) {
      batch.base.update(
        from: probes.base + first * probes.stride, count: batch.rows * batch.stride)
      concurrently(units: best.columns, workers: threads) { _, k in
        let people = k * Self.block..<min((k + 1) * Self.block, gallery.count)
        gallery.products(people, with: batch, into: scores.base, stride: scores.stride)
        for p in 0..<batch.rows {
          best[row: p][k] = highest(
            scores.base + p * scores.stride + people.lowerBound, people.count)
        }
      }
      for p in 0..<batch.rows { sum += Double(highest(best.base + p * best.stride, best.columns)) }
    }
    return ContestantServer.Done(
      work: gallery.count * probes.rows, identities: probes.rows,
      result: sum / Double(probes.rows))
  }
}
