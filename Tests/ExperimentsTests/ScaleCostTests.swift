import Configurations
import Experiments
import Foundation
import Kernels
import MOTE
import Records
import Specs
import TestSupport
import Testing

@Suite struct AccessPatternTests {
  @Test func requestsAreDrawnAlike() {
    for pattern in ScalePoint.Pattern.allCases {
      let a = AccessPattern(pattern, people: 1000, seed: 3).requests(50)
      #expect(a == AccessPattern(pattern, people: 1000, seed: 3).requests(50))
      #expect(a != AccessPattern(pattern, people: 1000, seed: 4).requests(50))
      #expect(a.allSatisfy { (0..<1000).contains($0) })
      #expect(AccessPattern(pattern, people: 1, seed: 3).requests(5) == [0, 0, 0, 0, 0])
    }
  }

  @Test(arguments: ScalePoint.Pattern.allCases)
  func frequenciesAreThoseOfThePattern(_ pattern: ScalePoint.Pattern) {
    let (people, count) = (20, 200_000)
    let access = AccessPattern(pattern, people: people, seed: 1)
    let harmonic = (1...people).reduce(0) { $0 + 1 / Double($1) }
    var counts = [Int](repeating: 0, count: people)
    for person in access.requests(count) { counts[person] += 1 }
    #expect(Set((0..<people).map(access.person(ofRank:))).count == people)
    for rank in 0..<people {
      let share = pattern == .zipf ? 1 / Double(rank + 1) / harmonic : 1 / Double(people)
      #expect(abs(access.share(ofRank: rank) - share) < 1e-12)
      // Five standard deviations.
      let deviation = (share * (1 - share) * Double(count)).squareRoot()
      let found = Double(counts[access.person(ofRank: rank)])
      #expect(abs(found - share * Double(count)) < 5 * deviation, "rank \(rank): \(found)")
    }
  }
}

@Suite(.serialized) struct ScaleCostTests {
  private func measuring(_ cost: CostSpec, folder: String) -> CostOfScale {
    let shape = NetworkShape(inputs: 32, hiddenWidths: [16, 8])
    let references = (0..<2).map { s in
      var rng = CounterRNG(seed: 5, purpose: .initialWeights, subject: UInt32(s))
      return MoteReference(
        shape: shape, weights: (0..<shape.parameterCount).map { _ in Float(rng.uniform() - 0.5) })
    }
    let probes = FloatMatrix(rows: 3, columns: 32)
    for i in 0..<3 { for j in 0..<32 { probes.base[i * probes.stride + j] = Float(i * j % 7) } }
    return CostOfScale(
      references: references, probes: probes, spec: cost, seed: 1, folder: folder, workers: 2,
      interruption: Interruption(), report: { _ in })
  }

  private func cost(_ people: [Int], _ precisions: [WeightPrecision], disk: Double = 1) -> CostSpec
  {
    var cost = CostSpec()
    (cost.scalePeople, cost.scalePrecisions, cost.scaleDisk) = (people, precisions, disk)
    return cost
  }

  @Test func nothingIsMeasuredWhereNothingIsAsked() throws {
    #expect(try measuring(CostSpec(), folder: "/nonexistent").measured() == nil)
  }

  @Test func everySeriesIsMeasuredAndNoFileIsLeft() throws {
    let folder = try temporaryFolder("scale").path
    let found = try #require(
      try measuring(cost([100, 10], WeightPrecision.allCases), folder: folder).measured())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    #expect(found.trained == 2 && found.files.count == 3)
    for precision in WeightPrecision.allCases {
      let file = try #require(found.files.first { $0.precision == precision })
      #expect(file.people == 100 && file.leftOut.isEmpty)
      let shape = NetworkShape(inputs: 32, hiddenWidths: [16, 8])
      #expect(file.bytes > 100 * precision.bytes(of: shape))
      #expect(file.ways.map(\.name) == ["library", "stride", "map"])
      #expect(file.ways.count(where: \.isUsed) == 1)
      for people in [10, 100] {
        let points = found.points.filter { $0.precision == precision && $0.people == people }
        let verification = points.filter { $0.task == .verification }
        #expect(verification.count == 6 && Set(verification.map(\.pattern)).count == 2)
        let identification = points.filter { $0.task == .identification }
        #expect(identification.map(\.state) == [.cold, .warm, .memory])
        for point in points {
          let latency = point.latency
          #expect(latency.p50 > 0 && latency.p50 <= latency.p95 && latency.p95 <= latency.p99)
          #expect(latency.requests >= 3 && point.peakBytes > 0)
        }
      }
    }
  }

  @Test func whatTheLimitForbidsIsLeftOut() throws {
    // A float32 network of 32-16-8-1 takes 2,692 bytes.
    let folder = try temporaryFolder("scale").path
    let found = try #require(
      try measuring(cost([10, 1000], [.float32], disk: 0.001), folder: folder).measured())
    #expect(found.files[0].people == 10 && found.files[0].leftOut == [1000])
    let error = #expect(throws: ScaleError.self) {
      try measuring(cost([1000], [.float32], disk: 0.001), folder: folder).measured()
    }
    #expect(
      "\(error!)" == "'cost: scale_disk' is 0.001 GB, but 1000 people in float32 take 3 MB; raise "
        + "it, or lower 'scale_people'")
  }

  @Test func aDiskThatIsTooSmallIsToldBeforeAnythingIsWritten() throws {
    let folder = try temporaryFolder("scale").path
    let error = #expect(throws: ScaleError.self) {
      try measuring(cost([1_000_000_000], [.float32], disk: 1e9), folder: folder).measured()
    }
    #expect("\(error!)".contains("free, but 1000000000 people in float32 take 2756.1 GB"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test func aFileThatCannotBeWrittenIsTold() {
    let error = #expect(throws: ScaleError.self) {
      try measuring(cost([10], [.float32]), folder: "/nonexistent/folder").measured()
    }
    #expect("\(error!)".contains("could not be written, and nothing is left of it"))
  }
}
