import Glibc
import Likeness
import Privacy
import TestSupport
import Testing

@Suite struct TSNETests {
  /// Three groups in ten dimensions from a formula that the script knows, too.
  private static let rows: Matrix64 = {
    func noise(_ i: Int, _ j: Int) -> Double {
      let value = sin(Double(i) * 12.9898 + Double(j) * 78.233) * 43758.5453
      return value - value.rounded(.down) - 0.5
    }
    return Matrix64(
      (0..<150).map { i in
        (0..<10).map { j in (j == i % 3 ? 3 : 0) + 4 * noise(i + 1, j + 1) }
      })
  }()

  /// scikit-learn 1.9.1, TSNE(method="exact", init="pca"): divergence 0.7135, trustworthiness 0.9485; with
  /// random starts 0.690 to 0.736 and 0.938 to 0.946 (Tests/Fixtures/scripts/tsne_values.py).
  @Test func divergenceAndTrustworthinessAreThoseOfScikitLearn() {
    let found = TSNE(Self.rows, workers: 2)
    #expect(abs(found.divergence - 0.7135) < 0.02, "\(found.divergence)")
    let trust = trustworthiness(of: found.places, rows: Self.rows)
    #expect(abs(trust - 0.9485) < 0.01, "\(trust)")
  }

  @Test func trustworthinessIsOneForTheRowsThemselvesAndLowForOthers() {
    #expect(trustworthiness(of: Self.rows, rows: Self.rows) == 1)
    let shuffled = Self.rows.selecting(rows: (0..<150).map { $0 * 7 % 150 })
    #expect(trustworthiness(of: shuffled, rows: Self.rows) < 0.7)
  }

  @Test func workersChangeNothing() {
    let rows = Self.rows.selecting(rows: Array(0..<60))
    let found = [1, 3].map { TSNE(rows, iterations: 120, workers: $0).places }
    #expect(found[0] == found[1])
  }
}
