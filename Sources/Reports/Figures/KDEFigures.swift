// Figures of synthetic samples beside real ones (definitions 14), one per dataset, extractor and gender.
import Configurations
import Foundation
import Records
import Results
import Specs

/// Scatter plots, variance along principal axes, and the curve of the bandwidth.
///
/// - Parameter title: of the experiment; empty: not known.
package func kdeFigures(_ records: [KDERecord], title: String = "") -> [Figure] {
  KDEPart.all(of: records).filter { !$0.compared.comparisons.isEmpty }.map { part in
    Figure(
      name: "kde-\(part.stem)", title: "Synthetic samples beside real ones: \(part.title)",
      caption: [
        "\(part.densityText)",
        CaptionSentence(
          "Samples: differences from the reference of \(grouped(part.compared.people)) people whom the "
            + "density has not seen."),
        CaptionSentence(
          "Variances: along the principal axes of the drawn residuals, averaged "
            + "over neighbouring axes; lines are measured on the samples, dots expected from the residuals."
        ) { $0.hasPanel(KDEPart.axisTitle) },
        CaptionSentence("Bandwidth: log-likelihood per held-out residual.") {
          $0.hasPanel(KDEPart.bandwidthTitle)
        },
      ],
      isSynthetic: part.record.isSynthetic,
      panels: part.panels, provenance: ProvenanceSummary(of: [part.record.provenance], title: title)
    )
  }
}

/// Real images dark and round, synthetic samples light and angular.
private let realStyle = SeriesStyle(colour: "#16335f", marker: .circle, width: 1.8)
private let syntheticStyle = SeriesStyle(
  colour: "#e69f00", dash: "7 3", marker: .triangle, width: 1.8)

extension KDEPart {
  fileprivate static let axisTitle = "Variance along principal axes"
  fileprivate static let bandwidthTitle = "Bandwidth"

  fileprivate var panels: [[Plot]] {
    let all = compared.scatter.map(scatter) + [axisPanel, bandwidthPanel].compactMap(\.self)
    return stride(from: 0, to: all.count, by: 2).map {
      Array(all[$0..<min($0 + 2, all.count)])
    }
  }

  private func scatter(_ scatter: SampleScatter) -> Plot {
    func points(_ places: [[Double]]) -> [PlotPoint] {
      places.map { PlotPoint($0[0], $0.count > 1 ? $0[1] : 0) }
    }
    let (real, synthetic) = (points(scatter.real), points(scatter.synthetic))
    let all = real + synthetic
    func range(_ values: [Double]) -> ClosedRange<Double> {
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let margin = max(high - low, 1e-9) * 0.05
      return (low - margin)...(high + margin)
    }
    let isTSNE = scatter.map == .tSNE
    let names = isTSNE ? ("t-SNE 1", "t-SNE 2") : ("Principal axis 1", "Principal axis 2")
    return Plot(
      title: isTSNE ? "t-SNE of all components" : "Principal axes of the residuals",
      xAxis: PlotAxis(names.0, range: range(all.map(\.x))),
      yAxis: PlotAxis(names.1, range: range(all.map(\.y))),
      layers: [
        .points(synthetic, syntheticStyle.pointsAlone), .points(real, realStyle.pointsAlone),
      ],
      legend: [
        LegendEntry("Real: another image − reference, \(real.count)", realStyle.pointsAlone),
        LegendEntry("Synthetic − reference, \(synthetic.count)", syntheticStyle.pointsAlone),
      ])
  }

  private var axisPanel: Plot? {
    guard let density = compared.density, !compared.axes.real.isEmpty else { return nil }
    let scale = pow(density.deviation / density.rowDeviation, 2)
    let residuals = compared.axes.residuals
    let bands = averaged(residuals.count)
    func line(_ squares: [Double]) -> [PlotPoint] {
      bands.map { band in
        PlotPoint(
          Double(band.lowerBound + band.upperBound + 1) / 2,
          band.reduce(0) { $0 + squares[$1] } / Double(band.count))
      }
    }
    let real = line(compared.axes.real)
    let synthetic = line(compared.axes.synthetic)
    let expectedReal = line(residuals.map { 2 * scale * $0 })
    let expectedSynthetic = line(
      zip(residuals, density.noiseVariances(besides: residuals)).map(+))
    // Beyond the rank of the residuals their variances are roundings of 0.
    let all = (real + synthetic + expectedSynthetic + expectedReal).map(\.y)
    let values = all.filter { $0 > 1e-9 * (all.max() ?? 0) }
    let low = pow(10, floor(log10(values.min() ?? 1e-6)))
    let high = pow(10, ceil(log10(values.max() ?? 1)))
    return Plot(
      title: Self.axisTitle,
      xAxis: PlotAxis("Axis", scale: .log, range: 1...Double(max(2, residuals.count))),
      yAxis: PlotAxis("Mean square", scale: .log, range: low...max(high, low * 10)),
      layers: [
        .points(expectedSynthetic, syntheticStyle.pointsAlone),
        .points(expectedReal, realStyle.pointsAlone),
        .line(synthetic, syntheticStyle.lineAlone), .line(real, realStyle.lineAlone),
      ],
      legend: [
        LegendEntry("Real", realStyle.lineAlone),
        LegendEntry("expected: twice the variance of images", realStyle.pointsAlone),
        LegendEntry("Synthetic", syntheticStyle.lineAlone),
        LegendEntry(
          "expected: residuals + kernel" + (density.length == nil ? "" : ", as drawn"),
          syntheticStyle.pointsAlone),
      ])
  }

  /// Ranges of neighbouring axes, as wide as a seventh of their place.
  private func averaged(_ count: Int) -> [Range<Int>] {
    var bands: [Range<Int>] = []
    var first = 0
    while first < count {
      let next = min(count, max(first + 1, Int(Double(first + 1) * 8 / 7)))
      bands.append(first..<next)
      first = next
    }
    return bands
  }

  private var bandwidthPanel: Plot? {
    guard let density = compared.density, !density.candidates.isEmpty else { return nil }
    let d = Double(density.dimension)
    let best = density.logLikelihoods.max() ?? 0
    let low = best - 0.75 * d
    let points = zip(density.candidates, density.logLikelihoods).map { PlotPoint($0, $1) }
    let shown = points.filter { $0.y >= low }
    let alike = density.medianNorm / density.noiseUnit
    let high = best + 0.15 * d
    let values = shown.map(\.x) + [density.bandwidth, alike] + given.map(\.bandwidth)
    let chosenStyle = SeriesStyle(colour: "#e69f00", dash: "7 3", width: 1.8)
    let givenStyle = SeriesStyle(colour: "#2a9d6f", dash: "7 2.5 1.5 2.5", width: 1.6)
    let alikeStyle = SeriesStyle(colour: "#555555", dash: "1.5 2.5", width: 1.4)
    func upright(_ h: Double, _ style: SeriesStyle) -> PlotLayer {
      .line([PlotPoint(h, low), PlotPoint(h, high)], style)
    }
    let searched = density.searchedRows > 0 ? density.searchedRows : density.rows
    var plot = Plot(
      title: Self.bandwidthTitle,
      xAxis: PlotAxis("h", scale: .log, range: (values.min()! / 1.5)...(values.max()! * 1.5)),
      yAxis: PlotAxis("Log-likelihood per residual", range: low...high),
      layers: [upright(alike, alikeStyle), upright(density.bandwidth, chosenStyle)],
      legend: [
        LegendEntry("cross-validated, \(grouped(searched)) residuals", realStyle),
        LegendEntry("chosen h", chosenStyle),
        LegendEntry("noise as long as the median residual", alikeStyle),
      ])
    for (name, bandwidth) in given {
      plot.layers.append(upright(bandwidth, givenStyle))
      plot.legend.append(
        LegendEntry("h = \(significantText(bandwidth, 3)), given by \(name)", givenStyle))
    }
    plot.layers += [
      .line(points, realStyle.lineAlone), .points(shown, realStyle.pointsAlone),
    ]
    return plot
  }
}
