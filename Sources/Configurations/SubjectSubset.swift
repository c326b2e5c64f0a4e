/// A few people of a dataset, for small runs: as many of each gender and of each number of images as
/// the dataset has in proportion, drawn by seed.
package struct SubjectSubset: Sendable, Codable, Hashable {
  /// How many people; a dataset with fewer is taken whole.
  package var people: Int
  package var seed: UInt64

  package init(people: Int, seed: UInt64 = Self.usualSeed) {
    (self.people, self.seed) = (people, seed)
  }

  /// The seed where none is given.
  package static let usualSeed: UInt64 = 1
}
