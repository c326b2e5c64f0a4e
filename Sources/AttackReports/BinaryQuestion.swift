/// One group against the other, or against all others.
package struct BinaryQuestion: Sendable, Codable, Hashable {
  package let first: String
  package let second: String
  /// Index of the first group among the attribute's groups.
  package let firstGroup: Int

  package init(first: String, second: String, firstGroup: Int) {
    self.first = first
    self.second = second
    self.firstGroup = firstGroup
  }
}
