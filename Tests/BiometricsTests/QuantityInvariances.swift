import Biometrics

/// What must hold of a quantity whatever the scores, as scikit-learn's common tests ask of its
/// metrics. One entry per quantity; a quantity without an entry fails `InvarianceTests`.
struct QuantityInvariances {
  /// How a value changes when every score changes its sign.
  enum UnderNegation {
    /// It becomes 1 minus itself.
    case complement
    /// Nothing can be said.
    case unrelated
  }

  /// Which values are better: what raising every mated score may do.
  enum Better {
    case lower
    case higher
    /// Raising mated scores may move it either way.
    case neither
  }

  /// A strictly increasing map of all scores (and of the fixed threshold) leaves it as it is.
  var keepsUnderMonotoneMaps = true
  /// Exchanging the names of the groups exchanges the groups' values and leaves those of "all".
  var followsGroupNames = true
  /// Every subject twice, the copies never compared with the originals, leaves it as it is.
  var keepsWhenSubjectsAreDoubled = true
  var negation = UnderNegation.unrelated
  var better = Better.neither
  /// The value when every mated score is above every non-mated one; nil: it depends on the rest.
  var whenSeparated: Double?
  /// The value, under every rule, when all scores are equal; nil: it depends on the threshold.
  var whenConstant: Double?
  /// Smallest and largest value there can be.
  var range: ClosedRange<Double> = 0...1

  /// Quantity, as `MetricValue` names it, to what holds of it. What is not named is the default.
  static let table: [Quantity: QuantityInvariances] = [
    .fnmr: QuantityInvariances(better: .lower, whenSeparated: 0),
    .fmr: QuantityInvariances(),
    .eer: QuantityInvariances(
      negation: .complement, better: .lower, whenSeparated: 0, whenConstant: 0.5),
    .auc: QuantityInvariances(
      negation: .complement, better: .higher, whenSeparated: 1, whenConstant: 0.5),
    .accuracy: QuantityInvariances(better: .higher),
    .balancedAccuracy: QuantityInvariances(better: .higher),
    .fdr: QuantityInvariances(),
    .igarbe: QuantityInvariances(),
    .inequityRate: QuantityInvariances(range: 1...(.infinity)),
  ]
}
