import Configurations

/// The keys of `subset`.
enum SubsetKey: String, SpecKey {
  case people, seed

  static let section = SectionDocumentation(
    "subset",
    "A few people of each dataset, for small runs: as many of each gender and of each number of images "
      + "(1, 2, 3 to 4, 5 to 9, 10 and more) as the dataset has in proportion. The others take no part at all."
  )

  var documentation: KeyDocumentation {
    switch self {
    case .people:
      .init(
        .integer(2...Int.max), absent: .required, "How many; a dataset with fewer is taken whole.")
    case .seed:
      .init(
        .integer(0...Int.max), absent: .yaml("\(SubjectSubset.usualSeed)"), "Seed of the draw.")
    }
  }
}

extension SpecReader {
  /// The people that are taken; nil: everybody.
  mutating func subset(_ node: SpecNode?) -> SubjectSubset? {
    guard let node else { return nil }
    let fields = fields(node, "subset", SubsetKey.self)
    _ = required(fields, .people, in: "'subset'")
    let people = integer(fields, .people)
    let seed = integer(fields, .seed).map { UInt64($0) } ?? SubjectSubset.usualSeed
    return people.map { SubjectSubset(people: $0, seed: seed) }
  }
}
