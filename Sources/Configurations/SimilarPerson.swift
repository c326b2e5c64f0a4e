/// A person who resembles the reference of another.
package struct SimilarPerson: Sendable, Codable, Hashable {
  package var name: String
  /// "evaluation", "cohort" or "development".
  package var part: String
  /// Largest cosine of the person's images with the reference.
  package var cosine: Float

  package init(name: String, part: String, cosine: Float) {
    (self.name, self.part, self.cosine) = (name, part, cosine)
  }
}
