/// How the intra-subject densities are fitted (definitions 5).
package struct KDEConfiguration: Sendable, Codable, Hashable {
  /// Subjects with one row have residual 0; leave them out (default) or keep the zero rows, as the
  /// official code does.
  package var dropsSingleImageSubjects: Bool
  /// Multiplies the residuals of a subject with m rows by sqrt(m/(m-1)), which undoes the shrinkage
  /// of deviations from a mean of m.
  package var correctsShrinkage: Bool
  /// Bandwidth to use instead of the search, by gender name ("male", "female").
  package var bandwidths: [String: Double]
  /// Most rows that the search sees; nil: all. Where it bites, evenly spaced rows are taken, and
  /// `IntraSubjectKDE.searchedRows` says how many.
  package var searchRowLimit: Int?

  package init(
    dropsSingleImageSubjects: Bool = true, correctsShrinkage: Bool = false,
    bandwidths: [String: Double] = [:], searchRowLimit: Int? = nil
  ) {
    self.dropsSingleImageSubjects = dropsSingleImageSubjects
    self.correctsShrinkage = correctsShrinkage
    self.bandwidths = bandwidths
    self.searchRowLimit = searchRowLimit
  }
}
