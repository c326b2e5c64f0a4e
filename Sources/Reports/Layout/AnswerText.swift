// How answers to claims are written: a sentence says what was checked and no more.
import Claims
import Records
import Results
import Specs

extension ClaimStatistic {
  /// Format of its values.
  var format: CellFormat {
    switch self {
    case .fnmrDifference, .perSubjectGap: .rate
    case .attackBalancedAccuracy: CellFormat(shift: 2, decimals: 1)
    case .adaptiveAUC, .syntheticAUC, .igarbeSlope, .bestBalance: CellFormat(decimals: 3)
    case .fairnessAtEveryFactor, .fairnessAtSomeFactor: CellFormat(decimals: 5)
    case .mapShareInFace, .mapLikeness: CellFormat(decimals: 3)
    case .storageRatio: CellFormat(decimals: 1)
    case .enrolmentSeconds: CellFormat(decimals: 2)
    }
  }

  /// Whether values are differences and have a sign.
  var isSigned: Bool {
    switch self {
    case .attackBalancedAccuracy, .adaptiveAUC, .syntheticAUC, .storageRatio, .enrolmentSeconds:
      false
    default: true
    }
  }

  /// "", " %", " s".
  var unit: String {
    switch self {
    case .attackBalancedAccuracy: " %"
    case .enrolmentSeconds: " s"
    default: ""
    }
  }

  /// What is measured, for tables.
  var title: String {
    switch self {
    case .fnmrDifference: "FNMR(MOTE) − FNMR(traditional) at FMR 1e-3"
    case .attackBalancedAccuracy: "balanced accuracy of A0"
    case .adaptiveAUC: "two-sided AUC of each of A1 to A8"
    case .fairnessAtEveryFactor: "FDR and iGARBE minus traditional, at every factor"
    case .fairnessAtSomeFactor: "FDR and iGARBE minus traditional, at some factor"
    case .bestBalance: "iGARBE at 0.5 or 0.6 minus the best other factor"
    case .igarbeSlope: "slope of iGARBE over factors"
    case .perSubjectGap: "FNMR gap between groups, factor per person − 0.5"
    case .mapShareInFace: "share of the map's top 10 % in eyes, nose, mouth, minus chance"
    case .mapLikeness: "Bhattacharyya coefficient, same − different person"
    case .storageRatio: "bytes of a reference / (4 d)"
    case .enrolmentSeconds: "seconds of an enrolment"
    case .syntheticAUC: "two-sided AUC of synthetic against real, per gender"
    }
  }

  /// A value with sign and unit.
  func text(_ value: Double) -> String {
    (isSigned ? format.signed(value) : format.text(value)) + unit
  }
}

extension ClaimAnswer.Answer {
  /// As printed.
  package var text: String {
    switch self {
    case .holds: "holds"
    case .doesNotHold: "does not hold"
    case .cannotBeToldApart: "cannot be told apart"
    case .notTestable: "not testable"
    case .compared: "comparison"
    }
  }
}

extension ClaimRegion {
  /// "< 0.01", "50 ± 2 %": borders as they were given, without rounding.
  func text(_ statistic: ClaimStatistic) -> String {
    func number(_ value: Double) -> String { "\(statistic.exact(value))\(statistic.unit)" }
    return switch self {
    case .below(let border): "< \(number(border))"
    case .above(let border): "> \(number(border))"
    case .within(let distance, let centre):
      "\(statistic.exact(centre)) ± \(number(distance))"
    case .belowPublishedGap: "< the paper's gap"
    case .beside(let figure): "beside \(figure) in the paper"
    }
  }
}

extension ClaimStatistic {
  /// A border as it was given: 0.01, 85.
  fileprivate func exact(_ value: Double) -> String {
    format.shift == 2
      ? exactPercentText(value) : value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}

extension ClaimAnswer {
  private var statistic: ClaimStatistic { claim.statistic }

  /// "MOTE (paper)", with the convention or cohort where it is not the usual one.
  package var reading: String {
    let usual = [ConventionText.usual[0], "cohort-as-is", ""]
    return configuration.title + (usual.contains(convention) ? "" : ", \(convention)")
  }

  /// "[0.0000, 0.0061]", "≥ 0.0012", "≤ 0.61"; empty without interval.
  var intervalText: String {
    let format = statistic.format
    switch (lower, upper) {
    case (let lower?, let upper?):
      return "[\(format.text(lower)), \(format.text(upper))]\(statistic.unit)"
    case (let lower?, nil): return "≥ \(format.text(lower))\(statistic.unit)"
    case (nil, let upper?): return "≤ \(format.text(upper))\(statistic.unit)"
    case (nil, nil): return ""
    }
  }

  /// "smallest margin 0.0061", or where a claim of a lower border would hold: "above −0.0003".
  var marginText: String {
    guard let smallestMargin else { return "" }
    let number = statistic.format.text(smallestMargin) + statistic.unit
    return switch region {
    case .above: "would hold above \(number)"
    case .within: "smallest margin ± \(number)"
    default: "smallest margin \(number)"
    }
  }

  /// "R1 holds for paper-annealed on LFW ArcFace: +0.0024 [0.0000, 0.0061] < 0.01; smallest margin
  /// 0.0061".
  package var sentence: String {
    let begin = "\(claim.id) \(predicate) for \(reading) on \(dataset) \(extractor)"
    let mark =
      (isSynthetic ? " (SYNTHETIC DATA)" : "") + (isOnDevelopment ? " (development people)" : "")
    if let reason { return "\(begin)\(mark): \(reason)" }
    guard let estimate else { return begin + mark }
    let figures = [statistic.text(estimate), intervalText, region.text(statistic)]
      .filter { !$0.isEmpty }.joined(separator: " ")
    return ["\(begin)\(mark): \(figures)", marginText, note].filter { !$0.isEmpty }
      .joined(separator: "; ")
  }

  /// "holds", "is not testable", ….
  private var predicate: String {
    switch answer {
    case .notTestable: "is not testable"
    case .compared: "is a comparison"
    default: answer.text
    }
  }
}

/// The end of a run: every claim with its answers, a line each; of a claim with very many, their counts.
package func answerLines(_ answers: [ClaimAnswer]) -> String {
  var lines: [String] = []
  let ids = answers.map(\.claim.id).distinct()
  for id in ids {
    let own = answers.filter { $0.claim.id == id && !$0.isUnrecorded }
    guard let claim = own.first?.claim else { continue }
    let border = claim.margin == .ours ? ", border ours" : ""
    lines.append("\(id) (\(claim.placeText)\(border)): \(claim.sentence)")
    lines += own.count > mostLines ? [AnswerCounts(own).text] : answerLines(of: own)
  }
  // What has no records at all: claims that lack the same places share a line.
  var absent: [(reason: String, ids: [String])] = []
  for id in ids {
    guard let text = unrecordedText(answers.filter { $0.claim.id == id }) else { continue }
    if let i = absent.firstIndex(where: { $0.reason == text }) {
      absent[i].ids.append(id)
    } else {
      absent.append((text, [id]))
    }
  }
  lines += absent.map { "\($0.ids.joined(separator: ", ")) not testable: \($0.reason)" }
  return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
}

/// Answers of one claim that are listed; of more there are counts.
private let mostLines = 24

/// A line per answer; what is not testable for one reason in several readings shares one.
private func answerLines(of answers: [ClaimAnswer]) -> [String] {
  var lines: [String] = []
  var told: Set<String> = []
  for answer in answers {
    let alike = answer.reason.map { reason in answers.count { $0.reason == reason } } ?? 1
    if alike == 1 {
      lines.append("  \(answer.sentence)")
    } else if let reason = answer.reason, told.insert(reason).inserted {
      lines.append(
        "  \(answer.claim.id) is not testable for \(alike) configurations and places: \(reason)")
    }
  }
  return lines
}

/// Why places of one claim have no answers, with their names; nil where all have.
func unrecordedText(_ answers: [ClaimAnswer]) -> String? {
  let places = answers.filter(\.isUnrecorded)
  guard let first = places.first, let reason = first.reason else { return nil }
  return reason.replacing(" of \(first.dataset) \(first.extractor)", with: "") + " of "
    + places.map { "\($0.dataset) \($0.extractor)" }.joined(separator: ", ")
}

extension AnswerCounts {
  /// "  of 26 answers 10 hold, 4 do not hold, …; output 'claims' lists them".
  fileprivate var text: String {
    "  of \(tested + notTestable + compared) answers \(holds) hold, \(doesNotHold) do not hold, "
      + "\(cannotBeToldApart) cannot be told apart, \(notTestable) are not testable; output 'claims' "
      + "lists them"
  }
}

extension Claim {
  /// A region of this claim, with who drew its border where the paper did not.
  func text(of region: ClaimRegion) -> String {
    region.text(statistic) + (margin == .ours ? " (ours)" : "")
  }

  /// "section 5.1", or the other paper's name.
  var placeText: String {
    place.first?.isNumber == true ? "section \(place)" : place
  }
}
