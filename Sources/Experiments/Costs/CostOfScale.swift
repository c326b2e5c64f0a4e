import Configurations
import Files
import Foundation
import Kernels
import MOTE
import Records
import Specs

/// Latency and memory of verification and identification over the number of people, from files of
/// jittered templates that are written for it, one at a time, and removed.
package struct CostOfScale {
  /// Trained people.
  let references: [MoteReference]
  let probes: FloatMatrix
  let spec: CostSpec
  let seed: UInt64
  /// Where the files are for a while.
  let folder: String
  /// Threads of an identification.
  let workers: Int
  let interruption: Interruption
  let report: (String) -> Void

  /// - Parameter report: receives a line per step.
  package init(
    references: [MoteReference], probes: FloatMatrix, spec: CostSpec, seed: UInt64, folder: String,
    workers: Int, interruption: Interruption, report: @escaping (String) -> Void
  ) {
    (self.references, self.probes, self.spec, self.seed) = (references, probes, spec, seed)
    (self.folder, self.workers, self.interruption) = (folder, workers, interruption)
    self.report = report
  }

  /// What can be told before any work: numbers of people beyond the limit, and too little free space.
  ///
  /// - Throws: `ScaleError`.
  package static func check(_ spec: CostSpec, shape: NetworkShape, folder: String)
    throws(ScaleError)
  {
    guard !spec.scalePeople.isEmpty else { return }
    for precision in spec.scalePrecisions {
      let bytes = precision.bytes(of: shape)
      let largest = try fitting(spec, precision, bytes: bytes).last!
      try checkRoom(largest, precision, bytes: fileBytes(largest, bytes), folder: folder)
    }
  }

  /// Numbers of people whose networks the limit allows, ascending; one at least.
  private static func fitting(_ spec: CostSpec, _ precision: WeightPrecision, bytes: Int)
    throws(ScaleError) -> [Int]
  {
    let fitting = spec.scalePeople.filter { $0 <= limit(spec) / bytes }.sorted()
    guard fitting.isEmpty else { return fitting }
    let fewest = spec.scalePeople.min()!
    throw .limit(
      gigabytes: spec.scaleDisk, people: fewest, precision: precision, bytes: fewest * bytes)
  }

  private static func limit(_ spec: CostSpec) -> Int { Int(min(spec.scaleDisk, 1e9) * 1e9) }

  /// Numbers, labels and the library's own.
  private static func fileBytes(_ people: Int, _ bytes: Int) -> Int {
    people * (bytes + 64) + (1 << 20)
  }

  private static func checkRoom(
    _ people: Int, _ precision: WeightPrecision, bytes: Int, folder: String
  ) throws(ScaleError) {
    var system = statvfs()
    guard statvfs(folder, &system) == 0 else { return }
    let free = Int(system.f_bavail) * Int(system.f_frsize)
    if bytes > free {
      throw .noRoom(folder: folder, people: people, precision: precision, bytes: bytes, free: free)
    }
  }

  /// Nil where the spec names no numbers of people.
  ///
  /// - Throws: `ScaleError`, `Interrupted`; what reading the file throws.
  package func measured() throws -> ScaleCost? {
    guard !spec.scalePeople.isEmpty else { return nil }
    let jittered = JitteredTemplates(references, seed: seed)
    var cost = ScaleCost(
      trained: references.count, jitter: Double(JitteredTemplates.deviation), workers: workers,
      zipfExponent: AccessPattern.exponent, fileLimit: Self.limit(spec))
    for precision in spec.scalePrecisions {
      let bytes = precision.bytes(of: references[0].shape)
      let sizes = spec.scalePeople.sorted()
      let fitting = try Self.fitting(spec, precision, bytes: bytes)
      let largest = fitting.last!
      let path =
        "\(folder)/scale-\(precision.rawValue).h5.\(getpid())"
        + FileReplacement.temporarySuffix
      // When this process is killed, the next run removes it.
      defer { unlink(path) }
      var watch = StopWatch()
      try write(jittered, largest, precision, to: path)
      let writeSeconds = watch.wallSeconds
      watch = StopWatch()
      let templates = try ModelTemplates(path: path)
      let openSeconds = watch.wallSeconds
      var file = ScaleFile(
        precision: precision, people: largest, bytes: try size(of: path),
        writeSeconds: writeSeconds, openSeconds: openSeconds, residentShare: nil,
        leftOut: Array(sizes.dropFirst(fitting.count)))
      report(
        "  \(largest) people in \(precision.rawValue): \(file.bytes) bytes written in "
          + "\(secondsText(writeSeconds)), opened in \(secondsText(openSeconds))")
      let series = ScaleSeries(
        templates: templates, probes: probes, seed: seed, workers: workers,
        interruption: interruption)
      let (ways, way, share) = try series.ways()
      (file.ways, file.residentShare) = (ways, share)
      cost.files.append(file)
      report("  verification reads by \(way.rawValue), identification by stride")
      for people in fitting {
        cost.points += try series.verification(people, way)
        // Blocks of megabytes: a map of them waits longer for the disk, and every thread's counts anew as
        // memory of the process.
        cost.points += try series.identification(people, .stride)
        report("  \(people) people in \(precision.rawValue) measured")
      }
    }
    return cost
  }

  /// Writes a file after a look at the free space.
  private func write(
    _ jittered: JitteredTemplates, _ people: Int, _ precision: WeightPrecision, to path: String
  ) throws {
    let bytes = Self.fileBytes(people, precision.bytes(of: references[0].shape))
    try Self.checkRoom(people, precision, bytes: bytes, folder: folder)
    do {
      try jittered.write(people, precision: precision, to: path) { try interruption.check() }
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch {
      throw ScaleError.notWritten(
        people: people, precision: precision, bytes: bytes, reason: "\(error)")
    }
  }

  private func size(of path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.size] as? NSNumber)?.intValue ?? 0
  }
}
