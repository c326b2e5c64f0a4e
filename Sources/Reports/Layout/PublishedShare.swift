import Biometrics
import Configurations
import Records
import Results
import Specs

extension CellGrid {
  /// How much of a dataset was evaluated at a place, beside the dataset as published: "evaluated here:
  /// 12 of the 2,284 people of Adience (0.53 %)"; nil where the published number is not known, and for
  /// synthetic data, which are no part of it.
  func publishedShare(_ place: Place) -> String? {
    guard !isSynthetic, let published = PublishedCounts(dataset: place.dataset),
      let subjects = records.filter({ Place($0.key) == place }).map(\.counts.subjects).max()
    else { return nil }
    let share = 100 * Double(subjects) / Double(published.subjects)
    return "evaluated here: \(grouped(subjects)) of the \(grouped(published.subjects)) people of "
      + "\(published.name) (\(significantText(share, 2)) %)"
  }
}
