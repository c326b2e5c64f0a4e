import Configurations
import Explain
import Kernels
import Testing

@Suite struct MapAttentionTests {
  @Test func strongestCellsAreTakenByValueThenPosition() {
    let map = HeatMap(height: 2, width: 3, values: [1, 3, 2, 3, 0, 3])
    #expect(map.strongest(count: 2) == [1, 3])
    #expect(map.strongest(count: 4) == [1, 2, 3, 5])
    #expect(map.strongest(0.5) == [1, 3, 5])
  }

  @Test func sharesOfRegionsAddUpToOne() {
    let regions: [FaceRegion] = [.eyes, .nose, .background, .background]
    let shares = RegionShares(of: [0, 2, 3], in: regions[...])
    #expect(abs(shares.values.reduce(0, +) - 1) < 1e-15)
    #expect(shares[.eyes] == 1.0 / 3 && shares[.background] == 2.0 / 3 && shares[.mouth] == 0)
    #expect(shares.share(of: [.eyes, .nose]) == 1.0 / 3)
  }
}

@Suite struct MapLikenessTests {
  private func distribution(_ values: [Double]) -> MapDistribution {
    MapDistribution(
      HeatMap(height: 1, width: values.count, values: values), .minMax, height: 1,
      width: values.count)
  }

  @Test func coefficientIsOneForEqualMapsAndZeroForDisjointOnes() {
    let (a, b) = (distribution([0, 1, 3]), distribution([0, 1, 3].map { 5 + 2 * $0 }))
    #expect(abs(a.likeness(to: b) - 1) < 1e-15)
    #expect(distribution([0, 0, 1]).likeness(to: distribution([1, 0, 0])) == 0)
    // sqrt(1/4 · 1/2) + sqrt(3/4 · 1/2).
    let expected = (0.125).squareRoot() + (0.375).squareRoot()
    #expect(abs(a.likeness(to: distribution([0, 1, 1])) - expected) < 1e-15)
    #expect(distribution([2, 2, 2]).likeness(to: a) == 0)
  }

  @Test func meansAreThoseOfPairsOfOneAndOfTwoPeople() throws {
    let maps = [
      distribution([0, 0, 1]), distribution([0, 0, 1]), distribution([1, 0, 0]),
      distribution([1, 0, 1]),
    ]
    let found = MapLikeness(
      maps, person: [0, 0, 1, 1],
      bootstrap: PeopleBootstrap(people: 2, replicates: 400, seed: 1))
    let half = (0.5).squareRoot()
    #expect(found.samePairs == 2 && found.differentPairs == 4)
    #expect(abs(try #require(found.same).value - (1 + half) / 2) < 1e-15)
    #expect(found.same?.note == "no interval: 2 people, expected 10 or more")
    #expect(found.difference != nil && found.difference?.lower == nil)
  }

  @Test func peopleAreDrawnAndNotImages() throws {
    // Twelve people of 50 equal values each: the mean is that of 12 tosses, 0.25 to 0.75 in 96 %.
    let values = (0..<600).map { Double($0 / 50 % 2) }
    let person = (0..<600).map { $0 / 50 }
    let found = try #require(
      PeopleBootstrap(people: 12, replicates: 1000, seed: 3).mean(values, of: person))
    #expect(found.value == 0.5 && found.lower == 0.25)
    #expect((0.75...0.834).contains(try #require(found.upper)))
    // With few people or draws the ends would be those of chance.
    let few = try #require(
      PeopleBootstrap(people: 12, replicates: 39, seed: 3).mean(values, of: person))
    #expect(few.lower == nil && few.note?.hasPrefix("39 replicates, expected 40 or more") == true)
  }
}

@Suite struct CellDeletionTests {
  @Test func deletedCellsAreThoseOfTheMeanImageInEveryChannel() throws {
    func maps(_ values: [Double]) throws -> FeatureMaps {
      try FeatureMaps(channels: 2, height: 1, width: 2, values: values)
    }
    let images = [try maps([1, 2, 3, 4]), try maps([3, 6, 5, 8])]
    let mean = MeanMaps(images: 2) { images[$0] }
    #expect(try mean.deleting([1], from: images[0]).values == [1, 4, 3, 6])
    #expect(try mean.deleting([Int](), from: images[0]) == images[0])
  }

  @Test func everyChoiceHasAsManyCellsAndSquaresAreSquares() {
    let map = HeatMap(height: 7, width: 7, values: (0..<49).map { Double($0 * 30 % 49) })
    for cells in DeletedCells.allCases {
      let choices = cells.choices(map, side: 2, nose: (x: 0.5, y: 0.64), seed: 1, unit: 0)
      #expect(!choices.isEmpty)
      for choice in choices { #expect(Set(choice).count == 4 && choice.allSatisfy { $0 < 49 }) }
    }
    // The centre of rows 3 and 4 is 4/7 = 0.57, that of rows 4 and 5 is 0.71.
    #expect(
      DeletedCells.noseSquare.choices(map, side: 2, nose: (x: 0.5, y: 0.6), seed: 1, unit: 0)[0]
        .map { $0 / 7 } == [3, 3, 4, 4])
    #expect(DeletedCells.noseSquare.choices(map, side: 2, nose: nil, seed: 1, unit: 0).isEmpty)
    let first = DeletedCells.random.choices(map, side: 2, nose: nil, seed: 1, unit: 0)
    #expect(first == DeletedCells.random.choices(map, side: 2, nose: nil, seed: 1, unit: 0))
    #expect(first != DeletedCells.random.choices(map, side: 2, nose: nil, seed: 1, unit: 1))
  }
}

@Suite struct ExplainedScoreTests {
  @Test func slopeOfTheCosineAgreesWithCentralDifferences() throws {
    let score = ExplainedScore.cosine(with: [1, -2, 0.5])
    let tail = BackboneTail.depthwise(
      try DepthwiseTail(
        kernel: [1, 0.5, -1, 2, 0.3, 1], kernelBiases: [0.1, -0.2, 0.3],
        weights: [1, 0.2, 0.5, -1, 1, 0, 0.3, 0.3, 1], biases: [0, 0.1, 0.2]))
    let values = [0.5, 1, -0.3, 2, 1, 0.7]
    func maps(_ i: Int, _ step: Double) throws -> FeatureMaps {
      var changed = values
      changed[i] += step
      return try FeatureMaps(channels: 3, height: 1, width: 2, values: changed)
    }
    for isNormalised in [true, false] {
      let found = try MapGradient(
        maps: maps(0, 0), tail: tail, score: score, isNormalised: isNormalised)
      for i in values.indices {
        func value(_ step: Double) throws -> Double {
          score.value(of: tail.embedding(try maps(i, step)), isNormalised: isNormalised)
        }
        let quotient = try (value(1e-6) - value(-1e-6)) / 2e-6
        #expect(abs(quotient - found.values[i]) < 1e-8)
      }
      #expect(abs(found.score) <= 1)
    }
  }
}
