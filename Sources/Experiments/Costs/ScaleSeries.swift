import Configurations
import Kernels
import MOTE
import Records
import Specs

/// Timed series of requests to one stored file.
struct ScaleSeries {
  let templates: ModelTemplates
  let probes: FloatMatrix
  let seed: UInt64
  let workers: Int
  let interruption: Interruption

  /// Requests of a series of verifications, and of one whose every request drops the file's pages.
  private static let requests = 1_000
  private static let coldRequests = 200

  /// Ways of reading, on the whole file; the one that takes less, cold and warm medians together, among
  /// stride and map; and the share of the file in memory after its pages were dropped.
  func ways() throws -> (ways: [ScaleWay], best: TemplateRows.Way, residentShare: Double?) {
    let people = AccessPattern(.uniform, people: templates.count, seed: seed)
    let names = people.requests(Self.coldRequests).map(JitteredTemplates.identity)
    var measured: [(way: TemplateRows.Way, cost: ScaleWay)] = []
    var share: Double?
    for way in TemplateRows.Way.allCases {
      let verifier = try TemplateVerifier(templates, way: way)
      verifier.rows.forgetPages()
      if way == .stride { share = try verifier.rows.residentShare() }
      let (cold, warm) = try coldAndWarm(names, forget: verifier.rows.forgetPages) {
        _ = try verifier.score(of: $0, probe: $1)
      }
      measured.append((way, ScaleWay(name: way.rawValue, cold: cold, warm: warm)))
    }
    let best = measured.min {
      $0.cost.cold.p50 + $0.cost.warm.p50 < $1.cost.cold.p50 + $1.cost.warm.p50
    }!.way
    let dropping = try TemplateVerifier(templates, way: .stride)
    let comparator = MoteComparator()
    let (cold, warm) = try coldAndWarm(names, forget: dropping.rows.forgetPages) { name, probe in
      let row = try dropping.row(of: name)
      let references = try templates.references(row..<(row + 1))
      var score: Float = 0
      comparator.score(references, probes: probe, into: &score, stride: 1)
    }
    let library = ScaleWay(name: "library", cold: cold, warm: warm)
    let ways = measured.map { way, cost in
      var cost = cost
      cost.isUsed = way == best
      return cost
    }
    return ([library] + ways, best, share)
  }

  private func coldAndWarm(
    _ names: [String], forget: () -> Void, _ request: (String, FloatMatrix) throws -> Void
  ) throws -> (LatencyQuantiles, LatencyQuantiles) {
    let cold = try timed(names, before: forget, request)
    // Of the cold requests each has dropped what those before it read.
    for (i, name) in names.enumerated() { try request(name, probe(i)) }
    return (cold, try timed(names, before: {}, request))
  }

  /// Verification by identifier among the first `people` of the file, in every state and pattern.
  func verification(_ people: Int, _ way: TemplateRows.Way) throws -> [ScalePoint] {
    let verifier = try TemplateVerifier(templates, way: way)
    let forget = verifier.rows.forgetPages
    func request(_ name: String, _ probe: FloatMatrix) throws {
      _ = try verifier.score(of: name, probe: probe)
    }
    var points: [ScalePoint] = []
    for pattern in ScalePoint.Pattern.allCases {
      let drawn = AccessPattern(pattern, people: people, seed: seed)
      let names = drawn.requests(Self.requests).map(JitteredTemplates.identity)
      for state in [ScalePoint.State.cold, .start, .warm] {
        StopWatch.restartPeak()
        let latency: LatencyQuantiles
        switch state {
        case .cold:
          latency = try timed(
            Array(names.prefix(Self.coldRequests)), before: forget, request)
        case .start:
          forget()
          latency = try timed(names, before: {}, request)
        case .warm, .memory:
          for (i, name) in names.enumerated() { try request(name, probe(i)) }
          latency = try timed(names, before: {}, request)
        }
        points.append(point(.verification, state, pattern, people, latency))
      }
    }
    return points
  }

  /// One probe against the first `people`: from the file, and from memory where half of what is
  /// available holds them.
  func identification(_ people: Int, _ way: TemplateRows.Way) throws -> [ScalePoint] {
    var scores = [Float](repeating: 0, count: people)
    var points: [ScalePoint] = []
    do {
      let search = try StoredSearch(templates, way: way, workers: workers)
      func request(_ i: Int) throws {
        try search.score(people: people, probes: probe(i), into: &scores, stride: 1)
      }
      for state in [ScalePoint.State.cold, .warm] {
        StopWatch.restartPeak()
        if state == .warm { try request(0) }
        let latency = try repeated(before: state == .cold ? search.forgetPages : {}, request)
        points.append(point(.identification, state, nil, people, latency))
      }
    }
    let available = StopWatch.bytes("MemAvailable", in: "/proc/meminfo") ?? 0
    guard people <= available / 2 / templates.precision.bytes(of: templates.shape) else {
      return points
    }
    StopWatch.restartPeak()
    let gallery = try MoteGallery(
      shape: templates.shape, precision: templates.precision, count: people)
    let rows = try TemplateRows(templates, way: .stride)
    for first in stride(from: 0, to: people, by: 16) {
      try rows.load(first..<min(first + 16, people), into: gallery, at: first)
    }
    let search = MoteSearch(shape: gallery.shape, workers: workers)
    let latency = try repeated(before: {}) { i in
      search.score(gallery, probes: probe(i), into: &scores, stride: 1)
    }
    points.append(point(.identification, .memory, nil, people, latency))
    return points
  }

  private func point(
    _ task: ScalePoint.Task, _ state: ScalePoint.State, _ pattern: ScalePoint.Pattern?,
    _ people: Int, _ latency: LatencyQuantiles
  ) -> ScalePoint {
    ScalePoint(
      task: task, precision: templates.precision, state: state, pattern: pattern, people: people,
      latency: latency, peakBytes: StopWatch.peakBytes)
  }

  /// Probe of request `i`, [1, d].
  private func probe(_ i: Int) -> FloatMatrix { probes.selecting(rows: [i % probes.rows]) }

  /// Seconds of each request; what comes before it does not count.
  private func timed(
    _ names: [String], before: () -> Void, _ request: (String, FloatMatrix) throws -> Void
  ) throws -> LatencyQuantiles {
    var seconds: [Double] = []
    seconds.reserveCapacity(names.count)
    for (i, name) in names.enumerated() {
      try interruption.check()
      let probe = probe(i)
      before()
      let watch = StopWatch()
      try request(name, probe)
      seconds.append(watch.wallSeconds)
    }
    return LatencyQuantiles(seconds)
  }

  /// The same of at least 3 and at most 30 identifications within 3 seconds.
  private func repeated(
    before: () -> Void, _ request: (Int) throws -> Void
  ) throws -> LatencyQuantiles {
    let whole = StopWatch()
    var seconds: [Double] = []
    while seconds.count < 3 || (seconds.count < 30 && whole.wallSeconds < 3) {
      try interruption.check()
      before()
      let watch = StopWatch()
      try request(seconds.count)
      seconds.append(watch.wallSeconds)
    }
    return LatencyQuantiles(seconds)
  }
}
