import Configurations
import Specs

/// What storing, enrolling and comparing cost on one machine: the record behind Table 5.
///
/// Timings differ between equal runs, so these records stand apart from `EvaluationRecord` and
/// from every comparison of runs.
package struct CostRecord: Sendable, Codable {
  package static let currentVersion = 3
  package var version = CostRecord.currentVersion
  /// The MOTE cell measured; the traditional system of the same data is measured beside it.
  package var key: Cell
  /// Hash of everything that the measured models follow from.
  package var inputHash: String
  package var isSynthetic: Bool
  /// Widths of the network.
  package var dims: [Int]
  package var cohortRows: Int
  package var developmentRows: Int
  package var enrolment: EnrolmentCost
  package var storage: [StorageCost]
  package var comparison: [ComparisonCost]
  package var galleries: [GalleryCost]
  /// Verification and identification over the number of people; nil where the spec names no numbers,
  /// and in older records.
  package var scale: ScaleCost?
  /// Largest resident memory of the process while densities were fitted and subjects enrolled.
  package var peakBytes: Int
  /// Processes that wanted a core, averaged over a minute, at the end: above the number of cores,
  /// wall times are inflated.
  package var loadAverage: Double
  package var provenance: Provenance

  package init(
    key: Cell, inputHash: String, isSynthetic: Bool, dims: [Int], cohortRows: Int,
    developmentRows: Int,
    enrolment: EnrolmentCost, storage: [StorageCost], comparison: [ComparisonCost],
    galleries: [GalleryCost], scale: ScaleCost? = nil, peakBytes: Int, loadAverage: Double,
    provenance: Provenance
  ) {
    self.key = key
    self.inputHash = inputHash
    self.isSynthetic = isSynthetic
    self.dims = dims
    self.cohortRows = cohortRows
    self.developmentRows = developmentRows
    self.enrolment = enrolment
    self.storage = storage
    self.comparison = comparison
    self.galleries = galleries
    self.scale = scale
    self.peakBytes = peakBytes
    self.loadAverage = loadAverage
    self.provenance = provenance
  }
}

/// Mean and standard deviation over subjects.
package struct Spread: Sendable, Codable, Hashable {
  package var mean: Double
  package var deviation: Double

  package init(_ values: [Double]) {
    let n = Double(values.count)
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / n
    self.mean = mean
    deviation =
      values.count < 2
      ? 0 : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
  }
}

/// Seconds per subject: mean of the repeats, then mean and deviation over subjects.
package struct EnrolmentCost: Sendable, Codable {
  package var subjects: Int
  package var repeats: Int
  package var sampling: Spread
  package var training: Spread
  /// Sampling and training.
  package var total: Spread
  /// CPU seconds of sampling and training.
  package var cpu: Spread
  /// Extraction of the reference sample; nil where the embedding file does not tell.
  package var extraction: Spread?
  package var meanEpochs: Double

  package init(
    subjects: Int, repeats: Int, sampling: Spread, training: Spread, total: Spread, cpu: Spread,
    extraction: Spread? = nil, meanEpochs: Double
  ) {
    self.subjects = subjects
    self.repeats = repeats
    self.sampling = sampling
    self.training = training
    self.total = total
    self.cpu = cpu
    self.extraction = extraction
    self.meanEpochs = meanEpochs
  }
}

/// Storage of one template, and what its precision changes.
package struct StorageCost: Sendable, Codable {
  /// "mote" or "traditional".
  package var system: String
  package var precision: WeightPrecision
  /// Bytes of the numbers alone.
  package var numberBytes: Int
  /// Bytes of a written file per identity.
  package var fileBytes: Double
  /// FNMR at FMR 1e-3; nil where there are too few comparisons.
  package var fnmr: Double?
  /// Largest change of a score against float32.
  package var largestScoreChange: Double
  package var comparisons: Int
  /// Decisions at FMR 1e-3 with float32 behind close ones; nil for float32, for the traditional
  /// system and where there is no threshold.
  package var guarded: GuardedCost?

  package init(
    system: String, precision: WeightPrecision, numberBytes: Int, fileBytes: Double,
    fnmr: Double? = nil, largestScoreChange: Double, comparisons: Int,
    guarded: GuardedCost? = nil
  ) {
    self.system = system
    self.precision = precision
    self.numberBytes = numberBytes
    self.fileBytes = fileBytes
    self.fnmr = fnmr
    self.largestScoreChange = largestScoreChange
    self.comparisons = comparisons
    self.guarded = guarded
  }
}

/// Decisions of stored networks whose scores are computed again in float32 near the threshold.
package struct GuardedCost: Sendable, Codable {
  package var threshold: Double
  package var comparisons: Int
  /// Comparisons whose score lay so near the threshold that float32 decided.
  package var computedAgain: Int
  /// Decisions that differ from those of float32: none, by the bound behind the guard.
  package var changedDecisions: Int
  /// Seconds per comparison, one probe at a time on one core, with the guard and in float32.
  package var seconds: Double
  package var float32Seconds: Double

  /// Computed again, of all comparisons.
  package var share: Double { Double(computedAgain) / Double(max(1, comparisons)) }

  package init(
    threshold: Double, comparisons: Int, computedAgain: Int, changedDecisions: Int,
    seconds: Double, float32Seconds: Double
  ) {
    self.threshold = threshold
    self.comparisons = comparisons
    self.computedAgain = computedAgain
    self.changedDecisions = changedDecisions
    self.seconds = seconds
    self.float32Seconds = float32Seconds
  }
}

/// Seconds of one comparison.
package struct ComparisonCost: Sendable, Codable {
  package var system: String
  /// Probes that are compared together with one reference.
  package var batch: Int
  package var seconds: Double

  package init(
    system: String, batch: Int, seconds: Double
  ) {
    self.system = system
    self.batch = batch
    self.seconds = seconds
  }
}

/// One probe against a gallery on one core.
package struct GalleryCost: Sendable, Codable {
  package var system: String
  package var references: Int
  package var seconds: Double
  /// Bytes of the references.
  package var bytes: Int
  /// True where the time is that of the largest measured gallery, in proportion.
  package var isExtrapolated: Bool

  package init(
    system: String, references: Int, seconds: Double, bytes: Int, isExtrapolated: Bool
  ) {
    self.system = system
    self.references = references
    self.seconds = seconds
    self.bytes = bytes
    self.isExtrapolated = isExtrapolated
  }
}

extension ResultStore {
  package var costsFolder: String { folder + "/costs" }

  /// Where the cost record of a cell is.
  package func costPath(_ key: Cell) -> String { "\(costsFolder)/\(key.slug).json" }

  /// Writes a cost record.
  package func write(_ record: CostRecord) throws(StoreError) {
    try RecordFolder.write(record, to: costPath(record.key))
  }
}
