// R1, R1p, R2: FNMR of MOTE beside that of traditional templates.
import Biometrics
import Records
import Results
import Specs

extension ClaimQuestion {
  /// One answer per MOTE configuration and convention.
  func recognition(at place: Place) -> [ClaimAnswer] {
    let conventions = records.results.distinct(
      of: .fnmr, first: EvaluationConvention.usualNames, \.convention)
    return configurations(at: place).flatMap { configuration in
      (conventions.isEmpty ? [""] : conventions).map {
        recognition(records.results.at(place, configuration), convention: $0)
      }
    }
  }

  /// The MOTE configurations at the usual factor, those of readings included, that a place has or
  /// should have.
  private func configurations(at place: Place) -> [SystemConfiguration] {
    records.results.usualConfigurations.filter {
      !$0.isTraditional
        && (!records.results.records(place, $0).isEmpty
          || records.results.absence(place, $0) != nil)
    }
  }

  private func recognition(_ system: SystemResults, convention: String) -> ClaimAnswer {
    let query = MeasurementQuery(.fnmr, convention: convention, target: PaperTarget.fmr)
    let other = system.results.at(system.place, system.configuration.baseline)
    var answer = untested(
      system.place, "", system.configuration, convention: convention,
      cells: (system.records + other.records).map(\.key))
    for side in [system, other] {
      if let reason = side.summary(query).absenceReason("FNMR at FMR 1e-3") {
        answer.answer = .notTestable("\(side.configuration.title): \(reason)")
        return answer
      }
    }
    guard let difference = system.difference(query) else {
      answer.answer = .notTestable("no repeat has both systems")
      return answer
    }
    var region = claim.region
    if case .belowPublishedGap = region {
      switch publishedGap(system, query) {
      case .success(let gap): region = .below(gap)
      case .failure(let reason):
        answer.estimate = difference.value
        answer.answer = .notTestable(reason.text)
        return answer
      }
    }
    answer.repeats = difference.repeats
    answer.judge(difference, region: region)
    return answer
  }

  private struct NoGap: Error { let text: String }

  /// The paper's own difference in this cell, where one error more or less does not hide it.
  private func publishedGap(_ system: SystemResults, _ query: MeasurementQuery) -> Result<
    Double, NoGap
  > {
    func printed(_ name: String) -> Double? {
      published.value(
        table: "table2", dataset: system.place.dataset, extractor: system.place.extractor,
        system: name, quantity: "fnmr-at-fmr-0.001")?.value
    }
    guard let mote = printed("mote"), let traditional = printed("traditional") else {
      return .failure(
        NoGap(text: "the paper prints no gap for \(system.place.dataset) \(system.place.extractor)")
      )
    }
    // Of printed decimals, so that the border reads as the paper's own.
    let gap = ((mote - traditional) * 1e6).rounded() / 1e6
    let summary = system.summary(query)
    if let trials = summary.denominator, summary.measuredRepeats > 0 {
      let each = trials / summary.measuredRepeats
      if gap * Double(each) < 1 {
        return .failure(NoGap(text: "the published gap is under one error of \(each) mated trials"))
      }
    }
    return .success(gap)
  }
}

extension CellSummary {
  /// Why there is no value; nil: there is one.
  func absenceReason(_ what: String) -> String? {
    switch status {
    case .measured: nil
    case .notRun: notes.first ?? MissingCells.notRun
    case .notMeasured: "the records hold no \(what)"
    case .notMeasurable:
      notes.isEmpty ? "\(what) cannot be measured" : notes.joined(separator: "; ")
    }
  }
}
