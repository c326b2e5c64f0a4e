import Configurations
import Kernels
import MOTE
import Testing

@Suite struct SearchedBandwidthsTests {
  private let set = randomSet(sizes: [5, 6, 4, 5, 3, 4], dimension: 6)

  /// Equal rows are searched once, and what is found again is what a search gives.
  @Test func equalResidualsAreSearchedOnce() {
    let known = SearchedBandwidths()
    var unlike = KDEConfiguration()
    // Takes other rows for validation alone.
    unlike.validationSource = .development
    let alone = GenderKDEs(rows: allRows(set), configuration: KDEConfiguration(), workers: 1)
    for (kde, workers) in [(KDEConfiguration(), 1), (unlike, 2)] {
      let densities = GenderKDEs(
        rows: allRows(set), configuration: kde, bandwidths: known, workers: workers)
      #expect(densities.male?.bandwidth == alone.male?.bandwidth)
      #expect(densities.female?.bandwidth == alone.female?.bandwidth)
    }
    #expect(known.count == 2)
  }

  @Test func otherResidualsAreSearchedAnew() {
    let known = SearchedBandwidths()
    func fit(_ change: (inout KDEConfiguration) -> Void) -> GenderKDEs {
      var kde = KDEConfiguration()
      change(&kde)
      return GenderKDEs(rows: allRows(set), configuration: kde, bandwidths: known, workers: 1)
    }
    _ = fit { _ in }
    _ = fit { $0.shrinkage = true }
    #expect(known.count == 4)
    let few = fit { $0.searchRows = 6 }
    #expect(known.count == 6 && few.male?.searchedRows == 6)
    // A bandwidth that is given needs no search.
    let given = fit { $0.bandwidths = ["male": 0.25, "female": 0.5] }
    #expect(known.count == 6 && given.male?.bandwidth == 0.25 && given.female?.bandwidth == 0.5)
  }

  /// The number of values is not enough: size counts.
  @Test func shapesAreToldApart() {
    let known = SearchedBandwidths()
    var rng = CounterRNG(seed: 3, purpose: .syntheticDataset)
    let (flat, tall) = (FloatMatrix(rows: 4, columns: 6), FloatMatrix(rows: 6, columns: 4))
    for i in 0..<24 {
      let value = Float(rng.uniform())
      flat.base[i] = value
      tall.base[i] = value
    }
    _ = known.bandwidth(of: flat, workers: 1)
    _ = known.bandwidth(of: tall, workers: 1)
    #expect(known.count == 2)
  }
}
