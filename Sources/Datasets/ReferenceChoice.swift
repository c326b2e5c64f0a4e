import Configurations

extension ReferenceSelection {
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
