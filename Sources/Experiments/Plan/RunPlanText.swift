import Configurations
import Records
import Specs

extension RunPlan {
  /// The plan as aligned text: a line per unit, then the totals.
  package var text: String {
    let header = [
      "dataset", "extractor", "system", "repeat", "references", "comparisons", "trainings", "time",
      "state",
    ]
    let rows = units.map { unit in
      [
        unit.key.dataset, unit.key.extractor, unit.key.systemText, "\(unit.key.repeatIndex)",
        grouped(unit.size.references), grouped(unit.size.comparisons), grouped(unit.trainings),
        unit.isCached ? "-" : timeText(unit.seconds),
        unit.reason.map { reason in
          "to do: \(reason)"
            + (unit.scored > 0
              ? "; \(grouped(unit.scored)) of \(grouped(unit.size.references)) references are scored"
              : "")
        } ?? "cached",
      ]
    }
    // Text columns are flush left, numbers flush right.
    let isNumber = [false, false, false, true, true, true, true, true, false]
    let lines = aligned([header] + rows, flushRight: isNumber)
    return (["plan of '\(experiment)'", ""] + lines + [""] + totals).joined(separator: "\n")
  }

  private var totals: [String] {
    let open = toDo
    func sum(_ value: (Unit) -> Int) -> String { grouped(open.reduce(0) { $0 + value($1) }) }
    var time = timeText(seconds)
    if isCalibrated {
      if open.contains(where: { $0.seconds == nil }) { time = "more than " + time }
      time += " on \(cores)"
    }
    var rows = readings.map { [["readings", readingsText($0)]] } ?? []
    rows += [
      ["units to do", "\(open.count) of \(units.count)"],
      ["comparisons", sum(\.size.comparisons)],
      ["trainings", sum(\.trainings)],
      ["time", open.isEmpty ? "none" : time],
    ]
    if secondsError > 0 {
      rows.append([
        "within",
        "\(durationText(max(0, seconds - 2 * secondsError))) to "
          + "\(durationText(seconds + 2 * secondsError)): two standard errors, epochs of "
          + "\(counted(enrolled, "person", "people"))",
      ])
    }
    if let division {
      rows.append([
        "\(division.shards) shards",
        "at most \(durationText(division.shardSeconds)) each on \(cores) of its own, then "
          + "\(durationText(division.mergeSeconds)) for merging",
      ])
    }
    rows.append(["peak memory", byteText(peakBytes)])
    if repeatMore.trainings > 0 {
      rows.append([
        "a repeat more",
        "\(grouped(repeatMore.trainings)) trainings, \(timeText(repeatMore.seconds))",
      ])
    }
    let rates = assignments.map { system, rate in
      [system, "\(grouped(Int(rate))) comparisons a second and core"]
    }
    return aligned(rows + rates, flushRight: [false, false])
  }

  /// "2 free cores".
  private var cores: String { "\(workers) free core\(workers == 1 ? "" : "s")" }

  /// "34, which share 26 configurations; 8 of the readings are of the sample".
  private func readingsText(_ readings: ReadingsSpec) -> String {
    let distinct = readings.distinct
    let sampled = distinct.count { $0.contains(where: \.isSampled) }
    let configurations = readings.configurations.count
    return "\(distinct.count), which share \(counted(configurations, "configuration"))"
      + (sampled > 0 ? "; \(sampled) of the readings are of the sample" : "")
  }

  private func timeText(_ seconds: Double?) -> String {
    guard isCalibrated else { return "not calibrated" }
    return seconds.map(durationText) ?? "not measured"
  }
}

extension Cell {
  /// "traditional", "mote paper 0.5".
  var systemText: String {
    [
      system, preset, reference.map { "\($0.rawValue) reference" }, balancingFactor.map { "\($0)" },
      balancingRule, attack?.cohortMaleShare.map { "cohort \($0) male" },
      attack == nil ? nil : "attacked",
    ].compactMap { $0 }.joined(separator: " ")
  }
}
