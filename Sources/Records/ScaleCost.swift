import Configurations

/// Latency and memory over the number of people whose templates are stored.
package struct ScaleCost: Sendable, Codable {
  /// Trained people whose networks were jittered into all others.
  package var trained: Int
  /// Standard deviation of the factor of a jittered weight.
  package var jitter: Double
  /// Threads of an identification; a verification takes one.
  package var workers: Int
  /// Exponent s of the Zipf pattern: person of rank k is asked for in proportion to 1 / k^s.
  package var zipfExponent: Double
  /// Bytes that a stored file might have; larger ones were left out.
  package var fileLimit: Int
  package var files: [ScaleFile]
  package var points: [ScalePoint]

  package init(
    trained: Int, jitter: Double, workers: Int, zipfExponent: Double, fileLimit: Int,
    files: [ScaleFile] = [], points: [ScalePoint] = []
  ) {
    self.trained = trained
    self.jitter = jitter
    self.workers = workers
    self.zipfExponent = zipfExponent
    self.fileLimit = fileLimit
    self.files = files
    self.points = points
  }
}

/// A written file of templates, of which smaller numbers of people are the first rows.
package struct ScaleFile: Sendable, Codable {
  package var precision: WeightPrecision
  package var people: Int
  package var bytes: Int
  /// Making the jittered networks, writing and syncing the file.
  package var writeSeconds: Double
  /// Opening it, which checks the digest of its content.
  package var openSeconds: Double
  /// Share of its pages in memory after they were dropped; nil where the system does not tell.
  package var residentShare: Double?
  /// Numbers of people that were left out, as their file would be larger than the limit.
  package var leftOut: [Int]
  /// Ways of reading one person's template, uniform requests.
  package var ways: [ScaleWay]

  package init(
    precision: WeightPrecision, people: Int, bytes: Int, writeSeconds: Double, openSeconds: Double,
    residentShare: Double?, leftOut: [Int], ways: [ScaleWay] = []
  ) {
    self.precision = precision
    self.people = people
    self.bytes = bytes
    self.writeSeconds = writeSeconds
    self.openSeconds = openSeconds
    self.residentShare = residentShare
    self.leftOut = leftOut
    self.ways = ways
  }
}

/// One way of reading templates.
package struct ScaleWay: Sendable, Codable {
  /// "library": the HDF5 library in its process; "stride": pread; "map": mapped memory.
  package var name: String
  package var cold: LatencyQuantiles
  package var warm: LatencyQuantiles
  /// Whether everything else was measured with it.
  package var isUsed: Bool

  package init(name: String, cold: LatencyQuantiles, warm: LatencyQuantiles, isUsed: Bool = false) {
    self.name = name
    self.cold = cold
    self.warm = warm
    self.isUsed = isUsed
  }
}

/// One series of requests.
package struct ScalePoint: Sendable, Codable {
  package enum Task: String, Sendable, Codable, CaseIterable { case verification, identification }
  /// Where templates are when a request comes.
  package enum State: String, Sendable, Codable, CaseIterable {
    /// In memory, as a gallery.
    case memory
    /// In the file, of which the same requests were answered just before.
    case warm
    /// In the file, whose pages were dropped once, before the first request.
    case start
    /// In the file, whose pages were dropped before every request.
    case cold
  }
  /// Which people are asked for.
  package enum Pattern: String, Sendable, Codable, CaseIterable { case uniform, zipf }

  package var task: Task
  package var precision: WeightPrecision
  package var state: State
  /// Nil for identification, which reads everybody.
  package var pattern: Pattern?
  package var people: Int
  package var latency: LatencyQuantiles
  /// Largest resident memory of the process in the series; pages of a mapped file count.
  package var peakBytes: Int

  package init(
    task: Task, precision: WeightPrecision, state: State, pattern: Pattern?, people: Int,
    latency: LatencyQuantiles, peakBytes: Int
  ) {
    self.task = task
    self.precision = precision
    self.state = state
    self.pattern = pattern
    self.people = people
    self.latency = latency
    self.peakBytes = peakBytes
  }
}

/// Quantiles of measured seconds: the smallest measured value that at least the share of all is not
/// above (nearest rank), so that with fewer than 100 requests p99 is the largest.
package struct LatencyQuantiles: Sendable, Codable, Hashable {
  package var requests: Int
  package var p50: Double
  package var p95: Double
  package var p99: Double

  /// - Precondition: there is a value.
  package init(_ seconds: [Double]) {
    let sorted = seconds.sorted()
    // Whole numbers, as 0.95 of 20 is not 19 in binary.
    func rank(_ percent: Int) -> Double { sorted[(percent * sorted.count + 99) / 100 - 1] }
    requests = sorted.count
    (p50, p95, p99) = (rank(50), rank(95), rank(99))
  }
}
