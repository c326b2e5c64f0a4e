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
  func comparisons() -> [ComparisonCost] {
    let single = matrix(rows: 1)
    let mote = MoteComparator()
    let some = Array(references.prefix(16))
    let vectors = matrix(rows: some.count)
    let products = DenseProducts(dimension: probes.columns)
    let scores = FloatMatrix(rows: some.count, columns: probes.rows)
    func cost(_ system: String, _ probes: FloatMatrix, _ body: () -> Void) -> ComparisonCost {
      ComparisonCost(
        system: system, batch: probes.rows,
        seconds: Self.seconds(body) / Double(some.count * probes.rows))
    }
    return [single, probes].flatMap { batch in
      [
        cost("mote", batch) {
          mote.score(some, probes: batch, into: scores.base, stride: batch.rows)
        },
        cost("traditional", batch) {
          products.evaluate(rows: vectors, columns: batch, into: scores.base, stride: batch.rows)
        },
      ]
    }
  }

  /// One probe against galleries of the sizes asked for, and of a million.
  ///
  /// Galleries are filled with copies of the references, each in memory of its own. Sizes that do
  /// not fit in half of the free memory are extrapolated: time and memory in proportion to the
  /// number of references, from the largest gallery measured. Above the caches that is what a
  /// linear search does; below it the figure is pessimistic.
  func galleries(_ sizes: [Int], interruption: Interruption) throws -> [GalleryCost] {
    let limit = (StopWatch.bytes("MemAvailable", in: "/proc/meminfo") ?? 0) / 2
    let all = Set(sizes + [1_000_000]).sorted()
    return try galleries("mote", all, bytes: references[0].byteCount, limit, interruption) { n in
      let gallery = (0..<n).map { i in
        let source = references[i % references.count]
        return MoteReference(
          shape: source.shape, weights: source.weights.withUnsafeBufferPointer { Array($0) })
      }
      let probe = matrix(rows: 1)
      let comparator = MoteComparator()
      let scores = FloatMatrix(rows: n, columns: 1)
      return Self.seconds {
        comparator.score(gallery, probes: probe, into: scores.base, stride: 1)
      }
    }
      + galleries("traditional", all, bytes: 4 * probes.columns, limit, interruption) { n in
        let gallery = matrix(rows: n)
        let probe = matrix(rows: 1)
        let products = DenseProducts(dimension: probes.columns)
        let scores = FloatMatrix(rows: n, columns: 1)
        return Self.seconds {
          products.evaluate(rows: gallery, columns: probe, into: scores.base, stride: 1)
        }
      }
  }

  private func galleries(
    _ system: String, _ sizes: [Int], bytes: Int, _ limit: Int, _ interruption: Interruption,
    _ measure: (Int) -> Double
  ) throws -> [GalleryCost] {
    var costs: [GalleryCost] = []
    for n in sizes {
      try interruption.check()
      let fits = n * bytes <= limit && n < 1_000_000
      let last = costs.last { !$0.isExtrapolated }
      guard fits || last == nil else {
        costs.append(
          GalleryCost(
            system: system, references: n,
            seconds: last!.seconds * Double(n) / Double(last!.references), bytes: n * bytes,
            isExtrapolated: true))
        continue
      }
      costs.append(
        GalleryCost(
          system: system, references: n, seconds: measure(n), bytes: n * bytes,
          isExtrapolated: false))
    }
    return costs
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
