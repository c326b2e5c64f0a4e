// Hand-made records for tests. Their numbers are obviously fake: round fractions such as 0.1 and
// 0.2, so that nobody mistakes a snapshot for a result.
import Biometrics
import Foundation
import Records
import Specs

/// Builds one fake record. `level` sets every error rate: the FNMR of group "all" is `level`, of
/// "male" 10 % less, of "female" 10 % more.
package func fakeRecord(
  dataset: String = "LFW", extractor: String = "ArcFace", system: String = "mote",
  preset: String? = "paper", balancingFactor: Double? = 0.5, repeatIndex: Int = 0,
  level: Double = 0.1, isSynthetic: Bool = false, mated: Int = 1000, seed: UInt64 = 1
) -> EvaluationRecord {
  let isTraditional = system == "traditional"
  var counts = EvaluationCounts()
  counts.subjects = 100
  counts.references = 100
  counts.probes = mated + 100
  counts.matedComparisons = mated
  counts.nonMatedComparisons = 99 * mated
  var provenance = Provenance()
  provenance.experiment = "fake"
  provenance.specPath = "experiments/fake.yaml"
  provenance.specHash = "0123456789abcdef0123"
  provenance.dataHashes = ["data/fake_\(dataset).h5": "feedfacefeedfacefeed"]
  provenance.revision = "deadbee"
  provenance.isDirty = true
  provenance.versions = ["swift": "0.0"]
  provenance.machine = "fake machine, 2 cores"
  provenance.seed = seed
  provenance.startedAt = "1970-01-01T00:00:00Z"
  provenance.wallSeconds = 1
  let key = Cell(
    dataset: dataset, extractor: extractor, system: system, preset: isTraditional ? nil : preset,
    balancingFactor: isTraditional ? nil : balancingFactor, repeatIndex: repeatIndex)
  return EvaluationRecord(
    key: key, inputHash: "00ff", isSynthetic: isSynthetic, counts: counts,
    measurements: ["default", "paper-compatible"].flatMap {
      fakeErrorRates(convention: $0, level: level, trials: mated, step: isTraditional ? 3 : 7)
        + fakeAccuracies(convention: $0, level: level, isTraditional: isTraditional)
    },
    curves: ["default": fakeCurve(level: level)], enrolment: nil,
    audit: ["no subject in two partitions"], warnings: [], provenance: provenance)
}

/// FNMR and FMR of three groups at FMR 1e-3, and the AUC; replicates are the value ± up to 20 %. At
/// the lowest level one woman has 30 % of the errors of her group.
private func fakeErrorRates(convention: String, level: Double, trials: Int, step: Int)
  -> [MetricValue]
{
  let groups = [("all", 1.0, trials), ("male", 0.9, trials / 2), ("female", 1.1, trials / 2)]
  let rates = groups.flatMap { group, factor, n in
    let share = group == "female" && level == 0.1 ? 0.3 : 0.1
    func rate(_ quantity: Quantity, _ value: Double, _ trials: Int, people: Int?) -> MetricValue {
      var rate = MetricValue(
        quantity: quantity, group: group, convention: convention,
        rule: convention == "default" ? "conservative" : "nearest_drop", target: 0.001,
        value: value, threshold: 0.25, attainedFMR: 0.000998,
        numerator: Int((value * Double(trials)).rounded()), denominator: trials, people: people,
        lower: value * 0.8, upper: value * 1.2,
        intervalMethod: people == nil ? "percentile" : "wilson",
        replicates: fakeReplicates(around: value, step: step))
      rate.errorShares = fakeShares(
        errors: rate.numerator!, trials: trials, largest: share, people: people ?? n / 10)
      return rate
    }
    return [
      rate(.fnmr, level * factor, n, people: n / 10),
      rate(.fmr, 0.000998, 99 * n, people: nil),
    ]
  }
  let auc = MetricValue(
    quantity: .auc, group: "all", convention: convention, value: 1 - level / 10,
    lower: 1 - level / 8, upper: 1 - level / 12, intervalMethod: "percentile")
  return rates + [auc]
}

/// Errors of ten people, who take as many trials along as everybody: the first causes a share of them,
/// the others what is left as evenly as whole errors can.
private func fakeShares(errors: Int, trials: Int, largest: Double, people: Int) -> ErrorShares {
  let first = Int((Double(errors) * largest).rounded())
  let own = trials / max(people, 1)
  let found = (0..<10).map { person in
    let rest = errors - first
    let caused = person == 0 ? first : rest / 9 + (person <= rest % 9 ? 1 : 0)
    return ErrorShares.Person(subject: person, caused: caused, errors: caused, trials: own)
  }
  return ErrorShares(
    errors: errors, trials: trials, people: found.filter { $0.errors > 0 },
    trialCounts: [own, people])
}

/// 41 replicates from 80 % to 120 % of the value. 41 is prime: another step walks through the same
/// values in another order, as the replicates of another system.
package func fakeReplicates(around value: Double, step: Int = 1) -> Replicates {
  Replicates((0...40).map { value * (0.8 + Double($0 * step % 41) / 100) })
}

private func fakeAccuracies(convention: String, level: Double, isTraditional: Bool)
  -> [MetricValue]
{
  let rules = [
    ("at-0.5", 1 - level / 100), ("best", 1 - level / 200), ("at-fmr-0.001", 1 - level / 50),
    ("reject-all", 0.99),
  ]
  return rules.filter { !isTraditional || $0.0 != "at-0.5" }.flatMap { rule, value in
    let errors = fakeReplicates(around: 1 - value, step: isTraditional ? 3 : 7)
    let accuracy = MetricValue(
      quantity: .accuracy, group: "all", convention: convention, rule: rule, value: value,
      numerator: Int((value * 1_000_000).rounded()), denominator: 1_000_000,
      lower: rule == "reject-all" ? nil : value - 0.0002,
      upper: rule == "reject-all" ? nil : value + 0.0002,
      intervalMethod: rule == "reject-all" ? nil : "percentile",
      replicates: rule == "reject-all"
        ? nil : Replicates(errors.values.map { 1 - $0 }))
    if rule == "reject-all" { return [accuracy] }
    return [
      accuracy,
      MetricValue(
        quantity: .balancedAccuracy, group: "all", convention: convention, rule: rule,
        value: 1 - level / 2),
    ]
  }
}

/// A smooth made-up curve from FMR 1e-5 to 1.
private func fakeCurve(level: Double) -> [CurvePoint] {
  [CurvePoint(fmr: 0, fnmr: 1)]
    + (0...50).map { i in
      let exponent = -5 + Double(i) / 10
      return CurvePoint(
        fmr: pow(10, exponent), fnmr: level * (1 - pow(10, exponent)) * 3 / (6 + exponent))
    }
}

/// Three datasets, two extractors, two presets and the traditional system; the values differ so
/// that mistakes of layout show. MagFace on LFW was not run with the second preset.
package func fakeExperiment(isSynthetic: Bool = false, repeats: Int = 1) -> [EvaluationRecord] {
  var records: [EvaluationRecord] = []
  for (d, dataset) in ["Adience", "ColorFeret", "LFW"].enumerated() {
    for (e, extractor) in ["ArcFace", "MagFace"].enumerated() {
      let level = 0.1 + 0.1 * Double(d) + 0.05 * Double(e)
      for r in 0..<repeats {
        let shift = 0.01 * Double(r)
        records.append(
          fakeRecord(
            dataset: dataset, extractor: extractor, repeatIndex: r, level: level + shift,
            isSynthetic: isSynthetic))
        if dataset != "LFW" || extractor != "MagFace" {
          records.append(
            fakeRecord(
              dataset: dataset, extractor: extractor, preset: "official-code", repeatIndex: r,
              level: level + 0.02 + shift, isSynthetic: isSynthetic))
        }
        records.append(
          fakeRecord(
            dataset: dataset, extractor: extractor, system: "traditional", repeatIndex: r,
            level: level / 2, isSynthetic: isSynthetic))
      }
    }
  }
  return records
}
