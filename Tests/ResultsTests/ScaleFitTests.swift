import Results
import Testing

@Suite struct ScaleFitTests {
  private typealias Point = ScaleFit.Point

  @Test func aLineIsFoundAgain() throws {
    let sizes = [100, 1_000, 10_000, 50_000]
    let fit = try #require(
      ScaleFit(sizes.map { Point($0, 2e-5 + 3e-6 * Double($0)) }))
    #expect(abs(fit.fixed / 2e-5 - 1) < 1e-9 && abs(fit.slope / 3e-6 - 1) < 1e-9)
    #expect(fit.largestError! < 1e-9 && abs(fit.leftOutError!) < 1e-9)
    #expect(abs(fit.value(at: 1_000_000) / (2e-5 + 3) - 1) < 1e-9)
  }

  @Test func neitherPartIsNegative() throws {
    // Falling: a constant c with the least sum of (c/t - 1)^2 is sum(1/t) / sum(1/t^2).
    let falling = try #require(ScaleFit([Point(1, 4), Point(10, 2), Point(100, 1)]))
    #expect(falling.slope == 0)
    #expect(abs(falling.fixed - (0.25 + 0.5 + 1) / (0.0625 + 0.25 + 1)) < 1e-12)
    #expect(abs(falling.largestError! - abs(falling.fixed / 4 - 1)) < 1e-12)
    // Steeper than in proportion: through the origin, sum(n/t) / sum((n/t)^2).
    let steep = try #require(ScaleFit([Point(1, 1), Point(2, 4)]))
    #expect(steep.largestError == nil && steep.leftOutError == nil)
    #expect(steep.fixed == 0)
    #expect(abs(steep.slope - 1.5 / 1.25) < 1e-12)
    #expect(steep.leftOutError == nil)
  }

  @Test func theLargestIsPredictedFromTheOthers() throws {
    // Through (1, 2) and (3, 4): 1 + n, so 11 at 10, where 22 was measured.
    let fit = try #require(ScaleFit([Point(1, 2), Point(3, 4), Point(10, 22)]))
    #expect(abs(fit.leftOutError! + 0.5) < 1e-12)
  }

  @Test func thereIsNoLineThroughOneSize() {
    #expect(ScaleFit([]) == nil)
    #expect(ScaleFit([Point(5, 1)]) == nil)
    #expect(ScaleFit([Point(5, 1), Point(5, 2)]) == nil)
    #expect(ScaleFit([Point(5, 0), Point(6, 2)]) == nil)
  }

  /// A lookup takes as long among many: noise at the measured numbers is no slope.
  @Test func aConstantHasNoSlopeHoweverTheValuesLie() throws {
    let fit = try #require(ScaleFit([Point(1, 2), Point(10, 2), Point(100, 4)], isConstant: true))
    // Least squared relative errors: (1/2 + 1/2 + 1/4) / (1/4 + 1/4 + 1/16).
    #expect(abs(fit.fixed - 1.25 / 0.5625) < 1e-12 && fit.slope == 0)
    #expect(fit.value(at: 1_000_000) == fit.fixed)
    #expect(abs(fit.largestError! - (1 - fit.fixed / 4)) < 1e-12)
    #expect(abs(fit.leftOutError! - (2.0 / 4 - 1)) < 1e-12)
    #expect(ScaleFit([Point(5, 1)], isConstant: true) == nil)
  }
}
