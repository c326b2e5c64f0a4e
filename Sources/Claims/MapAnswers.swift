// E1 and E2: what records of heat maps answer (definitions 7 and 12).
import AttackReports
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
      answer.answer = .notTestable("too few people or resamples for intervals")
      return answer
    }
    answer.judge(random, claim.region)
    var second = answer
    second.judge(other, claim.region)
    func text(_ value: Double) -> String { signedSignificantText(value, 2) }
    answer.note =
      "against pixels drawn at random; against the traditional score's maps \(text(other.value)) "
      + "[\(text(other.lower)), \(text(other.upper))], must be above 0, too"
    answer.answer = answer.answer.and(second.answer)
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
      guard let difference = own.difference else {
        answer.answer = .notTestable("too few people or resamples for intervals")
        return answer
      }
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
  /// Gives the answer of an interval over draws of people.
  fileprivate mutating func judge(_ estimate: Estimate, _ region: ClaimRegion) {
    judge(
      estimate.value, lower: estimate.lower, upper: estimate.upper,
      method: IntervalMethod.percentile.rawValue, region: region)
  }
}
