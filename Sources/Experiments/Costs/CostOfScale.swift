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

  /// Nil where the spec names no numbers of people.
  ///
  /// - Throws: `ScaleError`, `Interrupted`; what reading the file throws.
  package func measured() throws -> ScaleCost? {
    guard !spec.scalePeople.isEmpty else { return nil }
    let jittered = JitteredTemplates(references, seed: seed)
    let limit = Int(min(spec.scaleDisk, 1e9) * 1e9)
    var cost = ScaleCost(
      trained: references.count, jitter: Double(JitteredTemplates.deviation), workers: workers,
      zipfExponent: AccessPattern.exponent, fileLimit: limit)
    for precision in spec.scalePrecisions {
      let bytes = precision.bytes(of: references[0].shape)
      let sizes = spec.scalePeople.sorted()
      let fitting = sizes.filter { $0 <= limit / bytes }
      guard let largest = fitting.last else {
        throw ScaleError.limit(
          gigabytes: spec.scaleDisk, people: sizes[0], precision: precision,
          bytes: sizes[0] * bytes)
      }
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
          + "\(writeSeconds) s, opened in \(openSeconds) s")
      let series = ScaleSeries(
        templates: templates, probes: probes, seed: seed, workers: workers,
        interruption: interruption)
      let (ways, way, share) = try series.ways()
      (file.ways, file.residentShare) = (ways, share)
      cost.files.append(file)
      report("  read by \(way.rawValue)")
      for people in fitting {
        cost.points += try series.verification(people, way)
        cost.points += try series.identification(people, way)
        report("  \(people) people in \(precision.rawValue) measured")
      }
    }
    return cost
  }

  /// Writes a file after a look at the free space.
  private func write(
    _ jittered: JitteredTemplates, _ people: Int, _ precision: WeightPrecision, to path: String
  ) throws {
    let numbers = people * precision.bytes(of: references[0].shape)
    // Labels and the library's own.
    let bytes = numbers + people * 64 + (1 << 20)
    var system = statvfs()
    if statvfs(folder, &system) == 0 {
      let free = Int(system.f_bavail) * Int(system.f_frsize)
      guard bytes <= free else {
        throw ScaleError.noRoom(
          folder: folder, people: people, precision: precision, bytes: bytes, free: free)
      }
    }
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
