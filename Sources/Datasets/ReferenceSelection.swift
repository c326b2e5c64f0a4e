/// Which sample of a subject is the reference sample.
package enum ReferenceSelection: String, Sendable, Codable, Hashable, CaseIterable {
  /// The first in file order, as in the official code.
  case first
  /// One drawn by seed; the draw depends on the identifier and the number of samples only, so two
  /// extractors of one dataset choose the same sample.
  case random

  /// The reference row among the rows of a subject (file order, not empty).
  func row(among rows: ArraySlice<Int32>, identifier: String, seed: UInt64) -> Int32 {
    switch self {
    case .first: return rows[rows.startIndex]
    case .random:
      var rng = subjectRNG(identifier, seed: seed, purpose: .referenceChoice)
      return rows[rows.startIndex + rng.index(below: rows.count)]
    }
  }
}
