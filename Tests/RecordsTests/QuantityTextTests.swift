import Records
import Testing

@Suite struct QuantityTextTests {
  @Test(arguments: [
    (0.5, "50"), (0.85, "85"), (0.854, "85.4"), (0.07, "7"), (0.005, "0.5"), (1e-5, "0.001"),
    (0.123456, "12.3456"), (0.9, "90"),
  ])
  func sharesArePrintedAsTheyWereGiven(share: Double, text: String) {
    #expect(exactPercentText(share) == text)
  }

  @Test func neighbouringSharesHaveDifferentNames() {
    for value in [0.001, 0.05, 1e-5, 3e-4] {
      #expect(exactPercentText(value) != exactPercentText(value.nextUp))
    }
  }
}
