import Biometrics
import Configurations
import Datasets
import Kernels
import MOTE
import Records
import Specs

extension CalibratedRates {
  /// Measures this machine for about a second, on one core: two enrolments, comparisons and an
  /// evaluation of made-up data.
  ///
  /// - Parameters:
  ///   - dimension: of the embeddings that the plan is for.
  ///   - conventions: those of the spec; each costs its own pass over the scores.
  package static func measured(dimension: Int, conventions: [EvaluationConvention]) throws
    -> CalibratedRates
  {
    let sample = try CalibrationSample(dimension: dimension)
    let (trainingRows, reference, parameters) = try sample.trainingRate()
    let probes = sample.set.vectors

    let network = MoteComparator()
    let networkRows = sample.rate(rows: probes.rows) { scores in
      network.score([reference], probes: probes, into: scores, stride: probes.rows)
    }
    let cosine = CosineComparator(dimension: dimension)
    let vectors = (0..<32).map { VectorReference(vector: Array(probes[row: $0])) }
    let cosineScores = sample.rate(rows: vectors.count * probes.rows) { scores in
      cosine.score(vectors, probes: probes, into: scores, stride: probes.rows)
    }
    let plain = try sample.evaluationSeconds(conventions, replicates: 0)
    let replicates = 20
    let bootstrapped = try sample.evaluationSeconds(conventions, replicates: replicates)
    return CalibratedRates(
      trainingRows: trainingRows, networkRows: networkRows, parameters: parameters,
      cosineScores: cosineScores, evaluatedScores: Double(sample.comparisons) / plain,
      bootstrapScores: Double(sample.comparisons * replicates)
        / max(bootstrapped - plain, 1e-3 * plain))
  }
}

/// Made-up embeddings of a few hundred subjects, for measuring speeds.
private struct CalibrationSample {
  /// Rows of one subject.
  static let rowsPerSubject = 5

  let set: EmbeddingSet
  let partition: SubjectPartition
  let protocolOfComparisons: ComparisonProtocol

  var comparisons: Int {
    protocolOfComparisons.referenceCount * protocolOfComparisons.probeCount
  }

  init(dimension: Int) throws {
    let subjects = 800
    let rows = subjects * Self.rowsPerSubject
    let vectors = FloatMatrix(rows: rows, columns: dimension)
    let length = Float(dimension).squareRoot()
    for row in 0..<rows {
      let subject = row / Self.rowsPerSubject
      var centroid = CounterRNG(seed: 1, purpose: .syntheticDataset, subject: UInt32(subject))
      var noise = CounterRNG(
        seed: 2, purpose: .syntheticDataset, subject: UInt32(row), step: 1)
      for j in 0..<dimension {
        // Uniform values of variance 1 and 1/4: what the numbers are does not change the speed.
        let value = 3.46 * (centroid.uniform() - 0.5) + 1.73 * (noise.uniform() - 0.5)
        vectors[row: row][j] = Float(value) / length
      }
    }
    set = EmbeddingSet(
      dataset: "calibration", extractor: "none", isSynthetic: true, vectors: vectors,
      norms: [Float](repeating: 1, count: rows),
      subjectOfRow: (0..<rows).map { Int32($0 / Self.rowsPerSubject) },
      subjects: (0..<subjects).map { "subject \($0)" },
      genderOfSubject: (0..<subjects).map { $0.isMultiple(of: 2) ? .male : .female })
    partition = try PartitionScheme.within(cohort: 0.6, development: 0.1, evaluation: 0.3)
      .partitions(of: set, seed: 1)[0]
    protocolOfComparisons = try ComparisonProtocol(partition: partition, seed: 1)
  }

  /// Training rows a second with the paper's network, its outcome, and its number of weights.
  func trainingRate() throws -> (rows: Double, reference: MoteReference, parameters: Int) {
    var training = TrainingConfiguration.Preset.paper.configuration
    training.epochs = 4
    training.patience = nil
    let context = try EnrolmentContext(
      partition: partition, configuration: training,
      kde: KDEConfiguration(bandwidths: ["male": 0.03, "female": 0.03]))
    let worker = EnrolmentWorker(context: context)
    let row = Int(protocolOfComparisons.referenceRows[0])
    func enrol() throws -> EnrolmentOutcome {
      try worker.enrol(
        reference: set.vectors[row: row].baseAddress!, subjectKey: 0, balancingFactor: 0.5, seed: 1)
    }
    // The first enrolment warms caches and clock.
    _ = try enrol()
    let outcome = try enrol()
    let rows = Double((context.cohort.rows + context.trainingSlots) * training.epochs)
    return (
      rows / (outcome.trainingSeconds + outcome.samplingSeconds), outcome.reference,
      training.parameters(inputs: set.dimension)
    )
  }

  /// Rows a second of a comparison, repeated for a tenth of a second after a first one.
  func rate(rows: Int, _ compare: (UnsafeMutablePointer<Float>) -> Void) -> Double {
    let scores = UnsafeMutablePointer<Float>.allocate(capacity: rows)
    defer { scores.deallocate() }
    compare(scores)
    let clock = ContinuousClock()
    let start = clock.now
    var done = 0
    while clock.now - start < .milliseconds(100) {
      compare(scores)
      done += rows
    }
    return Double(done) / ((clock.now - start) / .seconds(1))
  }

  /// Seconds of one evaluation of cosine scores.
  func evaluationSeconds(_ conventions: [EvaluationConvention], replicates: Int) throws -> Double {
    let layout = protocolOfComparisons
    let (r, p) = (layout.referenceCount, layout.probeCount)
    let references = layout.referenceRows.map {
      VectorReference(vector: Array(set.vectors[row: Int($0)]))
    }
    let scores = [Float](unsafeUninitializedCapacity: r * p) { target, count in
      CosineComparator(dimension: set.dimension).score(
        references, probes: layout.probes.packed(), into: target.baseAddress!, stride: p)
      count = r * p
    }
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: [ScoreMatrix(scores: scores, rows: r, columns: p)],
          referenceSubject: layout.referenceSubjects, probeSubject: layout.probeSubjects,
          ownColumn: layout.ownColumns)
      ], subjectGroup: set.genderOfSubject.map(\.rawValue))
    let draws = BootstrapDraws(replicates: replicates) { replicate, multiplicities in
      multiplicities.update(repeating: 0)
      var rng = CounterRNG(seed: 1, purpose: .bootstrap, step: UInt32(replicate))
      for _ in 0..<r {
        multiplicities[Int(layout.referenceSubjects[rng.index(below: r)])] += 1
      }
    }
    let request = EvaluationRequest(
      conventions: conventions, targets: [1e-3],
      fixedThreshold: 0, bootstrap: replicates > 0 ? draws : nil, workers: 1)
    let clock = ContinuousClock()
    let start = clock.now
    _ = try Biometrics.evaluate(trials, request)
    return (clock.now - start) / .seconds(1)
  }
}
