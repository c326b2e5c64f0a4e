// Figures over the balancing factor: FDR, iGARBE, and FNMR by group.
import Biometrics
import Records
import Results
import Specs

/// The sweep figures of every convention and FMR target: one panel per dataset and extractor (and preset), with
/// interval bands, and the traditional system as a line. Only what has two factors or more.
package func sweepFigures(_ results: RecordSet) -> [Figure] {
  let parts = FairnessPart.parts(results).filter { part in
    part.fixed.count { system in
      part.places.contains { !results.records($0, system).isEmpty }
    } > 1
  }
  return parts.map(\.convention).distinct().flatMap { convention in
    let own = parts.filter { $0.convention == convention }
    return own.map(\.target).distinct().flatMap { target in
      SweepView.all.map {
        SweepFigure(view: $0, parts: own.filter { $0.target == target }).figure()
      }
    }
  }
}

/// What one figure shows.
private struct SweepView {
  let measure: FairnessMeasure
  let title: String
  /// Label of the y axis.
  let axis: String
  /// One series per group; else one of all, whose best value is 1.
  var isByGroup = false

  static let all = [
    SweepView(
      measure: .fdr, title: "Fairness discrepancy rate over the balancing factor",
      axis: "FDR (1 is fair)"),
    SweepView(
      measure: .igarbe, title: "iGARBE over the balancing factor", axis: "iGARBE (1 is fair)"),
    SweepView(
      measure: .fnmr, title: "FNMR by group over the balancing factor", axis: "FNMR",
      isByGroup: true),
  ]
}

/// One figure of one convention and target.
private struct SweepFigure {
  let view: SweepView
  let parts: [FairnessPart]

  private var results: RecordSet { parts[0].results }
  private var convention: String { parts[0].convention }
  private var target: Double { parts[0].target }

  func figure() -> Figure {
    Figure(
      name: "sweep-\(view.measure.quantity.rawValue)" + ConventionText.suffix(convention)
        + PaperTarget.suffix(target),
      title: view.title + ConventionText.addition(convention)
        + (PaperTarget.isPaper(target) ? "" : ", FMR \(CellFormat.target(target))"),
      caption: [
        CaptionSentence(
          "MOTE at FMR = \(CellFormat.target(target)), \(convention) convention, over "
            + "the share of synthetic mated samples from the male density."),
        CaptionSentence(
          "Bands, where every factor has an interval: 95 % intervals of the subject bootstrap, one factor "
            + "at a time; since all factors share subjects and draws, differences between factors are "
            + "better known than overlapping bands suggest.", where: \.hasBands),
        CaptionSentence("No bands, as not every factor has an interval\(lackOfIntervals).") {
          !$0.hasBands
        },
        CaptionSentence(
          view.isByGroup
            ? "Traditional system: thin lines, one per group." : "Traditional system: dashed line."
        ) { $0.names("Traditional") },
        CaptionSentence("Factors chosen per subject: dash-dotted line.") {
          $0.names(SweepFigure.perSubjectName)
        },
      ],
      isSynthetic: results.isSynthetic, panels: panels(),
      provenance: results.provenance)
  }

  private static let perSubjectName = "MOTE, factor per subject"

  /// Why values of factors have no interval, as far as records say it.
  private var lackOfIntervals: String {
    let notes = parts.flatMap { part in
      part.places.flatMap { place in
        part.fixed.flatMap { configuration in
          (view.isByGroup ? part.groups : ["all"]).flatMap { group -> [String] in
            let found = results.at(place, configuration).summary(
              part.query(view.measure.quantity, group: group))
            return found.value != nil && found.lower == nil ? found.notes : []
          }
        }
      }
    }.distinct()
      .map { CaptionSentence.plain($0).replacing(#/^no interval: /#, with: "") }
    guard let first = notes.first else { return "" }
    return notes.count > 1 ? ", e.g. \(first)" : ": \(first)"
  }

  /// Rows: extractor and preset; columns: datasets.
  private func panels() -> [[Plot]] {
    results.extractors.flatMap { extractor in
      parts.map { part in
        results.datasets.map { panel(part, Place(dataset: $0, extractor: extractor)) }
      }
    }
  }

  private func panel(_ part: FairnessPart, _ place: Place) -> Plot {
    let groups = view.isByGroup ? part.groups : ["all"]
    var layers: [PlotLayer] = []
    var legend: [LegendEntry] = []
    var bounds: [Double] = []
    func summary(_ configuration: SystemConfiguration, _ group: String) -> CellSummary {
      results.at(place, configuration).summary(
        part.query(view.measure.quantity, group: group))
    }
    func add(_ name: String, _ style: SeriesStyle, group: String) {
      let points = part.fixed.map { ($0.balancingFactor!, summary($0, group)) }
        .filter { $0.1.value != nil }
      guard !points.isEmpty else { return }
      let lower = points.compactMap(\.1.lower)
      let upper = points.compactMap(\.1.upper)
      if lower.count == points.count {
        layers.append(.band(x: points.map(\.0), lower: lower, upper: upper, style))
      }
      let line = points.map { PlotPoint($0, $1.value!) }
      layers += [.line(line, style), .points(line, style)]
      legend.append(LegendEntry(name, style))
      bounds += line.map(\.y) + lower + upper
    }
    func addLevel(
      _ name: String, _ style: SeriesStyle, _ configuration: SystemConfiguration, group: String
    ) {
      guard let value = summary(configuration, group).value else { return }
      layers.append(.line([PlotPoint(0, value), PlotPoint(1, value)], style.lineAlone))
      legend.append(LegendEntry(name, style.lineAlone))
      bounds.append(value)
    }
    for (g, group) in groups.enumerated() {
      let who = view.isByGroup ? ", \(group)" : ""
      add("MOTE\(who)", .series(g), group: group)
      var style = SeriesStyle.baseline
      style.width = view.isByGroup ? 1 : 1.6
      if g > 0 { style.dash = SeriesStyle.series(g + 2).dash }
      addLevel("Traditional\(who)", style, part.baseline, group: group)
    }
    if !view.isByGroup, let perSubject = part.perSubject {
      var style = SeriesStyle.series(2)
      style.marker = .none
      addLevel(Self.perSubjectName, style, perSubject, group: "all")
    }
    var plot = Plot(
      title: place.title + (part.namesPreset ? " · \(part.preset ?? "")" : ""),
      xAxis: PlotAxis("Balancing factor (male share)", range: -0.02...1.02),
      yAxis: PlotAxis(view.axis, range: range(bounds)), layers: layers, legend: legend)
    if legend.isEmpty {
      plot.message =
        results.has(place) ? "cannot be measured on these data" : "not run"
    }
    return plot
  }

  /// From the best possible value to a little beyond the worst bound.
  private func range(_ bounds: [Double]) -> ClosedRange<Double> {
    if !view.isByGroup {
      let lowest = min(bounds.min() ?? 0, 1 - 1e-5)
      let room = (1 - lowest) * 0.06
      return (lowest - room)...(1 + room)
    }
    let highest = max(bounds.max() ?? 1, 1e-4)
    return 0...(highest * 1.06)
  }
}
