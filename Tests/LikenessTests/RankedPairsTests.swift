import Kernels
import Likeness
import Privacy
import TestSupport
import Testing

struct RankedPairsTests {
  @Test func distanceAndAreaAreThoseWorkedByHand() {
    // First {1, 3, 3}, second {2, 3, 5}: after 1: 1/3 to 0; after 2: 1/3 to 1/3; after 3: 1 to 2/3.
    let pairs = RankedPairs(first: [1, 3, 3], second: [2, 3, 5], person: [0, 1, 2])
    #expect(abs(pairs.kolmogorovSmirnov(LabelSwap(none: 3)) - 1 / 3.0) < 1e-15)
    // 3 > 2 twice, 3 = 3 twice for a half: 3 of 9.
    #expect(abs(pairs.area - 3 / 9.0) < 1e-15)
  }

  @Test func aPersonDrawnTwiceCountsLikeTwo() {
    let once = RankedPairs(first: [1, 4, 4], second: [2, 3, 3], person: [0, 1, 2])
    let draw = PeopleDraw(people: 2, seed: 3, unit: 0, number: 0)
    #expect(draw.multiplicity.reduce(0, +) == 2)
    let pairs = RankedPairs(first: [1, 4], second: [2, 3], person: [0, 1])
    let twice = PeopleDraw(multiplicity: [1, 2])
    #expect(pairs.area(twice) == once.area)
    #expect(
      pairs.kolmogorovSmirnov(twice) == once.kolmogorovSmirnov(LabelSwap(none: 3)))
  }

  @Test func aSwapOfEverybodyExchangesTheKinds() {
    let pairs = RankedPairs(first: [1, 4, 2, 8], second: [2, 3, 1, 1], person: [0, 1, 1, 2])
    var swap = LabelSwap(none: 3)
    let before = pairs.kolmogorovSmirnov(swap)
    swap = LabelSwap(isSwapped: [true, true, true])
    #expect(pairs.kolmogorovSmirnov(swap) == before)
  }
}
