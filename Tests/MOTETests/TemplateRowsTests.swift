import Configurations
import Foundation
import Kernels
import MOTE
import TestSupport
import Testing

/// Templates read by their place in the file, against the library's reading and `MoteComparator`.
@Suite struct TemplateRowsTests {
  private static let shape = NetworkShape(inputs: 24, hiddenWidths: [17, 5])

  private func trained(_ count: Int) -> [MoteReference] {
    (0..<count).map { s in
      var rng = CounterRNG(seed: 5, purpose: .initialWeights, subject: UInt32(s))
      return MoteReference(
        shape: Self.shape,
        weights: (0..<Self.shape.parameterCount).map { _ in Float(2 * rng.uniform() - 1) })
    }
  }

  private func write(_ count: Int, _ precision: WeightPrecision) throws -> String {
    let path = try temporaryFolder("rows").appendingPathComponent("t.h5").path
    try JitteredTemplates(trained(3), seed: 1).write(count, precision: precision, to: path) {}
    return path
  }

  private func probes(_ count: Int) -> FloatMatrix {
    let probes = FloatMatrix(rows: count, columns: 24)
    var rng = CounterRNG(seed: 6, purpose: .measuring)
    for i in 0..<count {
      for j in 0..<24 { probes.base[i * probes.stride + j] = Float(2 * rng.uniform() - 1) }
    }
    return probes
  }

  @Test(arguments: WeightPrecision.allCases, TemplateRows.Way.allCases)
  func scoresHaveTheBitsOfTheComparator(_ precision: WeightPrecision, _ way: TemplateRows.Way)
    throws
  {
    let templates = try ModelTemplates(path: try write(70, precision))
    let probes = probes(3)
    var expected = [Float](repeating: 0, count: 70 * 3)
    MoteComparator().score(
      try templates.references(0..<70), probes: probes, into: &expected, stride: 3)
    let verifier = try TemplateVerifier(templates, way: way)
    #expect(verifier.rows.bytesEach == precision.bytes(of: Self.shape))
    for row in [0, 1, 42, 69] {
      for p in 0..<3 {
        if p == 1 { verifier.rows.forgetPages() }
        let score = try verifier.score(
          of: "person \(row)", probe: probes.selecting(rows: [p]))
        #expect(score.bitPattern == expected[row * 3 + p].bitPattern)
      }
    }
    for workers in [1, 3] {
      let search = try StoredSearch(templates, way: way, workers: workers)
      var found = [Float](repeating: 0, count: 69 * 3)
      try search.score(people: 69, probes: probes, into: &found, stride: 3)
      #expect(found.map(\.bitPattern) == expected.prefix(69 * 3).map(\.bitPattern))
    }
  }

  @Test func blocksThatDoNotFitInOneAreRead() throws {
    // More people than a block of 4 MiB holds.
    let count = (4 << 20) / WeightPrecision.int8.bytes(of: Self.shape) + 5
    let templates = try ModelTemplates(path: try write(count, .int8))
    let probe = probes(1)
    var expected = [Float](repeating: 0, count: count)
    MoteComparator().score(
      try templates.references(0..<count), probes: probe, into: &expected, stride: 1)
    var found = [Float](repeating: 0, count: count)
    try StoredSearch(templates, way: .stride, workers: 2).score(
      people: count, probes: probe, into: &found, stride: 1)
    #expect(found == expected)
  }

  @Test func peopleDifferAndComeAgain() {
    let people = JitteredTemplates(trained(3), seed: 1)
    #expect(people.reference(4) == JitteredTemplates(trained(3), seed: 1).reference(4))
    #expect(people.reference(4) != people.reference(1))
    // Near the trained one of the same number, by a few standard deviations of 1 %.
    for (a, b) in zip(people.reference(4).weights, trained(3)[1].weights) {
      #expect(abs(a - b) <= 0.06 * abs(b))
    }
  }

  @Test func badFilesAreToldWithWhatWasFound() throws {
    let path = try write(3, .float32)
    let templates = try ModelTemplates(path: path)
    let verifier = try TemplateVerifier(templates, way: .stride)
    let unknown = #expect(throws: ModelTemplateError.self) {
      try verifier.score(of: "nobody", probe: probes(1))
    }
    #expect("\(unknown!)".contains("no template of 'nobody'"))
    // Cut off after it was opened.
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 4096)
    try file.close()
    #expect(throws: (any Error).self) {
      try verifier.score(of: "person 2", probe: probes(1))
    }
    let short = #expect(throws: ModelTemplateError.self) {
      try TemplateRows(templates, way: .map)
    }
    #expect("\(short!)".contains("it has 4096 bytes"))
    // Damaged: the digest tells.
    let damaged = #expect(throws: ModelTemplateError.self) { try ModelTemplates(path: path) }
    #expect("\(damaged!)".contains("does not fit its digest"))
  }

  @Test func identifiersThatRepeatAreRefused() throws {
    let path = try temporaryFolder("rows").appendingPathComponent("t.h5").path
    let writer = try ModelTemplateWriter(
      path: path, shape: Self.shape, precision: .float32, count: 2)
    try writer.write(trained(2), at: 0)
    for row in 0..<2 { writer.describe(row: row, identity: "same", fold: 0, referenceRow: 0) }
    try writer.finish()
    let error = #expect(throws: ModelTemplateError.self) {
      try TemplateVerifier(try ModelTemplates(path: path), way: .stride)
    }
    #expect("\(error!)".contains("templates 0 and 1 are both of 'same'"))
  }
}
