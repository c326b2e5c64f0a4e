// F4: the factor chosen per person.
import Biometrics
import Records
import Results
import Specs

extension ClaimQuestion {
  /// Both must pass: the gap of FNMR between groups is smaller than at the fixed factor, and FNMR is not
  /// larger by the margin.
  func perSubject(at place: Place) -> [ClaimAnswer] {
    let systems = records.results.configurations.filter {
      $0.balancingRule == Cell.perSubject && !records.results.records(place, $0).isEmpty
    }
    let conventions = records.results.distinct(
      of: .fnmr, first: EvaluationConvention.usualNames, \.convention)
    return systems.flatMap { system in
      conventions.map { perSubject(records.results.at(place, system), convention: $0) }
    }
  }

  private func perSubject(_ system: SystemResults, convention: String) -> ClaimAnswer {
    var fixed = system.configuration
    (fixed.balancingRule, fixed.balancingFactor) = (nil, 0.5)
    let other = system.results.at(system.place, fixed)
    var answer = untested(
      system.place, "", system.configuration, convention: convention,
      cells: (system.records + other.records).map(\.key))
    if other.records.isEmpty {
      answer.answer = .notTestable("no records at factor 0.5")
      return answer
    }
    let query = MeasurementQuery(.fnmr, convention: convention, target: PaperTarget.fmr)
    guard let gap = gap(system, other, query), let fnmr = system.difference(query, minus: fixed)
    else {
      answer.answer = .notTestable("the records hold no FNMR of two groups with replicates")
      return answer
    }
    answer.repeats = fnmr.repeats
    answer.judge(gap, region: claim.region)
    guard let border = claim.largestFNMRDifference, answer.reason == nil else { return answer }
    var second = answer
    second.judge(fnmr, region: .below(border))
    answer.note =
      "FNMR \(signedSignificantText(fnmr.value, 2)), "
      + "must be below +\(border)"
    if case .notTestable(let reason) = second.answer {
      answer.answer = .notTestable("FNMR: \(reason)")
    } else {
      answer.answer = answer.answer.and(second.answer)
    }
    return answer
  }

  /// Largest − smallest FNMR of the groups, of one system minus that of the other; nil where a group
  /// has no value or no replicates in a repeat, or draws differ.
  private func gap(
    _ system: SystemResults, _ other: SystemResults, _ query: MeasurementQuery
  ) -> PairedBounds? {
    guard let own = gap(system, query), let fixed = gap(other, query), own.repeats == fixed.repeats,
      own.replicates.count == fixed.replicates.count
    else { return nil }
    return PairedBounds(
      value: own.value - fixed.value,
      replicates: zip(own.replicates, fixed.replicates).map { $0 - $1 },
      withheld: zip(own.groups, fixed.groups).lazy.compactMap { withheldInterval(of: [$0, $1]) }
        .first)
  }

  private func gap(_ system: SystemResults, _ query: MeasurementQuery) -> (
    value: Double, replicates: [Double], repeats: Int, groups: [[MetricValue]]
  )? {
    let groups = system.results.distinct(of: .fnmr, first: ["male", "female"], \.group)
      .filter { $0 != "all" }
    var rates: [RepeatedMeasurement] = []
    var measured: [[MetricValue]] = []
    for group in groups {
      var query = query
      query.group = group
      let values = system.records.compactMap(query.find)
      guard let found = RepeatedMeasurement(values), found.repeats == system.records.count,
        found.replicates != nil
      else { return nil }
      rates.append(found)
      measured.append(values)
    }
    guard rates.count > 1, Set(rates.map { $0.replicates!.values.count }).count == 1 else {
      return nil
    }
    func spread(_ values: [Double]) -> Double {
      values.contains(where: \.isNaN) ? .nan : values.max()! - values.min()!
    }
    return (
      spread(rates.map(\.value)),
      rates[0].replicates!.values.indices.map { b in
        spread(rates.map { $0.replicates!.values[b] })
      }, rates[0].repeats, measured
    )
  }
}
