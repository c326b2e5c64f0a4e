/// How alpha of Grad-CAM++ is computed (definitions 7).
package enum AlphaRule: String, Sendable, Codable, Hashable, CaseIterable {
  /// The denominator plus 1e-6, alpha 0 where g = 0: the common library implementation.
  case library
  /// No epsilon, alpha 0 where the denominator is 0.
  case paper
}
