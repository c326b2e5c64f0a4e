import Biometrics
import Specs

/// How far one option of one switch moves a statistic from its base.
package struct SwitchEffect: Sendable {
  package let reading: Reading
  /// The one choice that differs from the base.
  package var choice: Reading.Choice { reading.choices[0] }
  /// Nil where the reading or its base has no value, and `absence` says why.
  package let difference: ReadingDifference?
  package let absence: String
}

/// The largest of several effects, with a bound that pays for the choice (max-T, definitions 13).
package struct LargestEffect: Sendable {
  package let effect: SwitchEffect
  package let difference: ReadingDifference
  /// With 95 % certainty it moves the statistic at least so far, one way or the other; nil where it
  /// shares no draws with its base.
  package let lowerBound: Double?
  /// Effects whose draws the bound rests on.
  package let candidates: Int

  /// How the bound was made, as CSV files name it.
  package var method: String { "max-T over \(candidates)" }

  /// - Returns: nil where no effect has a value.
  package init?(_ effects: [SwitchEffect]) {
    let found = effects.compactMap { effect in effect.difference.map { (effect, $0) } }
    guard var best = found.first else { return nil }
    for next in found where abs(next.1.value) > abs(best.1.value) { best = next }
    (effect, difference) = best
    let drawn = found.filter { $0.1.replicates != nil }
    candidates = drawn.count
    let place = drawn.firstIndex { $0.0.reading == best.0.reading }
    let bounds =
      drawn.isEmpty
      ? nil
      : SimultaneousBounds(
        estimates: drawn.map(\.1.value), replicates: drawn.map { $0.1.replicates! }, null: 0,
        direction: .either)
    lowerBound = place.flatMap { bounds?.lower[$0] }
  }
}

extension ReadingResults {
  /// Every reading that changes one switch against its base, in the order of the spec.
  package func effects(_ statistic: ReadingStatistic) -> [SwitchEffect] {
    let columns = columns(statistic)
    return readings.readings.filter { reading in
      reading.choices.count == 1 && columns.contains { $0.contains(reading) }
    }.compactMap { reading in
      let base = readings.readings.first { $0.name == reading.base }!
      // What an attack does not see moves nothing.
      if statistic.quantity == nil, base.configuration == reading.configuration { return nil }
      guard let own = estimate(statistic, of: reading) else {
        return SwitchEffect(
          reading: reading, difference: nil, absence: absence(statistic, of: reading))
      }
      guard let other = estimate(statistic, of: base) else {
        return SwitchEffect(
          reading: reading, difference: nil,
          absence: "\(base.name): \(absence(statistic, of: base))")
      }
      return SwitchEffect(reading: reading, difference: own.difference(from: other), absence: "")
    }
  }
}
