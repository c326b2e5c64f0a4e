import Configurations
import Kernels

extension SubjectSubset {
  /// The people that are taken, ascending.
  ///
  /// People are divided by gender and by number of images (1, 2, 3-4, 5-9, 10 and more). Each part gives
  /// its share of `people`, rounded by largest remainders; within a part stay those with the smallest
  /// random keys of seed and identifier, so two extractors of one dataset keep the same people as far
  /// as they have the same images, and row order does not matter.
  ///
  /// - Parameters:
  ///   - genders: of each person.
  ///   - images: usable images of each person; people without any are not drawn.
  package func subjects(_ identifiers: [String], genders: [Gender], images: [Int]) -> [Int] {
    let candidates = identifiers.indices.filter { images[$0] > 0 }
    guard people < candidates.count else { return candidates }
    let keys = identifiers.map { subjectKey($0, seed: seed, purpose: .subset) }
    var parts: [[Int]] = []
    for gender in Gender.allCases {
      for bounds in Self.imageClasses {
        let part = candidates.filter { genders[$0] == gender && bounds.contains(images[$0]) }
        if !part.isEmpty { parts.append(part) }
      }
    }
    // Whole shares, then one more each where most is left over; of equal ones the larger part's.
    var counts = parts.map { people * $0.count / candidates.count }
    let order = parts.indices.sorted {
      let (a, b) = (
        people * parts[$0].count % candidates.count, people * parts[$1].count % candidates.count
      )
      return (a, parts[$0].count, -$0) > (b, parts[$1].count, -$1)
    }
    for part in order.prefix(people - counts.reduce(0, +)) { counts[part] += 1 }
    var drawn: [Int] = []
    for (part, count) in zip(parts, counts) {
      drawn += part.sorted { (keys[$0], identifiers[$0]) < (keys[$1], identifiers[$1]) }.prefix(
        count)
    }
    return drawn.sorted()
  }

  private static let imageClasses = [1...1, 2...2, 3...4, 5...9, 10...Int.max]
}
