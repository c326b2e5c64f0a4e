// Figures of the audit: what the printed decision hides, and what a larger gallery is worth.
import AttackReports
import Configurations
import Foundation
import Records
import Results
import Specs

/// d(t) by group for the unprotected vectors and for MOTE: the collapse and the information in one
/// picture. One figure per question, dataset and extractor.
package func attackDistributions(_ attacks: AttackRecordSet) -> [Figure] {
  attacks.questions.flatMap { question in
    attacks.places.compactMap { distributions(attacks, question, $0) }
  }
}

private func distributions(
  _ attacks: AttackRecordSet, _ question: AttackQuestion, _ place: Place
) -> Figure? {
  let panels = distributionRows(attacks, question, place)
  return panels.isEmpty
    ? nil
    : Figure(
      name: "attack-distributions-\(place.dataset)-\(place.extractor)\(question.suffix)",
      title: "Score differences by \(question.title): \(place.dataset), \(place.extractor)",
      caption: [
        CaptionSentence(
          "d(t): mean score of reference t against the attacker's \(question.first) samples "
            + "minus that against the \(question.second) ones, as shares of the group. The printed attack (A0) "
            + "decides by the sign of d, the dotted line."),
        CaptionSentence(
          "Where both groups lie on one side of it the "
            + "decision collapses to 50 % balanced accuracy; what tells the groups apart is that their "
            + "distributions differ."),
        attacks.systems.contains(where: \.isMote)
          ? "MOTE: on probabilities, as printed, and on logits scaled per model." : "",
        "Targets outside, where an axis names some, are counted in the outermost bars.",
      ],
      isSynthetic: attacks.isSynthetic, panels: panels,
      provenance: attacks.provenance)
}

/// The groups' colours: they differ in lightness.
private let groupStyles = [
  SeriesStyle(colour: "#1b4f9c", width: 1, opacity: 0.55),
  SeriesStyle(colour: "#f0a202", width: 1, opacity: 0.55),
]

/// One row per system, so that figures stay as wide as a page.
private func distributionRows(
  _ attacks: AttackRecordSet, _ question: AttackQuestion, _ place: Place
) -> [[Plot]] {
  let shown = attacks.systems.filter { $0.configuration.isTraditional || $0.isMote }
  return shown.compactMap { system in
    guard let report = question.reports(attacks.records(place, system)).first else {
      return nil
    }
    let scales: [(ScoreScale, String)] =
      system.isMote
      ? [(.probability, "probabilities"), (.rawByRow, "logits scaled per model")]
      : [(.raw, "cosines"), (.rawByRow, "cosines scaled per template")]
    let panels = scales.compactMap { scale, name in
      report.differences[scale.rawValue].map {
        histogram(
          $0, isFirst: report.isFirstTarget, question: question, axis: "d(t), \(name)",
          title: system.title)
      }
    }
    return panels.isEmpty ? nil : panels
  }
}

private func histogram(
  _ values: [Double], isFirst: [Bool], question: AttackQuestion, axis: String, title: String
) -> Plot {
  // Probabilities have tails of many orders: their differences are shown in a unit of their size.
  let (shown, low, high) = centralRange(values)
  let unit = shown == 0 ? "" : "unit 1e\(shown), "
  let values = values.map { $0 * pow(10, Double(-shown)) }
  let outside = values.count { $0 < low || $0 > high }
  let bins = min(40, max(12, Int(2 * Double(values.count).squareRoot())))
  let edges = (0...bins).map { low + (high - low) * Double($0) / Double(bins) }
  func heights(_ wanted: Bool) -> [Double] {
    let members = zip(values, isFirst).filter { $0.1 == wanted }.map(\.0)
    var counts = [Double](repeating: 0, count: bins)
    for value in members {
      let place = Int((value - low) / (high - low) * Double(bins))
      counts[min(max(place, 0), bins - 1)] += 1
    }
    return counts.map { $0 / Double(max(members.count, 1)) }
  }
  let (first, second) = (heights(true), heights(false))
  let top = max((first + second).max() ?? 1, 1e-9) * 1.08
  let names = [question.first, question.second]
  return Plot(
    title: title,
    xAxis: PlotAxis(
      axis + (outside == 0 && unit.isEmpty ? "" : " (\(unit)\(outside) outside)"),
      range: low...high),
    yAxis: PlotAxis("Share of the group's targets", range: 0...top),
    layers: [
      .bars(edges: edges, heights: first, groupStyles[0]),
      .bars(edges: edges, heights: second, groupStyles[1]), .verticalGuide(x: 0, label: ""),
    ],
    legend: zip(names, groupStyles).enumerated().map { index, entry in
      let count = isFirst.count { $0 == (index == 0) }
      return LegendEntry("\(entry.0), \(count) targets", entry.1)
    })
}

/// The central part of the values with 0, and the power of ten that makes its size readable.
///
/// At most 98 % of the values, and of those what lies within three interquartile ranges of the
/// quartiles: few outliers must not squeeze the bulk into one bar.
///
/// - Returns: exponent of the unit (0 for values of ordinary size), and the ends in that unit.
package func centralRange(_ values: [Double]) -> (exponent: Int, low: Double, high: Double) {
  let sorted = values.sorted()
  func quantile(_ p: Double) -> Double { sorted[Int((p * Double(sorted.count - 1)).rounded())] }
  let fence = 3 * (quantile(0.75) - quantile(0.25))
  var low = min(max(quantile(0.01), quantile(0.25) - fence), 0)
  var high = max(min(quantile(0.99), quantile(0.75) + fence), 0)
  let margin = max(high - low, 1e-12) * 0.06
  (low, high) = (low - margin, high + margin)
  let size = Int(log10(max(-low, high)).rounded(.down))
  let exponent = size < -2 ? size : 0
  let scale = pow(10, Double(-exponent))
  return (exponent, low * scale, high * scale)
}

/// Success over the size of the attacker's gallery: the printed decision, and the ranking behind it.
/// A row each for MOTE, PE-MIU and the other schemes, with the unprotected vectors in all of them.
package func attackGallery(_ attacks: AttackRecordSet) -> [Figure] {
  attacks.questions.map { question in
    Figure(
      name: "attack-gallery\(question.suffix)",
      title: "Inference of \(question.title) over the size of the attacker's gallery",
      caption: [
        CaptionSentence(
          "Left: balanced accuracy of the printed attack (A0). Right: two-sided AUC of the "
            + "same mean differences, on scores scaled per reference (MOTE: logits, A2; others: A1)."
        ),
        CaptionSentence("0.5 is chance, dotted.", where: \.hasGuides),
        CaptionSentence("Bars: 95 % bootstrap intervals over targets.", where: \.hasIntervals),
        .sideBySide,
      ],
      isSynthetic: attacks.isSynthetic,
      panels: attacks.places.flatMap { place in
        families(attacks).map { systems in
          [
            galleryPanel(attacks, systems, place, question, "Balanced accuracy, A0") { outcomes in
              outcomes.first { $0.attack == .a0 }?.balancedAccuracy
            },
            galleryPanel(attacks, systems, place, question, "Two-sided AUC, A1 and A2") {
              outcomes in
              outcomes.first { $0.variant == "mean/\(ScoreScale.rawByRow.rawValue)" }?.twoSidedAUC
            },
          ]
        }
      }, provenance: attacks.provenance)
  }
}

/// MOTE, PE-MIU and the other schemes, with cohorts as they are; the unprotected vectors stand in
/// front of each.
private func families(_ attacks: AttackRecordSet) -> [[AttackedSystem]] {
  let systems = attacks.systems.filter { $0.cohortMaleShare == nil }
  func isPEMIU(_ system: AttackedSystem) -> Bool {
    system.configuration.system.hasPrefix("pe-miu")
  }
  let unprotected = systems.filter(\.configuration.isTraditional)
  let others = systems.filter { !$0.configuration.isTraditional }
  let families = [
    others.filter(\.isMote), others.filter(isPEMIU),
    others.filter { !$0.isMote && !isPEMIU($0) },
  ].filter { !$0.isEmpty }.map { unprotected + $0 }
  return families.isEmpty ? [unprotected] : families
}

private func galleryPanel(
  _ attacks: AttackRecordSet, _ systems: [AttackedSystem], _ place: Place,
  _ question: AttackQuestion, _ label: String,
  _ value: ([AttackOutcome]) -> Estimate?
) -> Plot {
  var plot = Plot(
    title: place.title,
    xAxis: PlotAxis("Attacker's samples per group", scale: .log, range: sizeRange(attacks)),
    yAxis: PlotAxis(label, range: 0.3...1))
  plot.layers.append(.horizontalGuide(y: 0.5, label: ""))
  let styles = SeriesStyle.styles(of: systems.map(\.configuration))
  for (index, (system, style)) in zip(systems, styles).enumerated() {
    let reports = question.reports(attacks.records(place, system))
    guard let curve = reports.first?.galleryCurve, !curve.isEmpty else { continue }
    var line: [PlotPoint] = []
    for point in curve {
      guard let estimate = value(point.outcomes) else { continue }
      let mark = PlotPoint(Double(point.samplesPerGroup), estimate.value, aside: Double(index))
      line.append(mark)
      plot.layers.append(
        .interval(mark, lower: estimate.lower, upper: estimate.upper, style))
    }
    plot.layers.append(.line(line, style))
    plot.legend.append(LegendEntry(system.title, style))
  }
  if plot.legend.isEmpty { plot.message = "not run" }
  return plot
}

/// Around all gallery sizes of the records, with room for intervals side by side.
private func sizeRange(_ attacks: AttackRecordSet) -> ClosedRange<Double> {
  let sizes = attacks.records.flatMap { record in
    record.reports.flatMap { $0.galleryCurve.map { Double($0.samplesPerGroup) } }
  }
  return (sizes.min() ?? 10) * 0.7...(sizes.max() ?? 500) * 1.45
}
