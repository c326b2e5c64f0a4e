/// Gender as the dataset labels it; `unlabelled` where it does not.
package enum Gender: UInt8, Sendable, Codable, CaseIterable {
  case male = 0
  case female = 1
  case unlabelled = 2

  /// The name used in records and tables.
  package var name: String {
    switch self {
    case .male: "male"
    case .female: "female"
    case .unlabelled: "unlabelled"
    }
  }
}
