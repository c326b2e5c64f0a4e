/// Whether a goal was met, with the figure that decides.
package struct GoalVerdict: Sendable, Equatable {
  package enum Outcome: String, Sendable {
    case met
    case notMet = "not met"
    case notMeasured = "not measured"
  }

  /// The goal in words: "at least 9 × the public code".
  package var goal: String
  /// The figure: "9.41 × (9.02 to 9.77)", or why there is none.
  package var measured: String
  package var outcome = Outcome.notMeasured
  /// The contestant whose figure decides: a peer for ratios, else "ours".
  package var contestant = "ours"

  /// Decides `goal` of `workload` by medians over the rounds.
  package init(_ goal: Goal, of workload: Workload, in set: MeasurementSet) {
    self.goal = goal.words(item: workload.item)
    guard let ours = set.spread(workload, "ours") else {
      measured = set.failure(workload, "ours") ?? "ours did not run"
      return
    }
    let isMet: Bool
    switch goal {
    case .faster(let names, let times, _):
      // The fastest peer is the one over which the median ratio is smallest.
      let candidates = names.compactMap { name in
        set.ratios(workload, peer: name).map { (name: name, ratios: $0) }
      }
      guard let least = candidates.min(by: { $0.ratios.median < $1.ratios.median }) else {
        let reasons = names.compactMap { set.failure(workload, $0) }
        measured = reasons.first ?? "no peer ran"
        return
      }
      contestant = least.name
      measured = Figures.times(least.ratios)
      isMet = least.ratios.median >= times
    case .secondsPerItem(let most):
      measured = Figures.seconds(ours.median)
      isMet = ours.median <= most
    case .itemsPerSecond(let least):
      measured = Figures.rate(1 / ours.median)
      isMet = 1 / ours.median >= least
    case .sameResult(let name, let relative):
      let pairs = GoalVerdict.results(set.rows(workload, "ours"), set.rows(workload, name))
      guard !pairs.isEmpty else {
        measured = set.failure(workload, name) ?? "no result to compare with"
        return
      }
      let worst = pairs.map { abs($0 - $1) / max(abs($1), Double.leastNormalMagnitude) }.max() ?? 0
      measured = worst == 0 ? "identical" : "relative difference \(Figures.scientific(worst))"
      contestant = name
      isMet = worst <= relative
    case .peakBytes(let most):
      let peaks = set.rows(workload, "ours").compactMap { $0.run?.peakBytes }
      guard let peak = peaks.max() else {
        measured = "not reported"
        return
      }
      measured = Figures.bytes(peak)
      isMet = peak <= most
    }
    outcome = isMet ? .met : .notMet
  }

  /// Every result of ours beside the first result of the other.
  private static func results(_ ours: [BenchmarkRow], _ theirs: [BenchmarkRow]) -> [(
    Double, Double
  )] {
    guard let other = theirs.compactMap({ $0.run?.result }).first else { return [] }
    return ours.compactMap { $0.run?.result }.map { ($0, other) }
  }
}

extension Goal {
  /// The goal in words.
  package func words(item: Workload.Item) -> String {
    switch self {
    case .faster(_, let times, let name): "at least \(Figures.plain(times)) × \(name)"
    case .secondsPerItem(let most): "at most \(Figures.seconds(most)) per \(item.rawValue)"
    case .itemsPerSecond(let least): "at least \(Figures.rate(least)) \(item.plural)/s"
    case .sameResult(_, let relative):
      relative == 0 ? "identical result" : "same result to \(Figures.scientific(relative))"
    case .peakBytes(let most): "peak memory at most \(Figures.bytes(most))"
    }
  }
}

extension Workload.Item {
  /// "identities", "scores", …
  package var plural: String {
    switch self {
    case .identity: "identities"
    case .score: "scores"
    case .evaluation: "evaluations"
    case .search: "searches"
    case .bootstrap: "bootstraps"
    case .probe: "probes"
    }
  }
}
