// F1 to F3: fairness over balancing factors.
import Biometrics
import Records
import Results
import Specs

/// One reading of the claims on fairness: MOTE of one configuration at the claim's factors, under one
/// convention at one place.
struct FactorReading {
  let results: RecordSet
  let place: Place
  /// Without factor.
  let configuration: SystemConfiguration
  let convention: String
  let factors: [Double]

  /// MOTE at a factor.
  func at(_ factor: Double) -> SystemResults {
    var system = configuration
    system.balancingFactor = factor
    return results.at(place, system)
  }

  func query(_ quantity: Quantity) -> MeasurementQuery {
    MeasurementQuery(quantity, convention: convention, target: PaperTarget.fmr)
  }

  /// Cells behind it, those of the traditional system included.
  func cells(withTraditional: Bool) -> [Cell] {
    let traditional = withTraditional ? results.records(place, configuration.baseline) : []
    return (factors.flatMap { at($0).records } + traditional).map(\.key)
  }

  /// Which factors have no records; nil: all have.
  var missing: String? {
    let absent = factors.filter { at($0).records.isEmpty }
    if absent.isEmpty { return nil }
    return "no records at factor " + absent.map { "\($0)" }.joined(separator: ", ")
  }
}

extension ClaimQuestion {
  /// One answer per MOTE configuration and convention.
  func fairness(at place: Place) -> [ClaimAnswer] {
    readings(at: place).map { reading in
      var answer = untested(
        place, "", reading.configuration, convention: reading.convention,
        cells: reading.cells(withTraditional: claim.statistic.comparesWithTraditional))
      if let missing = reading.missing {
        answer.answer = .notTestable(missing)
        return answer
      }
      switch claim.statistic {
      case .fairnessAtEveryFactor: everyFactor(reading, &answer)
      case .fairnessAtSomeFactor: someFactor(reading, &answer)
      case .bestBalance: bestBalance(reading, &answer)
      default: slope(reading, &answer)
      }
      return answer
    }
  }

  /// MOTE configurations with a factor for all that a place has, by convention.
  func readings(at place: Place) -> [FactorReading] {
    let configurations = records.results.configurations.filter {
      $0.system == "mote" && $0.balancingFactor != nil
        && !records.results.records(place, $0).isEmpty
    }.map { system in
      var plain = system
      plain.balancingFactor = nil
      return plain
    }.distinct()
    let conventions = records.results.distinct(
      of: .fdr, first: EvaluationConvention.usualNames, \.convention)
    return configurations.flatMap { configuration in
      (conventions.isEmpty ? [""] : conventions).map {
        FactorReading(
          results: records.results, place: place, configuration: configuration, convention: $0,
          factors: claim.factors)
      }
    }
  }

  /// A difference with what it is of.
  private struct Part {
    let name: String
    let factor: Double
    let difference: SystemDifference
  }

  private static let measures = [(Quantity.fdr, "FDR"), (.igarbe, "iGARBE")]

  /// FDR and iGARBE minus those of traditional templates, factor by factor; nil and a reason in the
  /// answer where one of them has no sound interval.
  private func parts(_ reading: FactorReading, _ answer: inout ClaimAnswer) -> [Part]? {
    var parts: [Part] = []
    for factor in reading.factors {
      for (quantity, title) in Self.measures {
        let name = "\(title) at factor \(factor)"
        guard let difference = reading.at(factor).difference(reading.query(quantity)) else {
          answer.answer = .notTestable("\(name): MOTE or traditional templates have no value")
          return nil
        }
        guard difference.lower != nil, difference.note == nil, difference.replicates != nil else {
          answer.answer = .notTestable("\(name): \(difference.note ?? "no interval")")
          return nil
        }
        parts.append(Part(name: name, factor: factor, difference: difference))
      }
    }
    return parts
  }

  /// Upper bounds that hold for all differences at once, at 97.5 %.
  private func upperBounds(_ parts: [Part]) -> [Double]? {
    SimultaneousBounds(
      estimates: parts.map { -$0.difference.value },
      replicates: parts.map { $0.difference.replicates!.map { -$0 } }, null: 0,
      direction: .above, level: 0.975
    )?.lower.map { -$0 }
  }

  /// All must pass: the least of the lower ends stands for all without correction; that some difference
  /// is not above needs a bound that pays for the choice.
  private func everyFactor(_ reading: FactorReading, _ answer: inout ClaimAnswer) {
    guard let parts = parts(reading, &answer) else { return }
    guard let bounds = upperBounds(parts) else {
      answer.answer = .notTestable("too few replicates define every difference")
      return
    }
    let lowest = parts.indices.min { parts[$0].difference.lower! < parts[$1].difference.lower! }!
    let certain = bounds.indices.min { bounds[$0] < bounds[$1] }!
    let ofAll = claim.region.answer(
      lower: parts[lowest].difference.lower, upper: bounds[certain])
    // The difference that decides is shown, with its own interval.
    let shown = ofAll == .doesNotHold ? certain : lowest
    let part = parts[shown].difference
    answer.judge(
      part.value, lower: part.lower, upper: bounds[shown],
      method: "\(part.intervalMethod ?? "") below, max-T over \(parts.count) above",
      region: claim.region)
    answer.answer = ofAll
    answer.smallestMargin = parts[lowest].difference.lower
    answer.repeats = part.repeats
    answer.note = "weakest of \(parts.count): \(parts[shown].name)"
  }

  /// Some factor is enough: Holm over the factors, of the weaker measure at each.
  private func someFactor(_ reading: FactorReading, _ answer: inout ClaimAnswer) {
    guard let parts = parts(reading, &answer) else { return }
    let byFactor = reading.factors.map { factor in parts.filter { $0.factor == factor } }
    // At one factor both measures must be above: the larger p-value stands for both.
    let pValues = byFactor.map { pair in
      pair.map { $0.difference.value > 0 ? $0.difference.pValue ?? 1 : 1 }.max()!
    }
    let adjusted = holmAdjusted(pValues)
    let best = adjusted.indices.min { adjusted[$0] < adjusted[$1] }!
    let weaker = byFactor[best].min { $0.difference.lower! < $1.difference.lower! }!
    answer.estimate = weaker.difference.value
    answer.repeats = weaker.difference.repeats
    answer.intervalMethod = "Holm over \(adjusted.count) factors"
    answer.note = "\(weaker.name), p \(significantText(adjusted[best], 2))"
    // Nowhere above: at every factor one of the two is certainly not.
    let ends = byFactor.map { upperBounds($0)?.min() }
    if adjusted[best] < 1 - claim.level {
      answer.answer = .holds
    } else if ends.allSatisfy({
      $0.map { claim.region.answer(lower: nil, upper: $0) } == .doesNotHold
    }) {
      answer.answer = .doesNotHold
      answer.upper = ends.compactMap { $0 }.max()
    } else {
      answer.answer = .cannotBeToldApart
    }
  }

  /// iGARBE at the best of the named factors minus the best of all others, with bounds that hold for
  /// every pair at once, 97.5 % on either side.
  private func bestBalance(_ reading: FactorReading, _ answer: inout ClaimAnswer) {
    let others = claim.factors.filter { !claim.bestFactors.contains($0) }
    let query = reading.query(.igarbe)
    var pairs: [SystemDifference] = []
    for best in claim.bestFactors {
      for other in others {
        let name = "iGARBE at factor \(best) − \(other)"
        guard
          let difference = reading.at(best).difference(
            query, minus: reading.at(other).configuration)
        else {
          answer.answer = .notTestable("\(name): no value")
          return
        }
        guard difference.replicates != nil, difference.note == nil else {
          answer.answer = .notTestable("\(name): \(difference.note ?? "no paired replicates")")
          return
        }
        pairs.append(difference)
      }
    }
    func bounds(_ sign: Double) -> [Double]? {
      SimultaneousBounds(
        estimates: pairs.map { sign * $0.value },
        replicates: pairs.map { $0.replicates!.map { sign * $0 } }, null: 0, direction: .above,
        level: 0.975
      )?.lower.map { sign * $0 }
    }
    guard let lower = bounds(1), let upper = bounds(-1) else {
      answer.answer = .notTestable("too few replicates define every difference")
      return
    }
    /// The least over the others, at each of the named factors.
    func least(_ values: [Double]) -> [Double] {
      claim.bestFactors.indices.map { i in
        values[(i * others.count)..<((i + 1) * others.count)].min()!
      }
    }
    let estimates = least(pairs.map(\.value))
    let best = estimates.indices.max { estimates[$0] < estimates[$1] }!
    answer.repeats = pairs[0].repeats
    answer.note = "factor \(claim.bestFactors[best]) against the best of \(others.count) others"
    answer.judge(
      estimates[best], lower: least(lower).max(), upper: least(upper).max(),
      method: "max-T over \(pairs.count)", region: claim.region)
  }

  /// Least-squares slope of iGARBE over the factors, in every replicate.
  private func slope(_ reading: FactorReading, _ answer: inout ClaimAnswer) {
    var values: [Double] = []
    var replicates: [[Double]] = []
    var measured: [[MetricValue]] = []
    for factor in reading.factors {
      let found = reading.at(factor).records.compactMap(reading.query(.igarbe).find)
      let pooled = RepeatedMeasurement(found)
      guard let pooled, pooled.repeats == reading.at(factor).records.count,
        let draws = pooled.replicates
      else {
        answer.answer = .notTestable("iGARBE at factor \(factor): no value, or no replicates")
        return
      }
      answer.repeats = pooled.repeats
      values.append(pooled.value)
      replicates.append(draws.values)
      measured.append(found)
    }
    guard Set(replicates.map(\.count)).count == 1 else {
      answer.answer = .notTestable("the factors were resampled differently")
      return
    }
    let centre = mean(reading.factors)
    let offsets = reading.factors.map { $0 - centre }
    let scale = offsets.reduce(0) { $0 + $1 * $1 }
    func slope(_ y: (Int) -> Double) -> Double {
      offsets.indices.reduce(0) { $0 + offsets[$1] * y($1) } / scale
    }
    answer.note = "iGARBE per unit of the factor, \(values.count) factors"
    answer.judge(
      PairedBounds(
        value: slope { values[$0] },
        replicates: replicates[0].indices.map { b in slope { replicates[$0][b] } },
        withheld: withheldInterval(of: measured)),
      region: claim.region)
  }
}
