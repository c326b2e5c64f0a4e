import Biometrics
import Results

extension CellLayout {
  /// Says that an error count hangs on the rounding of scores: another CPU path may count otherwise.
  func roundingNotes(_ summary: CellSummary) -> [String] {
    guard let range = summary.errorRange, range.fewest < range.most else { return [] }
    return [
      "\(range.fewest) to \(range.most) errors where scores move as they were seen to between CPU paths"
    ]
  }
}
