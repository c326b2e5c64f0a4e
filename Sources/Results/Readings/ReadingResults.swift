import AttackReports
import Biometrics
import Records
import Specs

/// What the records of an experiment say of its readings at one place.
package struct ReadingResults: Sendable {
  let records: ExperimentRecords
  package let readings: ReadingsSpec
  package let place: Place

  /// FMR target of all values: the paper's operating point, else the first; nil: there is none.
  package let target: Double?

  package init(_ records: ExperimentRecords, _ readings: ReadingsSpec, _ place: Place) {
    (self.records, self.readings, self.place) = (records, readings, place)
    let convention = readings.readings.first?.convention ?? ""
    target = records.results.targets(of: .fnmr, convention: convention).first
  }

  /// The places of an experiment with readings; none where it has no readings.
  package static func all(_ records: ExperimentRecords) -> [ReadingResults] {
    guard let readings = records.run?.readings else { return [] }
    return records.results.places.filter(records.results.has).map {
      ReadingResults(records, readings, $0)
    }
  }

  /// One point of the curve: an estimate and all readings that lead to it.
  package struct Point: Sendable {
    /// The first gives the point its name.
    package let readings: [Reading]
    package let estimate: ReadingEstimate
  }

  /// The readings with a value by value, ascending; those of equal values in the order of the spec.
  package func curve(_ statistic: ReadingStatistic) -> [Point] {
    let points = columns(statistic).compactMap { readings in
      estimate(statistic, of: readings[0]).map { Point(readings: readings, estimate: $0) }
    }
    return points.enumerated().sorted {
      ($0.element.estimate.value, $0.offset) < ($1.element.estimate.value, $1.offset)
    }.map(\.element)
  }

  /// Readings that were to have a value and have none, with the reason.
  package func missing(_ statistic: ReadingStatistic) -> [(reading: Reading, reason: String)] {
    columns(statistic).compactMap { readings in
      estimate(statistic, of: readings[0]) == nil
        ? (readings[0], absence(statistic, of: readings[0])) : nil
    }
  }

  /// Readings that are one for a statistic, in the order of the spec: conventions do not enter attacks,
  /// and members of the sample that change more than one switch are not attacked.
  package func columns(_ statistic: ReadingStatistic) -> [[Reading]] {
    if statistic.quantity != nil { return readings.distinct }
    guard !records.attacks.isEmpty else { return [] }
    return readings.configurations.compactMap { name in
      let all = readings.readings.filter { $0.configuration == name }
      return all.contains(where: \.isOneAtATime) ? all : nil
    }
  }

  /// The statistic under a reading; nil where it has no value.
  package func estimate(
    _ statistic: ReadingStatistic, of reading: Reading
  ) -> ReadingEstimate? {
    guard let quantity = statistic.quantity else { return attacked(statistic, reading) }
    guard let system = system(of: reading) else { return nil }
    let own = records.results.records(place, system)
    let query = query(quantity, of: reading)
    guard statistic.isDifference else { return ReadingEstimate(query, in: own) }
    return ReadingEstimate(
      query, in: own, minus: records.results.records(place, system.baseline))
  }

  /// The traditional system's own value beside a reading; nil where it has none.
  package func traditional(_ quantity: Quantity, beside reading: Reading) -> ReadingEstimate? {
    ReadingEstimate(
      query(quantity, of: reading),
      in: records.results.records(place, system(of: reading)?.baseline ?? .traditional))
  }

  /// What a reading's value is looked up by.
  package func query(_ quantity: Quantity, of reading: Reading) -> MeasurementQuery {
    MeasurementQuery(quantity, convention: reading.convention, target: target)
  }

  /// The system that a reading trains: at factor 0.5, or at the first where that was not run.
  package func system(of reading: Reading) -> SystemConfiguration? {
    Self.usual(
      records.results.systems.filter {
        $0.preset == reading.configuration && $0.balancingRule == nil
      }, \.balancingFactor)
  }

  /// Why a reading has no value.
  package func absence(_ statistic: ReadingStatistic, of reading: Reading) -> String {
    if statistic.quantity == nil {
      return attackedSystem(of: reading).flatMap { records.attacks.absence(place, $0) }
        ?? "the attack was not carried out"
    }
    guard let system = system(of: reading) else { return MissingCells.notRun }
    if let reason = records.results.absence(place, system) { return reason }
    let found = records.results.records(place, system)
    return found.compactMap(query(statistic.quantity!, of: reading).find).lazy.compactMap(\.note)
      .first ?? "cannot be measured on these data"
  }

  // MARK: - Attacks

  private func attacked(_ statistic: ReadingStatistic, _ reading: Reading) -> ReadingEstimate? {
    guard let system = attackedSystem(of: reading), let question = records.attacks.questions.first
    else { return nil }
    let reports = question.reports(records.attacks.records(place, system))
    let isArea = statistic == .strongestAUC
    let found =
      isArea
      ? RepeatedAttack.strongestAdaptive(in: reports)
      : RepeatedAttack.all(in: reports).first { $0.attack == .a0 }
    return found.map {
      let first = reports[0].isFirstTarget
      return ReadingEstimate(
        $0, isArea: isArea, targets: [first.count, first.count(where: \.self)],
        isCollapsed: !isArea
          && reports.contains { report in
            report.outcomes.contains { $0.attack == .a0 && $0.saysNothing }
          })
    }
  }

  /// The attacked system of a reading, its cohort as it is, or cut where it was attacked in no other
  /// way.
  package func attackedSystem(of reading: Reading) -> AttackedSystem? {
    let own = records.attacks.systems.filter { $0.configuration.preset == reading.configuration }
    let asIs = own.filter { $0.cohortMaleShare == nil }
    return Self.usual(asIs.isEmpty ? own : asIs, \.configuration.balancingFactor)
  }

  /// The system at factor 0.5, else the first.
  private static func usual<System>(
    _ systems: [System], _ factor: (System) -> Double?
  ) -> System? {
    systems.first { factor($0) == 0.5 } ?? systems.first
  }
}
