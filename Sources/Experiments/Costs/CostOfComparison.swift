import Datasets
import Kernels
import MOTE
import Records
import Specs

/// Times of comparisons and identifications on one core, on data that are there already.
struct CostOfComparison {
  let references: [MoteReference]
  let probes: FloatMatrix

  /// Seconds per comparison, one probe at a time and all probes of the fold together.
  ///
  /// - Throws: `NetworkGalleryError` where there is no memory.
  func comparisons() throws -> [ComparisonCost] {
    let single = matrix(rows: 1)
    let count = min(16, references.count)
    let mote = MoteSearch(shape: references[0].shape, workers: 1)
    let some = try gallery(count)
    let vectors = PackedRows(matrix(rows: count))
    let scores = FloatMatrix(rows: count, columns: probes.rows)
    func cost(_ system: String, _ probes: FloatMatrix, _ body: () -> Void) -> ComparisonCost {
      ComparisonCost(
        system: system, batch: probes.rows,
        seconds: Self.seconds(body) / Double(count * probes.rows))
    }
    return [single, probes].flatMap { batch in
      [
        cost("mote", batch) {
          mote.score(some, probes: batch, into: scores.base, stride: batch.rows)
        },
        cost("traditional", batch) {
          vectors.products(0..<count, with: batch, into: scores.base, stride: count)
        },
      ]
    }
  }

  /// One probe against galleries of the sizes asked for, and of a million.
  ///
  /// Galleries are filled with copies of the references, each in memory of its own. A million, and sizes
  /// that do not fit in half of the free memory, are extrapolated: time and memory in proportion to the
  /// number of references, from the largest gallery measured. Above the caches that is what a linear
  /// search does; from a gallery within them the time comes out too short. Where no size fits, the largest
  /// number that does is measured besides.
  func galleries(_ sizes: [Int], interruption: Interruption) throws -> [GalleryCost] {
    let limit = (StopWatch.bytes("MemAvailable", in: "/proc/meminfo") ?? 0) / 2
    let all = Set(sizes + [1_000_000]).sorted()
    return try galleries("mote", all, bytes: references[0].byteCount, limit, interruption) { n in
      let gallery = try gallery(n)
      let probe = matrix(rows: 1)
      let search = MoteSearch(shape: gallery.shape, workers: 1)
      let scores = FloatMatrix(rows: n, columns: 1)
      return Self.seconds { search.score(gallery, probes: probe, into: scores.base, stride: 1) }
    }
      + galleries("traditional", all, bytes: 4 * probes.columns, limit, interruption) { n in
        let gallery = PackedRows(matrix(rows: n))
        let probe = matrix(rows: 1)
        let scores = FloatMatrix(rows: 1, columns: n)
        return Self.seconds {
          gallery.products(0..<n, with: probe, into: scores.base, stride: n)
        }
      }
  }

  private func galleries(
    _ system: String, _ sizes: [Int], bytes: Int, _ limit: Int, _ interruption: Interruption,
    _ measure: (Int) throws -> Double
  ) throws -> [GalleryCost] {
    var costs: [GalleryCost] = []
    let most = max(1, min(999_999, limit / bytes))
    for n in sizes[0] > most ? [most] + sizes : sizes {
      try interruption.check()
      if n > most, let last = costs.last(where: { !$0.isExtrapolated }) {
        costs.append(
          GalleryCost(
            system: system, references: n,
            seconds: last.seconds * Double(n) / Double(last.references), bytes: n * bytes,
            isExtrapolated: true))
        continue
      }
      costs.append(
        GalleryCost(
          system: system, references: n, seconds: try measure(n), bytes: n * bytes,
          isExtrapolated: false))
    }
    return costs
  }

  /// The references, repeated as often as needed, each in memory of its own.
  private func gallery(_ count: Int) throws -> MoteGallery {
    let gallery = try MoteGallery(
      shape: references[0].shape, precision: .float32, count: count)
    for i in 0..<count { gallery.set(references[i % references.count], at: i) }
    return gallery
  }

  /// Rows of the probes, repeated as often as needed.
  private func matrix(rows: Int) -> FloatMatrix {
    probes.selecting(rows: (0..<rows).map { $0 % probes.rows })
  }

  /// Median seconds of at least 3 and at most 50 calls within half a second, after one that does
  /// not count.
  private static func seconds(_ body: () -> Void) -> Double {
    body()
    let clock = ContinuousClock()
    let start = clock.now
    var times: [Double] = []
    while times.count < 3 || (times.count < 50 && clock.now - start < .milliseconds(500)) {
      let before = clock.now
      body()
      times.append((clock.now - before) / .seconds(1))
    }
    return times.sorted()[times.count / 2]
  }
}
