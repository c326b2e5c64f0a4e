/// Images and subjects of a dataset as published (those of the paper where it states them).
package struct PublishedCounts: Sendable, Hashable {
  package let name: String
  package let images: Int
  package let subjects: Int

  /// Known datasets.
  package static let all = [
    PublishedCounts(name: "Adience", images: 26_580, subjects: 2_284),
    PublishedCounts(name: "ColorFERET", images: 11_338, subjects: 994),
    PublishedCounts(name: "LFW", images: 13_233, subjects: 5_749),
    PublishedCounts(name: "MORPH", images: 55_134, subjects: 13_618),
  ]
}

extension PublishedCounts {
  /// The published counts of a dataset by its name in any spelling ("color-feret", "LFW deep").
  package init?(dataset: String) {
    let plain = String(dataset.lowercased().filter { $0.isLetter || $0.isNumber })
    guard let known = Self.all.first(where: { plain.hasPrefix($0.name.lowercased()) }) else {
      return nil
    }
    self = known
  }
}
