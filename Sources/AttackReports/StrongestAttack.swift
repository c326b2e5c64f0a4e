import Biometrics
import Configurations

/// The strongest of the adaptive attacks (A1 to A8), with bounds that allow for the choice.
package struct StrongestAttack: Sendable {
  /// The variant with the largest two-sided AUC; the first of equals.
  package let attack: RepeatedAttack
  /// Variants that were compared.
  package let variants: Int
  /// With 95 % certainty some attack separates the groups at least this well: the largest of the
  /// simultaneous lower bounds of the two-sided AUC, 0.5 where none is above chance. The choice of the
  /// winner is paid for, which the winner's own interval does not do.
  package let lowerBound: Double
  /// p-value of "no attack separates the groups", by max-T over the same draws.
  package let pValue: Double

  /// Some attack is above chance.
  package var isPossible: Bool { lowerBound > 0.5 }

  /// How the bound was made, as CSV files name it.
  package var method: String { "max-T over \(variants), one-sided" }

  /// Over the repeats of a cell. Nil without an adaptive attack that has a number, or where the
  /// reports keep too few replicates.
  package init?(in reports: [AttackReport]) {
    let attacks = RepeatedAttack.all(in: reports).filter {
      $0.attack != .a0 && !$0.auc.value.isNaN
    }
    let replicates = attacks.compactMap(\.aucReplicates?.values)
    guard let strongest = RepeatedAttack.strongest(attacks), replicates.count == attacks.count,
      let bounds = SimultaneousBounds(
        estimates: attacks.map(\.auc.value), replicates: replicates, null: 0.5,
        direction: .either)
    else { return nil }
    attack = strongest
    variants = attacks.count
    lowerBound = 0.5 + bounds.lower.max()!
    pValue = bounds.pValues.min()!
  }
}
