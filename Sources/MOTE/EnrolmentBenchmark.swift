import Datasets
import Dispatch
import Glibc
import Kernels

/// One measured quantity: all repeats, so that medians and spreads can be taken later.
package struct BenchmarkMeasurement: Sendable, Codable {
  /// What was done, e.g. "train 512-128-64-1, 4000+2000 rows, 10 epochs, 1 worker".
  package var work: String
  /// Size that a cost curve runs over (cohort rows, gallery size); nil elsewhere.
  package var size: Int?
  package var workers: Int
  /// Work items of one repeat: training samples, scores, or 1.
  package var items: Double
  /// Wall seconds of each repeat.
  package var wallSeconds: [Double]
  /// CPU seconds of all workers, each repeat: the figure to quote on a busy machine.
  package var cpuSeconds: [Double]

  package var medianWallSeconds: Double { BenchmarkMeasurement.median(wallSeconds) }
  package var medianCPUSeconds: Double { BenchmarkMeasurement.median(cpuSeconds) }
  /// Items per wall second, from the median.
  package var itemsPerSecond: Double { items / medianWallSeconds }

  /// Median; the mean of the middle two of an even number. NaN for none.
  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// Measures enrolment, comparison and bandwidth search on clustered random unit vectors: the work
/// that the peers' scripts do, of the same size.
package struct EnrolmentBenchmark: Sendable {
  package var dimension = 512
  package var seed: UInt64 = 7
  package var path = CPUPath.current

  package init() {}

  /// The table of the project: training of both networks, scoring and bandwidth search with 1 and 2
  /// workers, and the cost curves over cohort rows and gallery size (two decades).
  ///
  /// - Parameters:
  ///   - isQuick: smaller curves and fewer repeats.
  ///   - report: receives each measurement as soon as it is there.
  package func standardMeasurements(
    isQuick: Bool, report: (BenchmarkMeasurement) -> Void = { _ in }
  ) throws -> [BenchmarkMeasurement] {
    var all: [BenchmarkMeasurement] = []
    func add(_ measurement: BenchmarkMeasurement) {
      all.append(measurement)
      report(measurement)
    }
    let repeats = isQuick ? 3 : 7
    for workers in [1, 2] {
      for hidden in [[128, 64], [128, 64, 16]] {
        add(try training(hiddenWidths: hidden, workers: workers, repeats: repeats))
      }
      add(try training(validationRows: 3000, workers: workers, repeats: repeats))
      add(scoring(references: 8 * workers, workers: workers, repeats: repeats))
      add(cosine(workers: workers, repeats: repeats))
      add(bandwidthSearch(workers: workers, repeats: repeats))
    }
    for rows in isQuick ? [550, 1700, 5500] : [550, 1700, 5500, 17_000, 55_000] {
      add(try training(cohortRows: rows, epochs: 2, repeats: 3))
    }
    for probes in isQuick ? [1000, 3200, 10_000] : [1000, 3200, 10_000, 32_000, 100_000] {
      add(scoring(references: 2, probes: probes, repeats: 3))
    }
    return all
  }

  /// `enrolments` trainings per worker and repeat, exactly `epochs` epochs, no validation.
  package func training(
    hiddenWidths: [Int] = [128, 64], cohortRows: Int = 4000, epochs: Int = 10,
    validationRows: Int = 0, workers: Int = 1, enrolments: Int = 1, repeats: Int = 5
  ) throws -> BenchmarkMeasurement {
    var configuration = TrainingConfiguration.Preset.officialCode.configuration
    configuration.hiddenWidths = hiddenWidths
    configuration.epochs = epochs
    configuration.patience = validationRows > 0 ? epochs : nil
    let data = clusteredSet(rows: cohortRows + validationRows)
    let densities = GenderKDEs(
      rows: EmbeddingRows(set: data, rows: (0..<Int32(min(cohortRows, 4000))).map { $0 }),
      configuration: KDEConfiguration(bandwidths: ["male": 0.01, "female": 0.01]), workers: 1)
    let context = try EnrolmentContext(
      configuration: configuration, cohort: rows(of: data, 0..<cohortRows),
      development: rows(of: data, cohortRows..<(cohortRows + validationRows)),
      trainingDensities: densities, validationDensities: densities)
    let perWorker = (0..<workers).map { _ in EnrolmentWorker(context: context, path: path) }
    nonisolated(unsafe) let pool = perWorker
    let samples = cohortRows + configuration.matedRows(cohortRows: cohortRows)
    let widths = ([dimension] + hiddenWidths + [1]).map(String.init).joined(separator: "-")
    let validation = validationRows > 0 ? ", \(validationRows) validation rows" : ""
    return measure(
      "train \(widths), \(samples) rows, \(epochs) epochs\(validation)", size: cohortRows,
      workers: workers, items: Double(samples * epochs * enrolments * workers), repeats: repeats
    ) { worker in
      for i in 0..<enrolments {
        let reference = data.vectors.base + i * data.vectors.stride
        _ = try? pool[worker].enrol(
          reference: reference, subjectKey: UInt32(worker * enrolments + i), balancingFactor: 0.5,
          seed: seed)
      }
    }
  }

  /// References x probes, each worker its share of the references.
  package func scoring(
    hiddenWidths: [Int] = [128, 64], references: Int = 8, probes: Int = 13_233, workers: Int = 1,
    repeats: Int = 5
  ) -> BenchmarkMeasurement {
    let shape = NetworkShape(inputs: dimension, hiddenWidths: hiddenWidths)
    let models = (0..<references).map { randomReference(shape, subject: UInt32($0)) }
    let vectors = clusteredSet(rows: probes).vectors
    let scores = FloatMatrix(rows: references, columns: probes)
    let comparators = (0..<workers).map { _ in MoteComparator(path: path) }
    nonisolated(unsafe) let pool = comparators
    let widths = shape.dims.map(String.init).joined(separator: "-")
    return measure(
      "score \(widths), \(references) x \(probes)", size: probes, workers: workers,
      items: Double(references * probes), repeats: repeats
    ) { worker in
      let share = (references * worker / workers)..<(references * (worker + 1) / workers)
      pool[worker].score(
        Array(models[share]), probes: vectors, into: scores.base + share.lowerBound * scores.stride,
        stride: scores.stride)
    }
  }

  /// Cosine scores, references x probes.
  package func cosine(
    references: Int = 512, probes: Int = 13_233, workers: Int = 1, repeats: Int = 5
  ) -> BenchmarkMeasurement {
    let vectors = clusteredSet(rows: probes).vectors
    let models = (0..<references).map { VectorReference(vector: vectors.values(ofRow: $0)) }
    let scores = FloatMatrix(rows: references, columns: probes)
    let comparators = (0..<workers).map { _ in
      CosineComparator(dimension: dimension, path: path)
    }
    nonisolated(unsafe) let pool = comparators
    return measure(
      "cosine \(references) x \(probes)", size: probes, workers: workers,
      items: Double(references * probes), repeats: repeats
    ) { worker in
      let share = (references * worker / workers)..<(references * (worker + 1) / workers)
      pool[worker].score(
        Array(models[share]), probes: vectors, into: scores.base + share.lowerBound * scores.stride,
        stride: scores.stride)
    }
  }

  /// 40 bandwidths x 5 folds on n residuals.
  package func bandwidthSearch(
    residuals n: Int = 2000, workers: Int = 1, repeats: Int = 5
  ) -> BenchmarkMeasurement {
    let set = clusteredSet(rows: 2 * n + 8)
    let residuals = IntraSubjectKDE.residuals(
      of: EmbeddingRows(set: set, rows: (0..<Int32(set.count)).map { $0 }), gender: .male,
      configuration: KDEConfiguration())
    let values = (0..<n).flatMap { i in residuals.values(ofRow: i).map(Double.init) }
    let d = dimension
    return measure(
      "bandwidth search, \(n) x \(d), 40 x 5", size: n, workers: workers, items: 1,
      repeats: repeats, threads: 1
    ) { _ in _ = BandwidthSearch(rows: values, n: n, d: d, workers: workers) }
  }

  /// Runs `body` once per worker and repeat, after one warm-up that is not counted.
  private func measure(
    _ work: String, size: Int?, workers: Int, items: Double, repeats: Int, threads: Int? = nil,
    body: @Sendable (Int) -> Void
  ) -> BenchmarkMeasurement {
    var wall: [Double] = []
    var cpu: [Double] = []
    for i in 0...repeats {
      let wallStart = EnrolmentBenchmark.seconds(CLOCK_MONOTONIC)
      let cpuStart = EnrolmentBenchmark.seconds(CLOCK_PROCESS_CPUTIME_ID)
      DispatchQueue.concurrentPerform(iterations: threads ?? workers, execute: body)
      if i == 0 { continue }
      wall.append(EnrolmentBenchmark.seconds(CLOCK_MONOTONIC) - wallStart)
      cpu.append(EnrolmentBenchmark.seconds(CLOCK_PROCESS_CPUTIME_ID) - cpuStart)
    }
    return BenchmarkMeasurement(
      work: work, size: size, workers: workers, items: items, wallSeconds: wall, cpuSeconds: cpu)
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private func rows(of set: EmbeddingSet, _ range: Range<Int>) -> FloatMatrix {
    let matrix = FloatMatrix(rows: range.count, columns: dimension)
    for (i, row) in range.enumerated() {
      matrix[row: i].baseAddress?.update(
        from: set.vectors.base + row * set.vectors.stride, count: dimension)
    }
    return matrix
  }

  private func randomReference(_ shape: NetworkShape, subject: UInt32) -> MoteReference {
    var rng = CounterRNG(seed: seed, purpose: .initialWeights, subject: subject)
    var weights: [Float] = []
    for k in 0..<shape.layerCount {
      let bound = 1 / Double(shape.dims[k]).squareRoot()
      for _ in shape.parameterOffset(ofLayer: k)..<shape.parameterOffset(ofLayer: k + 1) {
        weights.append(Float((2 * rng.uniform() - 1) * bound))
      }
    }
    return MoteReference(shape: shape, weights: weights)
  }

  /// Unit vectors, four per subject around a random direction: mated cosine about 0.65. Subjects
  /// are male and female in turn.
  private func clusteredSet(rows n: Int) -> EmbeddingSet {
    let d = dimension
    let chunk = RandomFill.chunk
    let padded = (d + chunk - 1) / chunk * chunk
    let vectors = FloatMatrix(rows: n, columns: d)
    let centre = UnsafeMutablePointer<Float>.allocate(capacity: 2 * padded)
    defer { centre.deallocate() }
    centre.initialize(repeating: 0, count: 2 * padded)
    let noise = centre + padded
    for i in 0..<n {
      let subject = i / 4
      let draws = RandomFill(
        CounterRNG(seed: seed, purpose: .syntheticDataset, subject: UInt32(subject)), path: path)
      let chunks = padded / chunk
      draws.normals(chunks: 0..<chunks, into: centre)
      draws.normals(chunks: (chunks * (1 + i % 4))..<(chunks * (2 + i % 4)), into: noise)
      let row = vectors[row: i]
      var square: Float = 0
      for j in 0..<d {
        row[j] = centre[j] + 0.73 * noise[j]
        square += row[j] * row[j]
      }
      let scale = 1 / square.squareRoot()
      for j in 0..<d { row[j] *= scale }
    }
    let subjects = (n + 3) / 4
    return EmbeddingSet(
      dataset: "benchmark", extractor: "random", isSynthetic: true, vectors: vectors,
      norms: [Float](repeating: 1, count: n), subjectOfRow: (0..<n).map { Int32($0 / 4) },
      subjects: (0..<subjects).map(String.init),
      genderOfSubject: (0..<subjects).map { $0 % 2 == 0 ? .male : .female })
  }
}
