import AttackReports
import Biometrics
import Records
import Results
import Specs

/// Answers to claims from the records of an experiment, claim by claim in their order; of one claim by
/// place, configuration and convention.
///
/// A cell of the paper without records is `notTestable`, and so is what no records of a place hold.
/// - Parameter published: the paper's values, for claims that refer to them.
package func claimAnswers(
  _ claims: [Claim], _ records: ExperimentRecords, _ published: PublishedValues
) -> [ClaimAnswer] {
  claims.flatMap { claim in
    let question = ClaimQuestion(claim: claim, records: records, published: published)
    return question.places.flatMap { place -> [ClaimAnswer] in
      var found = question.answers(at: place)
      if found.isEmpty {
        found = [question.untested(place, question.missing(place))]
        found[0].isUnrecorded = true
      }
      for i in found.indices { found[i].isSynthetic = records.isSynthetic(place) }
      return found
    }
  }
}

/// One claim put to the records of an experiment.
struct ClaimQuestion {
  let claim: Claim
  let records: ExperimentRecords
  let published: PublishedValues

  /// The paper's cells, named as the records name them, then other places with records of the kind
  /// that the claim needs.
  var places: [Place] {
    let made: [Place] =
      switch claim.statistic.source {
      case .evaluations: records.results.places.filter(records.results.has)
      case .attacks: records.attacks.places.filter(records.attacks.has)
      case .costs: records.costs.map { Place($0.key) }.distinct()
      case .maps: records.maps.map { Place($0.key) }.distinct()
      case .kde: records.kde.map { Place($0.key) }.distinct()
      }
    let own = claim.cells.map { cell in made.first { $0.isSame(as: cell) } ?? cell }
    return own + made.filter { place in claim.isAsked(at: place) && !own.contains(place) }
  }

  /// Answers from the records of a place; empty where there are none.
  func answers(at place: Place) -> [ClaimAnswer] {
    switch claim.statistic {
    case .fnmrDifference: recognition(at: place)
    case .attackBalancedAccuracy: printedAttack(at: place)
    case .adaptiveAUC: adaptiveAttacks(at: place)
    case .fairnessAtEveryFactor, .fairnessAtSomeFactor, .bestBalance, .igarbeSlope:
      fairness(at: place)
    case .perSubjectGap: perSubject(at: place)
    case .storageRatio, .enrolmentSeconds: costs(at: place)
    case .mapShareInFace, .mapLikeness: heatMaps(at: place)
    case .syntheticAUC: syntheticSamples(at: place)
    }
  }

  /// Why a place has no answer.
  func missing(_ place: Place) -> String {
    let name = "\(place.dataset) \(place.extractor)"
    return switch claim.statistic.source {
    case .evaluations where claim.statistic == .perSubjectGap:
      "no records with a factor per person of \(name)"
    case .evaluations: "no records of \(name)"
    case .attacks:
      "no recorded attacks on \(claim.systems.joined(separator: " or ")) of \(name)"
    case .costs: "no cost records of \(name)"
    case .maps: "no records of heat maps of \(name)"
    case .kde: "no records of synthetic samples beside real ones of \(name)"
    }
  }

  /// An answer that says why there is none.
  func untested(
    _ place: Place, _ reason: String, _ configuration: SystemConfiguration? = nil,
    convention: String = "", cells: [Cell] = []
  ) -> ClaimAnswer {
    ClaimAnswer(
      claim, place, configuration ?? SystemConfiguration(system: claim.systems.first ?? "mote"),
      convention: convention, answer: .notTestable(reason), cells: cells)
  }
}

extension ExperimentRecords {
  /// Whether what was recorded at a place was made from synthetic data.
  fileprivate func isSynthetic(_ place: Place) -> Bool {
    results.records.contains { Place($0.key) == place && $0.isSynthetic }
      || attacks.records.contains { Place($0.key) == place && $0.isSynthetic }
      || costs.contains { Place($0.key) == place && $0.isSynthetic }
      || maps.contains { Place($0.key) == place && $0.isSynthetic }
      || kde.contains { Place($0.key) == place && $0.isSynthetic }
  }
}

extension Place {
  /// Whether both names agree but for case and punctuation.
  package func isSame(as other: Place) -> Bool {
    comparable(dataset) == comparable(other.dataset)
      && comparable(extractor) == comparable(other.extractor)
  }
}
