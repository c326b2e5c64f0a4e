import Configurations
import Kernels
import Privacy
import Testing

@Suite struct ProtectionSchemeTests {
  private func scheme(_ recipe: ProtectionRecipe, dimension: Int = 64) throws
    -> any ProtectionScheme
  {
    let cohort = TrainingCohort(
      vectors: normalMatrix(60, dimension, seed: 2), isFirst: (0..<60).map { $0 % 2 == 0 })
    return try recipe.scheme(trainedOn: cohort, seed: 5)
  }

  private static var quick: [ProtectionRecipe] {
    var pfrNet = PFRNetConfiguration()
    pfrNet.epochs = 1
    var ive = IVEConfiguration()
    ive.rounds = 2
    return [
      .unprotected, .peMIU(block: 8), .pfrNet(pfrNet), .incrementalVariableElimination(ive),
      .cosineNoise(similarity: 0.8), .euclideanNoise(distance: 0.5), .negative(bins: 4),
    ]
  }

  @Test(arguments: quick) func allPairsAgreeWithSingleComparisons(recipe: ProtectionRecipe) throws {
    let scheme = try scheme(recipe)
    let references = scheme.protect(normalMatrix(70, 64, seed: 3), role: .reference)
    let probes = scheme.protect(normalMatrix(9, 64, seed: 4), role: .probe)
    #expect(references.columns == scheme.templateWidth)
    let scores = FloatMatrix(rows: references.rows, columns: probes.rows)
    scheme.compare(
      references: references, rows: 0..<references.rows, probes: probes, into: scores.base)
    let all = Matrix64(scores)
    for r in [0, 1, 63, 64, 69] {
      for p in 0..<9 {
        let single = scheme.compare(
          reference: UnsafeBufferPointer(references[row: r]),
          probe: UnsafeBufferPointer(probes[row: p]))
        #expect(abs(all[r, p] - single) < 1e-5)
      }
    }
    // However references are cut into ranges.
    var part = [Float](repeating: 0, count: 5 * 9)
    scheme.compare(references: references, rows: 61..<66, probes: probes, into: &part)
    #expect(part.map(Double.init) == (61..<66).flatMap { Array(all[row: $0]) })
    #expect(scheme.name == recipe.name)
  }

  @Test(arguments: quick) func protectionDependsOnlyOnSeedRoleAndSerial(
    recipe: ProtectionRecipe
  ) throws {
    let scheme = try scheme(recipe)
    let vectors = normalMatrix(4, 64, seed: 6)
    let all = scheme.protect(vectors, serials: [10, 11, 12, 13], role: .reference)
    let last = FloatMatrix(rows: 1, columns: 64)
    _ = last[row: 0].update(fromContentsOf: vectors[row: 3])
    let alone = scheme.protect(last, serials: [13], role: .reference)
    #expect(zip(all[row: 3], alone[row: 0]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func blocksAreRearrangedAfreshForEveryTemplate() throws {
    let scheme = try PEMIU(dimension: 512, block: 32, seed: 1)
    let vectors = floatMatrix(2, 512) { _, j in Double(j) }
    let templates = scheme.protect(vectors, role: .reference)
    #expect(nested(templates)[0] != nested(templates)[1])
    for row in nested(templates) {
      #expect(row.sorted() == (0..<512).map(Float.init))
      for start in stride(from: 0, to: 512, by: 32) {
        #expect((1..<32).allSatisfy { row[start + $0] == row[start] + Float($0) })
      }
    }
    #expect(
      scheme.permutation(serial: 3, role: .reference) != scheme.permutation(serial: 3, role: .probe)
    )
  }

  /// A probe near its reference: the assignment undoes both permutations.
  @Test(arguments: [8, 16, 32, 64]) func matedScoreIsTheUnprotectedCosine(block: Int) throws {
    let scheme = try PEMIU(dimension: 512, block: block, seed: 7)
    var stream = NormalStream(1)
    let reference = floatMatrix(1, 512) { _, _ in stream.next() }
    let probe = floatMatrix(1, 512) { _, j in Double(reference[row: 0][j]) + 0.2 * stream.next() }
    let plain = UnprotectedScheme(dimension: 512).compare(
      reference: UnsafeBufferPointer(reference[row: 0]), probe: UnsafeBufferPointer(probe[row: 0]))
    let a = scheme.protect(reference, role: .reference)
    let b = scheme.protect(probe, role: .probe)
    let score = scheme.compare(
      reference: UnsafeBufferPointer(a[row: 0]), probe: UnsafeBufferPointer(b[row: 0]))
    #expect(abs(score - plain) < 1e-6)
  }

  /// Aligned with an anchor near the embeddings, permuted templates become comparable again.
  @Test func attackFeaturesUndoThePermutation() throws {
    let scheme = try PEMIU(dimension: 64, block: 8, seed: 3)
    var stream = NormalStream(2)
    let anchor = stream.list(64).map(Float.init)
    let vectors = floatMatrix(6, 64) { _, j in Double(anchor[j]) + 0.1 * stream.next() }
    let features = scheme.attackFeatures(
      templates: scheme.protect(vectors, role: .reference), anchor: anchor)
    #expect(features == Matrix64(vectors))
  }

  @Test func cosineNoiseHasTheChosenCosine() throws {
    let scheme = try CosineSensitiveNoise(dimension: 128, similarity: 0.6, seed: 1)
    let vectors = normalMatrix(5, 128, seed: 2)
    let templates = scheme.protect(vectors, role: .reference)
    for i in 0..<5 {
      let cosine = scheme.compare(
        reference: UnsafeBufferPointer(vectors[row: i]),
        probe: UnsafeBufferPointer(templates[row: i]))
      #expect(abs(cosine - 0.6) < 1e-6)
    }
  }

  @Test func euclideanNoiseHasTheChosenDistance() throws {
    let scheme = try EuclideanSensitiveNoise(dimension: 128, distance: 0.5, seed: 1)
    let vectors = normalMatrix(3, 128, seed: 2)
    let templates = scheme.protect(vectors, role: .reference)
    for i in 0..<3 {
      let square = zip(vectors[row: i], templates[row: i])
        .reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      #expect(abs(square.squareRoot() - 0.5) < 1e-5)
    }
  }

  @Test func negativeReferencesNeverHoldTheTrueBin() throws {
    let vectors = normalMatrix(200, 32, seed: 8)
    let scheme = try NegativeFaceRecognition.train(on: vectors, bins: 4, seed: 1)
    let own = scheme.protect(vectors, role: .probe)
    let negative = scheme.protect(vectors, role: .reference)
    var counts = [0, 0, 0, 0]
    for i in 0..<200 {
      #expect(zip(own[row: i], negative[row: i]).allSatisfy { $0 != $1 })
      #expect(negative[row: i].allSatisfy { (0..<4).contains(Int($0)) })
      for bin in own[row: i] { counts[Int(bin)] += 1 }
      let score = scheme.compare(
        reference: UnsafeBufferPointer(negative[row: i]), probe: UnsafeBufferPointer(own[row: i]))
      #expect(score == 1)
    }
    // Quantile bins of the training rows are equally full.
    #expect(counts.allSatisfy { $0 == 200 * 32 / 4 })
  }

  @Test func settingsOutOfRangeAreRefused() {
    #expect(throws: PrivacyError.blockDoesNotDivide(block: 7, dimension: 512)) {
      try PEMIU(dimension: 512, block: 7, seed: 1)
    }
    #expect(throws: PrivacyError.self) {
      try CosineSensitiveNoise(dimension: 4, similarity: 1, seed: 1)
    }
    #expect(throws: PrivacyError.self) {
      try NegativeFaceRecognition.train(on: normalMatrix(9, 3, seed: 1), bins: 1, seed: 1)
    }
    #expect(
      "\(PrivacyError.blockDoesNotDivide(block: 7, dimension: 512))"
        == "block size 7 does not divide the embedding dimension 512; use a divisor")
  }
}
