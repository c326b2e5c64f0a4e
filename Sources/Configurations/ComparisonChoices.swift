// Choices of the comparison protocol.

/// Which sample of a subject is the reference sample.
package enum ReferenceSelection: String, Sendable, Codable, Hashable, CaseIterable {
  /// The first in file order, as in the official code.
  case first
  /// One drawn by seed; the draw depends on the identifier and the number of samples only, so two
  /// extractors of one dataset choose the same sample.
  case random
}

/// Which evaluated subjects are enrolled.
package enum EnrolledSubjects: String, Sendable, Codable, Hashable, CaseIterable {
  /// Everybody with a usable sample.
  case all
  /// Those with a second sample, who can be rejected falsely; the others' samples are probes of them.
  case withMatedProbe = "with_mated_probe"
}

/// What to do with subjects without gender label.
package enum UnlabelledRule: String, Sendable, Codable, Hashable, CaseIterable {
  /// They count in "All" and in no group.
  case inAllOnly = "all_only"
  /// They are left out as references and as probes.
  case excluded
}
