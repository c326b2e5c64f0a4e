import Foundation
import Kernels
import Likeness
import Privacy

/// Fixture kinds of the Likeness stage.
let likenessFixtureKinds: [FixtureKind] = [
  FixtureKind(name: "likeness", check: checkLikeness)
]

/// Statistics of two kinds of samples: as they are, under a swap, and of drawn people.
@Sendable
private func checkLikeness(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let first = Matrix64(try fixture["first"].matrix)
  let person = try fixture["person"].ints
  let samples = PairedSamples(
    first: first, second: Matrix64(try fixture["second"].matrix),
    firstCosines: try fixture["first_cosines"].doubles,
    secondCosines: try fixture["second_cosines"].doubles, person: person)
  let folds = try fixture["fold_of_person"].ints
  let cosines = RankedPairs(
    first: samples.firstCosines, second: samples.secondCosines, person: person)
  let energy = EnergyDistance(samples)

  func ranked(_ classifier: SampleClassifier, _ swap: LabelSwap) -> (RankedPairs, [Double]) {
    let decisions = ClassifiedPairs(classifier, samples, foldOfPerson: folds).decisions(swap)
    return (
      RankedPairs(first: decisions.first, second: decisions.second, person: person),
      decisions.first + decisions.second
    )
  }
  func statistics(_ swap: LabelSwap) -> Found {
    var members: [String: Found] = [
      "ks": .number(cosines.kolmogorovSmirnov(swap)),
      "energy": .number(energy.value(swap), absolute: 1e-7),
    ]
    for classifier in SampleClassifier.allCases {
      let (ranked, decisions) = ranked(classifier, swap)
      members[classifier.rawValue] = .members([
        "decisions": .list(decisions, absolute: 1e-6), "area": .number(ranked.area),
      ])
    }
    return .members(members)
  }

  let nobody = LabelSwap(none: samples.people)
  let swap = LabelSwap(isSwapped: try fixture["swapped_people"].ints.map { $0 == 1 })
  let draw = PeopleDraw(multiplicity: try fixture["multiplicity"].ints)
  var areas: [String: Found] = [:]
  for classifier in SampleClassifier.allCases {
    areas[classifier.rawValue] = .number(ranked(classifier, nobody).0.area(draw))
  }
  let residuals = try fixture["residuals"].matrix
  let rows = FloatMatrix(rows: residuals.count, columns: samples.dimension)
  for (i, row) in residuals.enumerated() {
    for (j, value) in row.enumerated() { rows[row: i][j] = Float(value) }
  }
  let axes = PrincipalAxes(of: rows)
  let squares = samples.meanSquares
  return try Deviations(
    "likeness",
    .members([
      "own": statistics(nobody), "swapped": statistics(swap),
      "drawn": .members([
        "ks": .number(cosines.kolmogorovSmirnov(draw)), "area": .members(areas),
      ]),
      "squares": .list([squares.first, squares.second]),
      "axis_variances": .list(axes.variances),
      "components": .list(axes.components(of: first).values, absolute: 1e-9),
    ]), fixture["expected"])
}
