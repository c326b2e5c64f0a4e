/// A protection scheme as a spec names it; training turns it into a scheme.
package enum ProtectionRecipe: Sendable, Codable, Hashable {
  case unprotected
  case peMIU(block: Int)
  case pfrNet(PFRNetConfiguration)
  case incrementalVariableElimination(IVEConfiguration)
  case cosineNoise(similarity: Double)
  case euclideanNoise(distance: Double)
  case negative(bins: Int)

  /// Whether the scheme learns from a labelled cohort.
  package var needsLabels: Bool {
    switch self {
    case .pfrNet, .incrementalVariableElimination: true
    default: false
    }
  }

  /// Whether the scheme learns from a cohort at all.
  package var needsCohort: Bool {
    if case .negative = self { true } else { needsLabels }
  }

  /// Name in records and tables; the scheme that results bears it too.
  package var name: String {
    switch self {
    case .unprotected: "traditional"
    case .peMIU(let block): "pe-miu-\(block)"
    case .pfrNet: "pfrnet"
    case .incrementalVariableElimination: "ive"
    case .cosineNoise(let similarity): "ssnt-cosine-\(similarity)"
    case .euclideanNoise(let distance): "ssnt-euclidean-\(distance)"
    case .negative: "negative"
    }
  }
}
