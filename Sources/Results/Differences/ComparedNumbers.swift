// The numbers of cells that two results both have, with intervals where draws are shared.
import AttackReports
import Biometrics
import Foundation
import Records
import Specs

/// Numbers of evaluated cells, in the order of the first.
func evaluatedNumbers(
  _ first: [EvaluationRecord], _ second: [EvaluationRecord]
) -> [ResultDifference.Number] {
  repeats(of: first, in: second).flatMap { cell, pairs in
    let unpaired = pairs.lazy.compactMap(whyUnpaired).first
    let otherGroups = pairs.lazy.compactMap(whyOtherGroups).first
    let sides = pairs.map { ($0.0.measurementsByFacet, $0.1.measurementsByFacet) }
    return pairs[0].0.measurements.compactMap { measurement -> ResultDifference.Number? in
      let facet = MeasurementFacet(measurement)
      let a = sides.compactMap { $0.0[facet] }
      let b = sides.compactMap { $0.1[facet] }
      guard a.count == pairs.count, b.count == pairs.count else { return nil }
      let difference = RepeatedDifference(
        of: b, minus: a, unpaired: unpaired ?? (measurement.group == "all" ? nil : otherGroups))
      return ResultDifference.Number(
        cell: cell, name: measurement.name, first: meanOfAll(a.map(\.value)),
        second: meanOfAll(b.map(\.value)), interval: difference?.paired.interval,
        note: difference == nil
          ? "no difference: no value in one of the two" : difference?.paired.note)
    }
  }
}

/// Two-sided areas and balanced accuracies of attacks on cells, in the order of the first.
func attackedNumbers(
  _ first: [AttackRecord], _ second: [AttackRecord]
) -> [ResultDifference.Number] {
  repeats(of: first, in: second).flatMap { cell, pairs in
    let unpaired = pairs.lazy.compactMap { pair in
      whyUnpaired(pair)
        ?? (pair.0.fingerprint?.parts["evaluation audit"]
          == pair.1.fingerprint?.parts["evaluation audit"]
          ? nil : "no interval: not the same draws, what the attacker does with templates differs")
    }.first
    return pairs[0].0.reports.indices.flatMap { question in
      pairs[0].0.reports[question].outcomes.flatMap { outcome in
        let found = pairs.compactMap { pair -> (AttackOutcome, AttackOutcome)? in
          guard question < pair.1.reports.count,
            let a = pair.0.reports[question].outcome(
              outcome.attack, outcome.variant, outcome.training),
            let b = pair.1.reports[question].outcome(
              outcome.attack, outcome.variant, outcome.training)
          else { return nil }
          return (a, b)
        }
        return found.count == pairs.count
          ? attackNumbers(cell, outcome, found, unpaired: unpaired) : []
      }
    }
  }
}

/// The two numbers of one attack by repeat.
private func attackNumbers(
  _ cell: Cell, _ outcome: AttackOutcome, _ pairs: [(AttackOutcome, AttackOutcome)],
  unpaired: String?
) -> [ResultDifference.Number] {
  func number(
    _ name: String, _ value: (AttackOutcome) -> Double,
    _ replicates: (AttackOutcome) -> Replicates?
  ) -> ResultDifference.Number {
    let a = pairs.map { value($0.0) }
    let b = pairs.map { value($0.1) }
    var (interval, note): (ClosedRange<Double>?, String?)
    if let unpaired {
      note = unpaired
    } else if pairs.contains(where: { $0.0.targets != $0.1.targets }) {
      note = "no interval: the two were attacked on different people"
    } else if let x = Replicates(meanOf: pairs.map { replicates($0.0) }),
      let y = Replicates(meanOf: pairs.map { replicates($0.1) }), let drawn = y.minus(x)
    {
      let paired = PairedDifference(
        estimate: mean(b) - mean(a), replicates: drawn.values, range: -1...1)
      (interval, note) = (paired.interval, paired.note)
    } else {
      note = "no interval: the records hold no paired bootstrap replicates"
    }
    return .init(
      cell: cell, name: "\(outcome.attack.rawValue) \(outcome.name): \(name)", first: mean(a),
      second: mean(b), interval: interval, note: note)
  }
  return [
    number("AUC", \.auc.value, \.aucReplicates),
    number("balanced accuracy", \.balancedAccuracy.value, \.balancedAccuracyReplicates),
  ]
}

/// Cells that both have, each with the records of its repeats; in the order of the first.
private func repeats<Record: StoredRecord>(
  of first: [Record], in second: [Record]
) -> [(cell: Cell, pairs: [(Record, Record)])] {
  var order: [Cell] = []
  var pairs: [Cell: [(Record, Record)]] = [:]
  let others = Dictionary(second.map { ($0.key, $0) }) { first, _ in first }
  for record in first {
    guard let other = others[record.key] else { continue }
    var cell = record.key
    cell.repeatIndex = 0
    if pairs[cell] == nil { order.append(cell) }
    pairs[cell, default: []].append((record, other))
  }
  return order.map { ($0, pairs[$0]!) }
}

/// The mean; nil where one has no value.
private func meanOfAll(_ values: [Double?]) -> Double? {
  let found = values.compactMap(\.self)
  return found.count == values.count ? mean(found) : nil
}

/// Why draw b of the one is not draw b of the other; nil: the same people, trials and draws.
private func whyUnpaired(_ pair: (some StoredRecord, some StoredRecord)) -> String? {
  let (a, b) = pair
  guard let x = a.fingerprint?.parts, let y = b.fingerprint?.parts else {
    return "no interval: the records do not tell what they were made from"
  }
  let evaluated = "\(a.key.dataset)/\(a.key.extractor)"
  let parts = [
    ("data \(evaluated)", "the data of \(evaluated)"), ("spec partition", "'partition'"),
    ("data the listed division", "the listed division"), ("spec reference", "the reference"),
    ("spec enrolled", "who is enrolled"), ("spec unlabelled", "'unlabelled'"),
    ("spec seed", "the seed"), ("evaluation bootstrap", "'bootstrap'"),
  ]
  for (part, what) in parts where x[part] != y[part] {
    return "no interval: not the same people and draws, \(what) differs"
  }
  if evaluatedLimit(x) != evaluatedLimit(y) {
    return "no interval: not the same people and draws, 'evaluation_subjects' differs"
  }
  return a.counts.sizes == b.counts.sizes
    ? nil : "no interval: the two were evaluated on different trials"
}

/// Why a group of the one is not that of the other.
private func whyOtherGroups(_ pair: (EvaluationRecord, EvaluationRecord)) -> String? {
  pair.0.fingerprint?.parts["evaluation groups"] == pair.1.fingerprint?.parts["evaluation groups"]
    ? nil : "no interval: people are grouped by something else"
}

/// Most evaluated people; nil: no limit.
private func evaluatedLimit(_ parts: [String: String]) -> Int? {
  parts["spec limits"].flatMap {
    try? JSONDecoder().decode(LimitsSpec.self, from: Data($0.utf8)).evaluationSubjects
  }
}

extension MetricValue {
  /// "fnmr all at FMR 0.001, default".
  fileprivate var name: String {
    let place = target.map { "at FMR \($0)" }
    let words = [quantity.rawValue, group, rule, place].compactMap(\.self).joined(separator: " ")
    return "\(words), \(convention)"
  }
}
