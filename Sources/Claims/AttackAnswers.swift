// P1 to P4: inference of gender.
import AttackReports
import Biometrics
import Configurations
import Records
import Results
import Specs

extension AttackOutcome {
  /// Whether it is the paper's attack.
  fileprivate var isPrinted: Bool { attack == .a0 }
}

extension ClaimQuestion {
  /// Targets of either group below which no attack is judged (definitions 12).
  static let fewestOfGroup = 10
  /// Targets below which nothing can be shown to be within 2 % of chance.
  static let fewestTargets = 2_400

  /// The printed attack (A0): one answer per attacked system of the claim.
  func printedAttack(at place: Place) -> [ClaimAnswer] {
    attacked(at: place) { system, reports, answer in
      guard let found = AttackSummary.printed(in: reports) else {
        answer.answer = .notTestable(omission(of: [.a0], in: reports) ?? "A0 was not carried out")
        return
      }
      let success = found.balancedAccuracy
      answer.repeats = found.repeats
      answer.note = "\(grouped(found.targets)) targets"
      answer.judge(
        success.value, lower: success.lower, upper: success.upper,
        method: found.pooled.methodText(Estimate.shareMethod), region: claim.region)
      if let reason = tooFewOfGroup(in: reports, \.isPrinted) {
        (answer.lower, answer.upper, answer.intervalMethod) = (nil, nil, nil)
        answer.answer = .notTestable(reason)
      } else if let collapse = collapse(reports) {
        // The same answer for everybody is right for half of them, with no interval and no margin.
        (answer.lower, answer.upper, answer.intervalMethod) = (nil, nil, nil)
        answer.answer = .notTestable(collapse)
      } else if !success.holdsValue {
        answer.answer = .notTestable(IntervalOutcome.outside)
      } else if case .within = claim.region, found.targets < Self.fewestTargets,
        answer.answer != .doesNotHold
      {
        answer.answer = .notTestable(
          "too few people: \(grouped(found.targets)) targets, about "
            + "\(grouped(Self.fewestTargets)) are needed")
      }
      if case .notTestable = answer.answer { answer.smallestMargin = nil }
    }
  }

  /// That a decision gives nearly all targets the same group; nil: none does.
  private func collapse(_ reports: [AttackReport]) -> String? {
    let outcomes = reports.compactMap { report in
      report.outcomes.first { $0.attack == .a0 }
    }
    let collapsed = outcomes.filter(\.saysNothing)
    guard let share = collapsed.first?.sharePredictedFirst,
      let first = reports.first?.question.first
    else { return nil }
    let repeats = outcomes.count > 1 ? " in \(collapsed.count) of \(outcomes.count) repeats" : ""
    return "collapsed\(repeats): \(significantText(100 * share, 3)) % are taken for \(first)"
  }

  /// A1 to A8: all must stay below the border.
  func adaptiveAttacks(at place: Place) -> [ClaimAnswer] {
    attacked(at: place) { system, reports, answer in
      let all = RepeatedAttack.all(in: reports).filter { $0.attack != .a0 }
      guard let strongest = RepeatedAttack.strongest(all) else {
        answer.answer = .notTestable("no adaptive attack was carried out")
        return
      }
      let winner = StrongestAttack(in: reports)
      answer.repeats = strongest.repeats
      answer.note =
        "strongest \(strongest.attack.rawValue) \(strongest.name), "
        + "\(grouped(reports[0].targets)) targets"
      // What some attack reaches for certain, though it was chosen; what all stay below.
      answer.judge(
        strongest.twoSidedAUC.value, lower: winner?.lowerBound,
        upper: all.map(\.twoSidedAUC.upper).max(),
        method: winner.map { "lower \($0.method); upper largest of all variants" }
          ?? "upper largest of all variants", region: claim.region)
      if let reason = tooFewOfGroup(in: reports, { !$0.isPrinted }) {
        (answer.lower, answer.upper, answer.intervalMethod) = (nil, nil, nil)
        answer.smallestMargin = nil
        answer.answer = .notTestable(reason)
        return
      }
      if let odd = all.first(where: { !$0.auc.holdsValue }), answer.answer != .doesNotHold {
        answer.answer = .notTestable(
          "\(odd.attack.rawValue) \(odd.name): \(IntervalOutcome.outside)")
      }
      if answer.answer == .holds, case .notShown(let missing) = InferenceVerdict(of: reports) {
        answer.answer = .notTestable(
          omission(of: missing, in: reports)
            ?? "\(missing.map(\.rawValue).joined(separator: ", ")) not carried out in every repeat")
      }
    }
  }

  /// That either group has too few targets for an answer; nil: both have enough.
  private func tooFewOfGroup(
    in reports: [AttackReport], _ isAsked: (AttackOutcome) -> Bool
  ) -> String? {
    let fewest = reports.flatMap(\.outcomes).filter(isAsked)
      .map { min($0.targetsOfFirst, $0.targets - $0.targetsOfFirst) }.min()
    guard let fewest, fewest < Self.fewestOfGroup else { return nil }
    return "too few people: \(fewest) targets of one group, \(Self.fewestOfGroup) are needed"
  }

  /// Why attacks were left out: "A6: too few subjects"; nil where nothing is said.
  private func omission(of attacks: [AttackKind], in reports: [AttackReport]) -> String? {
    let found = reports.flatMap(\.omitted).filter { attacks.contains($0.attack) }
      .map { "\($0.attack.rawValue): \($0.reason)" }.distinct()
    return found.isEmpty ? nil : found.joined(separator: "; ")
  }

  /// One answer per attacked system of the claim, which `judge` makes of its reports on gender.
  private func attacked(
    at place: Place, _ judge: (AttackedSystem, [AttackReport], inout ClaimAnswer) -> Void
  ) -> [ClaimAnswer] {
    let systems = records.attacks.systems.filter { system in
      claim.systems.contains(system.publishedName)
        && (!records.attacks.records(place, system).isEmpty
          || records.attacks.absence(place, system) != nil)
    }
    return systems.map { system in
      let found = records.attacks.records(place, system)
      var answer = untested(
        place, records.attacks.absence(place, system) ?? MissingCells.notRun,
        system.configuration, convention: system.cohortName, cells: found.map(\.key))
      if found.isEmpty { return answer }
      let reports =
        records.attacks.questions.first { $0.attribute == "gender" }
        .map { $0.reports(found) } ?? []
      if reports.isEmpty {
        answer.answer = .notTestable("gender was not attacked")
      } else {
        judge(system, reports, &answer)
      }
      return answer
    }
  }
}
