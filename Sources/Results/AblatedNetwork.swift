import AttackReports
import Biometrics
import Configurations
import Records
import Specs

/// One configuration of an ablation at a place: what it recognises, gives away and costs.
package struct AblatedNetwork: Sendable {
  /// As in table and figure, from 1.
  package let number: Int
  package let system: SystemResults
  /// Widths of the network, from input to logit.
  package let dims: [Int]
  /// False non-matches at the FMR of the ablation.
  package let fnmr: CellSummary
  /// The same minus that of the base; nil for the base, and where one has no value.
  package let difference: SystemDifference?
  /// Of A1 to A8 on gender; nil where it was not attacked.
  package let attack: StrongestAttack?
  /// What `Harness measure` found; nil: it was not asked to.
  package let cost: CostRecord?

  /// Bytes of a stored reference, in float32.
  package var bytes: Int { 4 * zip(dims, dims.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

  /// "linear-svm".
  package var name: String { system.configuration.preset ?? system.configuration.title }

  /// "512-128-64-1".
  package var shape: String { dims.map(String.init).joined(separator: "-") }

  /// Mean of the epochs that were run, over the repeats.
  package var epochs: Double {
    let found = system.records.compactMap(\.enrolment?.meanEpochs)
    return found.reduce(0, +) / Double(max(1, found.count))
  }

  /// Mean of the networks that were trained for a person, over the repeats.
  package var attempts: Double {
    let found = system.records.compactMap(\.enrolment).map { $0.meanAttempts ?? 1 }
    return found.reduce(0, +) / Double(max(1, found.count))
  }
}

/// The networks of one place, the smallest first, and the configuration that they are held against.
package struct AblatedPlace: Sendable {
  package let place: Place
  package let base: SystemConfiguration
  package let query: MeasurementQuery
  /// In the order of bytes, then of their names.
  package let networks: [AblatedNetwork]

  /// - Returns: nil where fewer than two configurations of MOTE have records that name their widths.
  package init?(_ records: ExperimentRecords, at place: Place) {
    let results = records.results
    let conventions = results.distinct(
      of: .fnmr, first: EvaluationConvention.usualNames, \.convention)
    guard let base = results.mainConfigurations.first(where: { !$0.isTraditional }),
      let convention = conventions.first,
      let target = results.targets(of: .fnmr, convention: convention).first
    else { return nil }
    func dims(_ configuration: SystemConfiguration) -> [Int]? {
      results.records(place, configuration).lazy.compactMap(\.enrolment?.dims).first
    }
    func bytes(_ dims: [Int]) -> Int { zip(dims, dims.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } }
    let found = results.mainConfigurations.filter { !$0.isTraditional }
      .compactMap { configuration in dims(configuration).map { (configuration, $0) } }
      .sorted {
        let (a, b) = (bytes($0.1), bytes($1.1))
        return a != b ? a < b : ($0.0.preset ?? "") < ($1.0.preset ?? "")
      }
    if found.count < 2 { return nil }
    let query = MeasurementQuery(.fnmr, convention: convention, target: target)
    self.place = place
    self.base = base
    self.query = query
    networks = found.enumerated().map { i, entry in
      let system = results.at(place, entry.0)
      return AblatedNetwork(
        number: i + 1, system: system, dims: entry.1, fnmr: system.summary(query),
        difference: entry.0 == base ? nil : system.difference(query, minus: base),
        attack: records.attacks.strongest(place, entry.0),
        cost: records.costs.first {
          Place($0.key) == place && $0.key.configuration == entry.0
        })
    }
  }

  /// The base itself; nil where it has no record.
  package var baseNetwork: AblatedNetwork? { networks.first { $0.system.configuration == base } }
}

extension ExperimentRecords {
  /// The places where networks can be compared, in the order of tables.
  package var ablatedPlaces: [AblatedPlace] {
    results.places.compactMap { AblatedPlace(self, at: $0) }
  }
}

extension AttackRecordSet {
  /// The strongest attack on the gender behind a configuration whose cohort is as it is.
  fileprivate func strongest(_ place: Place, _ configuration: SystemConfiguration)
    -> StrongestAttack?
  {
    let system = systems.first { $0.configuration == configuration && $0.cohortMaleShare == nil }
    guard let system, let question = questions.first(where: { $0.attribute == "gender" }) else {
      return nil
    }
    let reports = question.reports(records(place, system))
    return reports.isEmpty ? nil : StrongestAttack(in: reports)
  }
}
