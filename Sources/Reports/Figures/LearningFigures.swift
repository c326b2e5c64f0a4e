// Learning curves (definitions 6.9): losses, learning rate, rejected proxies and own images over the
// epochs, a column per configuration.
import Configurations
import Foundation
import Records
import Results
import Specs

/// A figure per place, of two configurations each.
///
/// - Parameter title: of the experiment; empty: not known.
package func learningFigures(_ records: [LearningRecord], title: String = "") -> [Figure] {
  LearningResults.all(records).flatMap { place in
    stride(from: 0, to: place.records.count, by: 2).map { first in
      let shown = Array(place.records[first..<min(first + 2, place.records.count)])
      let suffix = place.records.count > 2 ? "-\(first / 2 + 1)" : ""
      return LearningFigure(records: shown).figure(
        name: "learning-curves-\(place.stem)\(suffix)", of: place, title: title)
    }
  }
}

/// Configurations beside each other.
private struct LearningFigure {
  let records: [LearningRecord]

  // Dark against light, so that the two losses differ in grey.
  private static let training = SeriesStyle(colour: "#16335f", width: 2.2)
  private static let validation = SeriesStyle(colour: "#e69f00", width: 2.2)
  private static let rate = SeriesStyle(colour: "#444444", width: 1.8)
  private static let people = SeriesStyle(colour: "#16335f", width: 2.4)
  private static let ownThresholds = SeriesStyle(colour: "#e69f00", width: 2.0)
  private static let drawn = SeriesStyle(colour: "#7d9cc6", marker: .circle, width: 0.8)
  private static let worst = SeriesStyle(colour: "#a11d1d", marker: .triangle, width: 1.3)
  private static let dash = "3 2.5"

  func figure(name: String, of place: LearningResults, title: String) -> Figure {
    Figure(
      name: name, title: "Learning curves: \(place.place.dataset), \(place.place.extractor)",
      caption: caption, isSynthetic: records.contains(where: \.isSynthetic),
      panels: [losses, rates, proxies, own].compactMap(\.self),
      provenance: ProvenanceSummary(of: records.map(\.provenance), title: title))
  }

  private var caption: [CaptionSentence] {
    let settings = records.map { LearningText($0).setting }.distinct().joined(separator: " ")
    var sentences: [CaptionSentence] = [
      "\(settings)",
      CaptionSentence(
        "Thin lines are people, shares at one threshold for all networks after as many epochs; thick ones are "
          + "the median of their losses and the mean of their shares, as far as all of them were observed; "
          + "marks lie at each person's restored epoch, shares at one threshold for the restored networks. "
          + "Where no proxy is rejected, lines lie at the lower end of the axis."),
    ]
    if records.contains(where: \.goesBeyondEnd) {
      sentences.append(
        CaptionSentence(
          "Dashed: after early stopping has ended the training (thick lines: of one person or more), which "
            + "is no part of the system."))
    }
    sentences.append(
      CaptionSentence(
        "Dotted: the cosine of the same proxies, one threshold.", where: \.hasGuides))
    if own != nil {
      sentences.append(
        CaptionSentence(
          "Own images are evaluation data, all images of the people drawn or named counting once; shown "
            + "and never chosen by."))
    }
    sentences += records.compactMap { record in
      record.worstOmission.map { CaptionSentence("\(record.key.configuration.title): \($0).") }
    }
    if hasWorst {
      sentences.append(
        "Triangles: people with the most false non-matches in the records of the experiment.")
    }
    return sentences
  }

  private var hasWorst: Bool {
    records.contains { $0.people.contains { $0.recordedErrors != nil } }
  }

  // MARK: - Panels

  private var losses: [Plot] {
    func training(_ epoch: ObservedEpoch) -> Double? { epoch.epoch.trainingLoss }
    func validation(_ epoch: ObservedEpoch) -> Double? { epoch.epoch.validationLoss }
    let values = records.flatMap { record in
      record.people.flatMap { $0.epochs.flatMap { [training($0), validation($0)] } }
    }.compactMap(\.self).filter { $0 > 0 && $0.isFinite }
    let low = max(1e-7, pow(10, floor(log10(values.min() ?? 1e-3))))
    let high = pow(10, ceil(log10(values.max() ?? 1)))
    return records.enumerated().map { column, record in
      var layers: [PlotLayer] = []
      for (value, style) in [(training, Self.training), (validation, Self.validation)] {
        for person in record.people {
          layers += lines(of: person, style.thin, value)
        }
      }
      for (value, style) in [(training, Self.training), (validation, Self.validation)] {
        layers += common(record, style) { epoch in
          middle(record.chosenPeople.compactMap { value($0.epochs[epoch]) }.sorted())
        }
      }
      return plot(
        record, column, title: record.key.configuration.title, height: 125,
        yAxis: PlotAxis("Loss", scale: .log, range: low...max(high, low * 10)), layers)
    }
  }

  private var rates: [Plot] {
    records.enumerated().map { column, record in
      // The schedule is one for all; the longest training shows most of it.
      let longest = record.people.max { $0.epochs.count < $1.epochs.count }!
      let end = record.people.map(\.course.last.number).max()!
      let points = longest.epochs.map {
        PlotPoint(Double($0.epoch.number), record.rateShare($0.epoch))
      }
      let layers =
        parted(points, end: end, Self.rate)
        + marks(record) { record.rateShare($0.course.restored) }
      return plot(
        record, column, height: 85, yAxis: PlotAxis("Rate / maximum", range: 0...1.08), layers)
    }
  }

  /// On a logarithmic axis: single networks reject a hundred times what most do. None is drawn at its lower
  /// end.
  private var proxies: [Plot] {
    let fewest = 1 / Double(records.map(\.training.proxies).max() ?? 1)
    let low = pow(10, floor(log10(fewest)))
    var axis = PlotAxis("Rejected proxies", scale: .log, range: low...1)
    axis.holdsLow = true
    return records.enumerated().map { column, record in
      var layers: [PlotLayer] = [
        .horizontalGuide(y: record.summary.cosine.shared.value, label: "")
      ]
      for person in record.people {
        layers += lines(of: person, person.choice == .worst ? Self.worst : Self.drawn.faint) {
          $0.errors.shared.proxyFNMR
        }
      }
      for (threshold, style) in thresholds {
        layers += common(record, style) { epoch in
          let shares = record.chosenPeople.map {
            threshold.of($0.epochs[epoch].errors).proxyFNMR
          }
          return shares.reduce(0, +) / Double(shares.count)
        }
      }
      layers += marks(record) { $0.restored.shared.proxyFNMR }
      return plot(
        record, column, height: 140, isLast: own == nil, yAxis: axis, layers)
    }
  }

  /// Those of own thresholds below.
  private var thresholds: [(LearningThreshold, SeriesStyle)] {
    [(.own, Self.ownThresholds), (.shared, Self.people)]
  }

  /// Nil: nobody has a further image.
  private var own: [Plot]? {
    guard records.contains(where: { $0.people.contains { $0.furtherImages > 0 } }) else {
      return nil
    }
    var curves: [[PlotLayer]] = []
    var highest = 0.0
    for record in records {
      var layers: [PlotLayer] = []
      for person in record.people where person.choice == .worst && person.furtherImages > 0 {
        func share(_ epoch: ObservedEpoch) -> Double? {
          Double(epoch.errors.shared.falseNonMatches) / Double(person.furtherImages)
        }
        layers += lines(of: person, Self.worst, share)
        highest = max(highest, person.epochs.compactMap(share).max() ?? 0)
      }
      if record.chosenPeople.contains(where: { $0.furtherImages > 0 }) {
        for (threshold, style) in thresholds {
          func pooled(_ epoch: Int) -> Double {
            let (errors, images) = record.ownErrors { threshold.of($0.epochs[epoch].errors) }
            return Double(errors) / Double(images)
          }
          layers += common(record, style, pooled)
          let late = (record.commonEpochs / 5)..<record.commonEpochs
          highest = max(highest, late.map(pooled).max() ?? 0)
        }
      }
      curves.append(layers)
    }
    return records.indices.map { column in
      plot(
        records[column], column, height: 95, isLast: true,
        yAxis: PlotAxis("FNMR, own", range: 0...max(0.02, highest * 1.05)), curves[column])
    }
  }

  // MARK: - Layers

  /// A person's line, dashed beyond the end of the training.
  private func lines(
    of person: LearningCurve, _ style: SeriesStyle, _ value: (ObservedEpoch) -> Double?
  ) -> [PlotLayer] {
    let points = person.epochs.compactMap { epoch in
      value(epoch).map { PlotPoint(Double(epoch.epoch.number), $0) }
    }
    return parted(points, end: person.course.last.number, style)
  }

  /// A line over the epochs that all have in common, of a value by index of the epoch.
  private func common(
    _ record: LearningRecord, _ style: SeriesStyle, _ value: (Int) -> Double
  ) -> [PlotLayer] {
    let points = (0..<record.commonEpochs).map { PlotPoint(Double($0 + 1), value($0)) }
      .filter(\.y.isFinite)
    return parted(points, end: record.earliestEnd, style)
  }

  /// A line that is dashed beyond an epoch.
  private func parted(_ points: [PlotPoint], end: Int, _ style: SeriesStyle) -> [PlotLayer] {
    var line = style
    line.marker = .none
    var dashed = line
    dashed.dash = Self.dash
    let before = points.filter { $0.x <= Double(end) }
    let after = points.filter { $0.x >= Double(end) }
    return [.line(before, line)] + (after.count > 1 ? [.line(after, dashed)] : [])
  }

  /// Marks at the restored epochs; those of the worst lie on top.
  private func marks(_ record: LearningRecord, _ value: (LearningCurve) -> Double) -> [PlotLayer] {
    func points(_ people: [LearningCurve]) -> [PlotPoint] {
      people.map { PlotPoint(Double($0.course.restored.number), value($0)) }
    }
    return [
      .points(points(record.people.filter { $0.recordedErrors == nil }), Self.drawn),
      .points(points(record.people.filter { $0.recordedErrors != nil }), Self.worst),
    ]
  }

  private func plot(
    _ record: LearningRecord, _ column: Int, title: String = "", height: Double,
    isLast: Bool = false, yAxis: PlotAxis, _ layers: [PlotLayer]
  ) -> Plot {
    let last = record.people.map(\.epochs.count).max() ?? 1
    var plot = Plot(
      title: title, xAxis: PlotAxis("Epoch", range: 0...Double(max(2, last + 1))), yAxis: yAxis,
      layers: layers)
    plot.height = 0.6 * height
    plot.xAxis.isShared = !isLast
    if isLast { plot.legend = legend(column) }
    return plot
  }

  /// Below the last row: half of it under either column.
  private func legend(_ column: Int) -> [LegendEntry] {
    var points = Self.drawn
    points.width = 0
    var worst = Self.worst
    worst.width = 0
    let left = [
      LegendEntry("training loss", Self.training),
      LegendEntry("validation loss (development rows, synthetic mated)", Self.validation),
    ]
    var right = [
      LegendEntry("mean over people, one threshold", Self.people),
      LegendEntry("the same, own thresholds", Self.ownThresholds),
      LegendEntry("restored epoch of a person", points),
    ]
    if hasWorst { right.append(LegendEntry("the same, most errors in the records", worst)) }
    if records.count == 1 { return left + right }
    return column == 0 ? left : right
  }
}

extension SeriesStyle {
  /// The same behind other lines.
  fileprivate var faint: SeriesStyle {
    var style = self
    style.opacity = 0.55
    return style
  }

  /// Of one person among many.
  fileprivate var thin: SeriesStyle {
    var style = self
    (style.width, style.opacity) = (0.6, 0.4)
    return style
  }
}
