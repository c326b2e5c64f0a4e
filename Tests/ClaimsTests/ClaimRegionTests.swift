import Claims
import Testing

/// The rule of definitions 12, at the borders.
@Suite struct ClaimRegionTests {
  typealias Answer = ClaimAnswer.Answer

  @Test(arguments: [
    (ClaimRegion.below(0.01), -0.02, 0.005, Answer.holds),
    (.below(0.01), 0.02, 0.03, .doesNotHold),
    (.below(0.01), 0.005, 0.02, .cannotBeToldApart),
    // The border is outside: an interval that touches it from within decides nothing, one from without
    // lies wholly outside.
    (.below(0.01), 0, 0.01, .cannotBeToldApart),
    (.below(0.01), 0.01, 0.02, .doesNotHold),
    (.above(0), 0.001, 0.002, .holds),
    (.above(0), -0.002, -0.001, .doesNotHold),
    (.above(0), -0.001, 0.001, .cannotBeToldApart),
    (.above(0), 0, 0.001, .cannotBeToldApart),
    (.above(0), -0.001, 0, .doesNotHold),
    // Both ends are inside.
    (.within(0.25, of: 0.5), 0.25, 0.75, .holds),
    (.within(0.25, of: 0.5), 0.2, 0.6, .cannotBeToldApart),
    (.within(0.25, of: 0.5), 0.75, 0.8, .cannotBeToldApart),
    (.within(0.25, of: 0.5), 0.76, 0.8, .doesNotHold),
    (.within(0.25, of: 0.5), 0.1, 0.2, .doesNotHold),
  ])
  func intervalsInsideOutsideAndAcross(
    region: ClaimRegion, lower: Double, upper: Double, expected: Answer
  ) {
    #expect(region.answer(lower: lower, upper: upper) == expected)
  }

  @Test func anEndThatIsNotKnownDecidesNothingOnItsSide() {
    #expect(ClaimRegion.below(1).answer(lower: nil, upper: 0.5) == .holds)
    #expect(ClaimRegion.below(1).answer(lower: nil, upper: 2) == .cannotBeToldApart)
    #expect(ClaimRegion.below(1).answer(lower: 1, upper: nil) == .doesNotHold)
    #expect(ClaimRegion.above(1).answer(lower: 2, upper: nil) == .holds)
    #expect(ClaimRegion.within(1, of: 0).answer(lower: nil, upper: 0) == .cannotBeToldApart)
    #expect(ClaimRegion.above(1).smallestMargin(lower: nil, upper: 2) == nil)
  }

  @Test func theSmallestMarginIsWhereTheClaimWouldJustHold() {
    #expect(ClaimRegion.below(0.01).smallestMargin(lower: -1, upper: 0.25) == 0.25)
    #expect(ClaimRegion.above(0).smallestMargin(lower: -0.25, upper: 1) == -0.25)
    #expect(ClaimRegion.within(0.02, of: 0.5).smallestMargin(lower: 0.25, upper: 0.625) == 0.25)
    #expect(ClaimRegion.within(0.02, of: 0.5).smallestMargin(lower: 0.375, upper: 0.75) == 0.25)
  }
}
