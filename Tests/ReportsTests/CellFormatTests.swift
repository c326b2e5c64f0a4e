import Reports
import Testing

struct CellFormatTests {
  @Test(arguments: [
    (0.0387, "0.0387"), (0.03874999, "0.0387"), (0.03876, "0.0388"), (0, "0.0000"), (1, "1.0000"),
    (-0.00001, "0.0000"), (-0.0012, "−0.0012"),
  ])
  func ratesHaveFourDecimalsAndNoNegativeZero(value: Double, text: String) {
    #expect(CellFormat.rate.text(value) == text)
  }

  @Test(arguments: [
    (0.99956, "99.956"), (1, "100.000"), (0, "0.000"), (0.000004, "0.000"), (0.00001, "0.001"),
    (0.5, "50.000"), (0.012345678, "1.235"), (-0.0005, "−0.050"),
  ])
  func percentMovesThePointOfTheRoundedFraction(value: Double, text: String) {
    #expect(CellFormat.accuracy.text(value) == text)
  }

  @Test func percentIsRoundedOnceFromTheFullValue() {
    // 0.355 lies just below 0.355 in float64, but 0.355 · 100 is exactly 35.5.
    let whole = CellFormat(shift: 2, decimals: 0)
    #expect(whole.text(0.355) == "35")
    #expect(whole.text(0.07) == "7")
    #expect(whole.text(1.006) == "101")
  }

  @Test func aBoundOfADifferenceThatIsNotZeroDoesNotReadLikeZero() {
    #expect(CellFormat.rate.differenceInterval(-0.002, -3e-7) == "[−0.0020, −3e-7]")
    #expect(CellFormat.rate.differenceInterval(4e-5, 0.0312) == "[4e-5, 0.0312]")
    #expect(CellFormat.rate.differenceInterval(-0.0312, 0) == "[−0.0312, 0.0000]")
    #expect(CellFormat.accuracy.differenceInterval(-0.01, 2e-6) == "[−1.000, 2e-4]")
    #expect(CellFormat.rate.differenceInterval(-0.0312, 0.02) == "[−0.0312, 0.0200]")
  }

  @Test func intervalsHaveTheDecimalsOfTheirValues() {
    #expect(CellFormat.rate.interval(0.0312, 0.0468) == "[0.0312, 0.0468]")
    #expect(CellFormat.rate.interval(0.0003, 0.0021) == "[0.0003, 0.0021]")
    #expect(CellFormat.rate.interval(0.0003, 0.0101) == "[0.0003, 0.0101]")
    #expect(CellFormat.accuracy.interval(0.9995, 0.9997) == "[99.950, 99.970]")
    #expect(CellFormat.area.interval(0.99871, 0.99912) == "[0.9987, 0.9991]")
  }

  @Test func differencesCarryTheirSign() {
    #expect(CellFormat.rate.signed(0.00123) == "+0.0012")
    #expect(CellFormat.rate.signed(-0.00123) == "−0.0012")
    #expect(CellFormat.rate.signed(0.00001) == "0.0000")
    #expect(CellFormat.rate.signed(-0.00001) == "0.0000")
  }

  @Test func undefinedNumbersAreNeverPrintedAsZero() {
    #expect(CellFormat.rate.text(.nan) == "n/a")
    #expect(CellFormat.rate.text(.infinity) == "∞")
    #expect(CellFormat.rate.text(-.infinity) == "−∞")
  }

  @Test func targetsAndRatesInScientificForm() {
    #expect(CellFormat.target(0.001) == "1e-3")
    #expect(CellFormat.target(0.0005) == "5e-4")
    #expect(CellFormat.target(1e-5) == "1e-5")
    #expect(CellFormat.target(0.1) == "0.1")
    #expect(CellFormat.target(0.00015) == "1.5e-4")
    #expect(CellFormat.target(2.5e-7) == "2.5e-7")
    #expect(CellFormat.scientific(0.000998) == "9.98e-4")
    #expect(CellFormat.scientific(0) == "0")
    #expect(CellFormat.scientific(1) == "1")
  }

  @Test func namesOfNeighbouringNumbersDiffer() {
    for value in [0.001, 0.05, 1e-5, 3e-4] {
      #expect(CellFormat.target(value) != CellFormat.target(value.nextUp))
    }
  }
}
