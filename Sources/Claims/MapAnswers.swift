// E1 and E2: what records of heat maps answer (definitions 7 and 12).
import Biometrics
import Configurations
import Records
import Results
import Specs

extension ClaimQuestion {
  /// One answer per explained cell and rule of alpha, of E2 per form of the maps, too.
  func heatMaps(at place: Place) -> [ClaimAnswer] {
    records.maps.filter { Place($0.key) == place }.flatMap { record in
      AlphaRule.allCases.flatMap { rule in
        claim.statistic == .mapShareInFace
          ? [attention(record, rule, place)] : likeness(record, rule, place)
      }
    }
  }

  /// Both must pass: the share of mated maps of MOTE in eyes, nose and mouth is above that of pixels drawn
  /// at random, and above that of the traditional score's maps.
  private func attention(_ record: MapRecord, _ rule: AlphaRule, _ place: Place) -> ClaimAnswer {
    var answer = untested(
      place, "the file of maps has no regions of faces", record.key.configuration,
      convention: "alpha rule \(rule.rawValue)", cells: [record.key])
    guard
      let found = record.attention.first(where: {
        $0.system == "mote" && $0.rule == rule && $0.isMated && $0.regions == FaceRegion.central
      })
    else { return answer }
    guard let random = found.againstUniform, let other = found.againstTraditional else {
      return answer
    }
    let parts = [(random, "pixels drawn at random"), (other, "the traditional score's maps")]
    let judged = parts.map { difference, against in
      var part = answer
      part.judge(difference, claim.region)
      part.note = "against \(against)"
      return part
    }
    // The part that decides stands for both: the border at which the claim would hold is its own.
    let (first, second) = (judged[0], judged[1])
    guard first.isTestable, second.isTestable else {
      return first.isTestable ? second : first
    }
    let both = first.answer.and(second.answer)
    let isFirst =
      first.answer == second.answer
      ? (first.lower ?? 0) <= (second.lower ?? 0) : first.answer == both
    answer = isFirst ? first : second
    let rest = isFirst ? second : first
    answer.smallestMargin = [first, second].compactMap(\.smallestMargin).min()
    func text(_ value: Double?) -> String { value.map { signedSignificantText($0, 2) } ?? "?" }
    answer.note +=
      "; \(rest.note) \(text(rest.estimate)) [\(text(rest.lower)), \(text(rest.upper))], must be above 0, "
      + "too"
    answer.answer = both
    return answer
  }

  /// Likeness of mated maps of one person − that of maps of two, each against its own reference.
  private func likeness(_ record: MapRecord, _ rule: AlphaRule, _ place: Place) -> [ClaimAnswer] {
    func found(_ form: String, _ pairing: LikenessOfMaps.Pairing) -> LikenessOfMaps? {
      record.likeness.first {
        $0.system == "mote" && $0.rule == rule && $0.form == form && $0.pairing == pairing
      }
    }
    let forms = record.likeness.map(\.form).distinct()
    return forms.map { form in
      var answer = untested(
        place, "nobody has two images besides the reference", record.key.configuration,
        convention: "\(form), alpha rule \(rule.rawValue)", cells: [record.key])
      guard let own = found(form, .own), own.samePairs > 0 else { return answer }
      guard let difference = own.difference else { return answer }
      answer.judge(difference, claim.region)
      answer.note =
        found(form, .twoReferences)?.difference.map {
          "where no reference is shared \(signedSignificantText($0.value, 2))"
        } ?? ""
      return answer
    }
  }
}

extension ClaimAnswer {
  /// Gives the answer of an interval over draws of people; without one, or beside one that misses its
  /// estimate, the reason.
  fileprivate mutating func judge(_ found: MeanOverPeople, _ region: ClaimRegion) {
    guard let lower = found.lower, let upper = found.upper, found.note == nil else {
      estimate = found.value
      answer = .notTestable(found.note ?? "no interval")
      return
    }
    judge(found.value, lower: lower, upper: upper, method: found.method, region: region)
  }

  fileprivate var isTestable: Bool { if case .notTestable = answer { false } else { true } }
}
