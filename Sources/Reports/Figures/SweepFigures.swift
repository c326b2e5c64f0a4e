// Figures over the balancing factor: FDR, iGARBE, and FNMR by group.
import Biometrics
import Records
import Specs

/// The sweep figures of every convention: one panel per dataset and extractor (and preset), with
/// interval bands, and the traditional system as a line. Only what has two factors or more.
package func sweepFigures(_ results: RecordSet) -> [Figure] {
  let parts = FairnessPart.parts(results).filter { $0.fixed.count > 1 }
  var conventions: [String] = []
  for part in parts where !conventions.contains(part.convention) {
    conventions.append(part.convention)
  }
  return conventions.flatMap { convention in
    let own = parts.filter { $0.convention == convention }
    return [SweepView.fdr, .igarbe, .fnmr].map { SweepFigure(view: $0, parts: own).figure() }
  }
}

/// What one figure shows.
private enum SweepView: String {
  case fdr, igarbe, fnmr

  var measure: FairnessMeasure {
    switch self {
    case .fdr: .fdr
    case .igarbe: .igarbe
    case .fnmr: .fnmr
    }
  }

  var title: String {
    switch self {
    case .fdr: "Fairness discrepancy rate over the balancing factor"
    case .igarbe: "iGARBE over the balancing factor"
    case .fnmr: "FNMR by group over the balancing factor"
    }
  }

  var axis: String {
    switch self {
    case .fdr: "FDR (1 is fair)"
    case .igarbe: "iGARBE (1 is fair)"
    case .fnmr: "FNMR"
    }
  }

  /// Whether 1 is the best value (else 0).
  var isBestAtOne: Bool { self != .fnmr }
}

/// One figure of one convention.
private struct SweepFigure {
  let view: SweepView
  let parts: [FairnessPart]

  private var results: RecordSet { parts[0].results }
  private var convention: String { parts[0].convention }

  func figure() -> Figure {
    Figure(
      name: "sweep-\(view.rawValue)" + ConventionText.suffix(convention),
      title: view.title + ConventionText.addition(convention),
      caption:
        "MOTE at FMR = \(CellFormat.target(parts[0].target)), \(convention) convention, over "
        + "the share of synthetic mated samples from the male density. Bands: 95 % intervals of the "
        + "subject bootstrap, one factor at a time; since all factors share subjects and draws, "
        + "differences between factors are better known than overlapping bands suggest (see the "
        + "tables of paired differences). "
        + (view == .fnmr
          ? "Traditional system: thin lines, one per group."
          : "Traditional system: dashed line"
            + (parts.contains { $0.perSubject != nil }
              ? "; factors chosen per subject: dash-dotted line." : ".")),
      isSynthetic: results.isSynthetic, panels: panels(),
      provenance: ProvenanceSummary(results.records))
  }

  /// Rows: extractor and preset; columns: datasets.
  private func panels() -> [[Plot]] {
    results.extractors.flatMap { extractor in
      parts.map { part in
        results.datasets.map { panel(part, (extractor, $0)) }
      }
    }
  }

  private func panel(
    _ part: FairnessPart, _ place: (extractor: String, dataset: String)
  ) -> Plot {
    let groups = view == .fnmr ? part.groups : ["all"]
    var layers: [PlotLayer] = []
    var legend: [LegendEntry] = []
    var bounds: [Double] = []
    func add(_ name: String, _ style: SeriesStyle, group: String) {
      let points = part.fixed.compactMap { configuration -> SweepPoint? in
        SweepPoint(
          factor: configuration.balancingFactor!,
          part.summary(view.measure, group: group, place.dataset, place.extractor, configuration))
      }
      guard !points.isEmpty else { return }
      if points.allSatisfy({ $0.lower != nil }) {
        layers.append(
          .band(
            x: points.map(\.factor), lower: points.map { $0.lower! },
            upper: points.map { $0.upper! }, style))
      }
      let line = points.map { PlotPoint($0.factor, $0.value) }
      layers += [.line(line, style), .points(line, style)]
      legend.append(LegendEntry(name, style))
      bounds += points.flatMap { [$0.value, $0.lower ?? $0.value, $0.upper ?? $0.value] }
    }
    func addLevel(
      _ name: String, _ style: SeriesStyle, _ configuration: SystemConfiguration, group: String
    ) {
      let summary = part.summary(
        view.measure, group: group, place.dataset, place.extractor, configuration)
      guard let value = summary.value else { return }
      layers.append(.line([PlotPoint(0, value), PlotPoint(1, value)], style))
      legend.append(LegendEntry(name, style))
      bounds.append(value)
    }
    for (g, group) in groups.enumerated() {
      let who = view == .fnmr ? ", \(group)" : ""
      add("MOTE\(who)", .series(g), group: group)
      var style = SeriesStyle.baseline
      style.width = view == .fnmr ? 1 : 1.6
      if g > 0 { style.dash = SeriesStyle.series(g + 2).dash }
      addLevel("Traditional\(who)", style, .traditional, group: group)
    }
    if view != .fnmr, let perSubject = part.perSubject {
      var style = SeriesStyle.series(2)
      style.marker = .none
      addLevel("MOTE, factor per subject", style, perSubject, group: "all")
    }
    var plot = Plot(
      title: "\(place.dataset) · \(place.extractor)"
        + (part.namesPreset ? " · \(part.preset ?? "")" : ""),
      xAxis: PlotAxis("Balancing factor (male share)", range: -0.02...1.02),
      yAxis: PlotAxis(view.axis, range: range(bounds)), layers: layers, legend: legend)
    if legend.isEmpty {
      plot.message =
        results.has(place.dataset, place.extractor) ? "cannot be measured on these data" : "not run"
    }
    return plot
  }

  /// From the best possible value to a little beyond the worst bound.
  private func range(_ bounds: [Double]) -> ClosedRange<Double> {
    if view.isBestAtOne {
      let lowest = min(bounds.min() ?? 0, 1 - 1e-5)
      let room = (1 - lowest) * 0.06
      return (lowest - room)...(1 + room)
    }
    let highest = max(bounds.max() ?? 1, 1e-4)
    return 0...(highest * 1.06)
  }
}

/// A measured factor of a sweep.
private struct SweepPoint {
  let factor: Double
  let value: Double
  let lower: Double?
  let upper: Double?

  /// Nil where there is no value.
  init?(factor: Double, _ summary: CellSummary) {
    guard let value = summary.value else { return nil }
    self.factor = factor
    self.value = value
    lower = summary.lower
    upper = summary.upper
  }
}
