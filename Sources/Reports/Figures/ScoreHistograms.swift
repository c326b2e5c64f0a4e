// How scores are distributed: mated and non-mated, by group, with the thresholds.
import Biometrics
import Records
import Results
import Specs

/// A figure per dataset and extractor whose records hold counts of scores: a row per system, a column per
/// group.
package func scoreHistograms(_ results: RecordSet) -> [Figure] {
  results.places.compactMap { place in
    let rows = results.mainConfigurations.compactMap { configuration -> [Plot]? in
      // One training alone: scores of several have no common scale.
      guard let record = results.records(place, configuration).first,
        let histogram = record.histogram
      else { return nil }
      let groups = histogram.counts.filter { $0.group != "all" && $0.mated.contains { $0 > 0 } }
      let shown = groups.isEmpty ? histogram.counts.filter { $0.group == "all" } : groups
      return shown.map { panel(record, histogram, $0, configuration) }
    }
    if rows.isEmpty { return nil }
    return Figure(
      name: "figure3-scores-\(place.dataset)-\(place.extractor)",
      title: "Scores of mated and non-mated comparisons: \(place.title)",
      caption: [
        CaptionSentence(
          "Shares of the mated and of the non-mated comparisons (no self-comparisons; non-mated: "
            + "reference and probe of the group) in bins of equal width (wider where there are few). MOTE: logits; traditional: cosines."
        ),
        CaptionSentence(
          "Dotted: the thresholds, at the FMR that stand beside them, set on all comparisons "
            + "(default convention).", where: \.hasGuides),
        results.repeats > 1 ? "The first training alone." : "",
      ],
      isSynthetic: results.isSynthetic, panels: rows, provenance: results.provenance)
  }
}

private let matedStyle = SeriesStyle(colour: "#1b4f9c", width: 1)
private let nonMatedStyle = SeriesStyle(colour: "#d95f02", dash: "4 1.5", width: 1)

private func panel(
  _ record: EvaluationRecord, _ histogram: ScoreHistogram, _ counts: ScoreHistogram.Counts,
  _ configuration: SystemConfiguration
) -> Plot {
  let counts = counts.pooled
  let bins = counts.mated.count
  let width = (histogram.high - histogram.low) / Double(max(bins, 1))
  let edges = (0...bins).map { histogram.low + Double($0) * max(width, 1e-9) }
  func shares(_ values: [Int]) -> [Double] {
    let total = Double(max(1, values.reduce(0, +)))
    return values.map { Double($0) / total }
  }
  let (mated, nonMated) = (shares(counts.mated), shares(counts.nonMated))
  let top = max((mated + nonMated).max() ?? 1, 1e-9)
  var layers: [PlotLayer] = [
    .bars(edges: edges, heights: nonMated, nonMatedStyle),
    .bars(edges: edges, heights: mated, matedStyle),
  ]
  let thresholds = record.measurements.filter {
    $0.quantity == .fnmr && $0.group == "all"
      && $0.convention == EvaluationConvention.default.name
  }
  for measure in thresholds {
    guard let threshold = measure.threshold, let target = measure.target else { continue }
    layers.append(.verticalGuide(x: threshold, label: CellFormat.target(target)))
  }
  return Plot(
    title: "\(configuration.title), \(counts.group)",
    xAxis: PlotAxis(
      configuration.isTraditional ? "Cosine" : "Logit", range: edges[0]...edges[bins]),
    yAxis: PlotAxis("Share of comparisons", range: 0...(top * 1.12)), layers: layers,
    legend: [
      LegendEntry("mated", matedStyle), LegendEntry("non-mated", nonMatedStyle),
    ])
}

extension ScoreHistogram.Counts {
  /// Neighbouring bins counted together where there are few mated comparisons: about twice the root of
  /// their number remain, 20 at least.
  fileprivate var pooled: ScoreHistogram.Counts {
    let wanted = max(20, Int(2 * Double(mated.reduce(0, +)).squareRoot()))
    let step = [6, 5, 4, 3, 2].first { mated.count % $0 == 0 && mated.count / $0 >= wanted } ?? 1
    func sums(_ values: [Int]) -> [Int] {
      stride(from: 0, to: values.count, by: step).map { values[$0..<$0 + step].reduce(0, +) }
    }
    return ScoreHistogram.Counts(group: group, mated: sums(mated), nonMated: sums(nonMated))
  }
}
