import Kernels

/// Who is on which image of a data set of LFW's size: 13,233 images of 5,749 subjects, 4,069 of whom
/// have one image, the rest between 2 and about 100.
package struct LFWLayout: Sendable {
  package static let subjects = 5_749
  package static let images = 13_233
  private static let subjectsWithMore = 1_680

  /// Subject of each image, [13233].
  package let subjectOfImage: [Int32]
  /// First image of each subject, [5749]: its reference sample.
  package let firstImage: [Int32]

  /// The same layout always.
  package init() {
    var random = CounterRNG(seed: 1, purpose: .syntheticDataset, subject: 6)
    var counts = [Int](repeating: 1, count: Self.subjects)
    for s in 0..<Self.subjectsWithMore { counts[s] = 2 }
    // The other images go to subjects with more than one, a few of whom get most.
    for _ in 0..<(Self.images - Self.subjects - Self.subjectsWithMore) {
      let u = random.uniform()
      counts[Int(u * u * u * Double(Self.subjectsWithMore))] += 1
    }
    var subjects: [Int32] = []
    var first: [Int32] = []
    for (s, count) in counts.enumerated() {
      first.append(Int32(subjects.count))
      subjects += [Int32](repeating: Int32(s), count: count)
    }
    subjectOfImage = subjects
    firstImage = first
  }

  /// Positions of the mated comparisons in the score matrix [references, 13233], ascending; the
  /// comparison of a reference with its own sample is among them.
  package func matedPositions(references: Int) -> [UInt32] {
    var positions: [UInt32] = []
    for (image, subject) in subjectOfImage.enumerated() where subject < references {
      positions.append(UInt32(Int(subject) * Self.images + image))
    }
    return positions
  }
}
