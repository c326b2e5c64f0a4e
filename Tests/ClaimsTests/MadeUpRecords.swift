// Made-up records whose intervals are known by hand.
import AttackReports
import Biometrics
import Claims
import Configurations
import Foundation
import Records
import Results
import SpecFiles
import Specs
import TestSupport

/// The claims of the paper as they are published.
let paperClaims = try! Claim.load(
  repositoryRoot.appendingPathComponent("experiments/published/claims.yaml").path)

/// The paper's values.
let paperValues = try! PublishedValues(
  folder: repositoryRoot.appendingPathComponent("experiments/published"))

/// The claim of an id.
func claim(_ id: String) -> Claim { paperClaims.first { $0.id == id }! }

/// 101 replicates from value − spread to value + spread: 95 % lie within value ± 0.95 spread. `step`
/// walks through them in another order (101 is prime).
func replicates(around value: Double, _ spread: Double, step: Int = 1) -> Replicates {
  Replicates((0..<101).map { value + spread * (Double($0 * step % 101) / 50 - 1) })
}

/// A measurement of group "all" under the default convention at FMR 1e-3.
func measurement(
  _ quantity: Quantity, _ value: Double?, spread: Double?, group: String = "all", step: Int = 1,
  trials: Int = 1000
) -> MetricValue {
  MetricValue(
    quantity: quantity, group: group, convention: "default", rule: "conservative", target: 0.001,
    value: value, numerator: value.map { Int(($0 * Double(trials)).rounded()) },
    denominator: trials,
    replicates: value.flatMap { value in
      spread.map { replicates(around: value, $0, step: step) }
    })
}

/// A record of these measurements alone.
func evaluation(
  system: String = "mote", factor: Double? = 0.5, rule: String? = nil, dataset: String = "LFW",
  extractor: String = "ArcFace", repeatIndex: Int = 0, isSynthetic: Bool = false,
  mated: Int = 1000, _ measurements: [MetricValue]
) -> EvaluationRecord {
  var record = fakeRecord(
    dataset: dataset, extractor: extractor, system: system, balancingFactor: factor,
    repeatIndex: repeatIndex, isSynthetic: isSynthetic, mated: mated)
  record.key.balancingRule = rule
  record.measurements = measurements
  return record
}

/// MOTE's FNMR `difference` above that of traditional templates, whose resamples do not vary.
func recognition(
  _ difference: Double, spread: Double?, dataset: String = "LFW", extractor: String = "ArcFace",
  trials: Int = 1000
) -> [EvaluationRecord] {
  [
    evaluation(
      dataset: dataset, extractor: extractor,
      [measurement(.fnmr, 0.05 + difference, spread: spread, trials: trials)]),
    evaluation(
      system: "traditional", dataset: dataset, extractor: extractor,
      [measurement(.fnmr, 0.05, spread: 0, trials: trials)]),
  ]
}

/// What a success of an attack rests on; `auc` of A1, too.
func attack(
  _ kind: AttackKind, success: ClosedRange<Double>, targets: Int, predictedFirst: Double = 0.5,
  auc: ClosedRange<Double> = 0.4...0.6, replicates: Replicates? = nil
) -> AttackOutcome {
  func estimate(_ range: ClosedRange<Double>) -> Estimate {
    Estimate(
      value: (range.lowerBound + range.upperBound) / 2, lower: range.lowerBound,
      upper: range.upperBound)
  }
  return AttackOutcome(
    attack: kind, variant: "mean/raw", targets: targets, targetsOfFirst: targets / 2,
    recallFirst: 0.5, recallSecond: 0.5, balancedAccuracy: estimate(success), accuracy: 0.5,
    sharePredictedFirst: predictedFirst, ties: 0, auc: estimate(auc),
    medianSplitBalancedAccuracy: 0.5, bestThresholdBalancedAccuracy: 0.5, pValue: 1,
    decisionPValue: 1, aucReplicates: replicates)
}

/// An attacked system on LFW, ArcFace; a report per repeat.
func attacked(
  _ outcomes: [AttackOutcome], system: String = "mote", omitted: [OmittedAttack] = [],
  repeatIndex: Int = 0
) -> AttackRecord {
  let report = AttackReport(
    system: system, attribute: "gender",
    question: BinaryQuestion(first: "male", second: "female", firstGroup: 0),
    galleryDataset: "Other", gallerySamples: 10, targets: outcomes.first?.targets ?? 0,
    ownReferences: 0, outcomes: outcomes, omitted: omitted, galleryCurve: [], differences: [:],
    isFirstTarget: [])
  let fake = fakeRecord()
  let hash = try! JSONDecoder().decode(
    CellFingerprint.self, from: Data(#"{"parts": {"spec cell": "fake"}}"#.utf8))
  let key = Cell(
    dataset: "LFW", extractor: "ArcFace", system: system,
    preset: system == "mote" ? "paper" : nil, balancingFactor: system == "mote" ? 0.5 : nil,
    repeatIndex: repeatIndex, attack: AttackedCell())
  return AttackRecord(
    key: key, fingerprint: hash, isSynthetic: false, reports: [report], recognition: [],
    convention: "default", cohort: nil, counts: fake.counts, audit: [], warnings: [],
    provenance: fake.provenance)
}

/// Answers of one claim from records.
func answers(
  _ id: String, _ records: [EvaluationRecord] = [], attacks: [AttackRecord] = [],
  claim changed: Claim? = nil
) throws -> [ClaimAnswer] {
  claimAnswers(
    [changed ?? claim(id)],
    ExperimentRecords(
      results: try RecordSet(records: records), attacks: AttackRecordSet(records: attacks)),
    paperValues)
}

/// The only answer at LFW, ArcFace.
func answer(
  _ id: String, _ records: [EvaluationRecord] = [], attacks: [AttackRecord] = [],
  claim changed: Claim? = nil
) throws -> ClaimAnswer {
  let found = try answers(id, records, attacks: attacks, claim: changed).filter {
    $0.dataset == "LFW" && $0.extractor == "ArcFace"
  }
  precondition(found.count == 1, "\(found.count) answers")
  return found[0]
}
