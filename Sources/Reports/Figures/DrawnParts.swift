// What a figure draws, so that its caption speaks of nothing else.

/// What the layers of panels hold, as far as it shows.
package struct DrawnParts: Sendable {
  private let plots: [Plot]

  init(_ panels: [[Plot]]) { plots = panels.flatMap(\.self) }

  /// Whether areas of intervals are drawn.
  package var hasBands: Bool {
    holds { layer, _ in
      if case .band(let x, _, _, _) = layer { x.count > 1 } else { false }
    }
  }

  /// Whether intervals of single values are drawn.
  package var hasIntervals: Bool {
    holds { layer, plot in
      switch layer {
      case .interval(let point, _, _, _): plot.xAxis.range.contains(point.x)
      case .horizontalInterval(let y, _, _, _, _): plot.yAxis.range.contains(y)
      default: false
      }
    }
  }

  /// Whether lines are drawn.
  package var hasLines: Bool {
    holds { layer, _ in
      if case .line(let points, _) = layer { points.count > 1 } else { false }
    }
  }

  /// Whether dotted guides are drawn.
  package var hasGuides: Bool {
    holds { layer, plot in
      switch layer {
      case .verticalGuide(let x, _): plot.xAxis.range.contains(x)
      case .horizontalGuide(let y, _): plot.yAxis.shows(y)
      default: false
      }
    }
  }

  /// Whether marks are drawn beside their x.
  package var hasMarksAside: Bool {
    plots.contains { plot in
      plot.message == nil && plot.ranksAside.values.contains { $0.count > 1 }
    }
  }

  /// Whether a panel has such a title.
  package func hasPanel(_ title: String) -> Bool {
    plots.contains { $0.message == nil && $0.title == title }
  }

  /// Whether a legend has an entry that begins so.
  package func names(_ start: String) -> Bool {
    plots.contains { $0.legend.contains { $0.text.hasPrefix(start) } }
  }

  private func holds(_ isSuch: (PlotLayer, Plot) -> Bool) -> Bool {
    plots.contains { plot in plot.message == nil && plot.layers.contains { isSuch($0, plot) } }
  }
}

/// A sentence of a caption, and what must be drawn for it to be true.
package struct CaptionSentence: Sendable, ExpressibleByStringInterpolation {
  let text: String
  let isTrue: @Sendable (DrawnParts) -> Bool

  /// - Parameter isTrue: whether it holds of what is drawn.
  package init(_ text: String, where isTrue: @escaping @Sendable (DrawnParts) -> Bool) {
    (self.text, self.isTrue) = (text, isTrue)
  }

  /// A sentence that holds whatever is drawn; an empty one is left out.
  package init(_ text: String) { self.init(text) { _ in true } }
  package init(stringLiteral text: String) { self.init(text) }

  /// Of marks that share an x and are drawn beside it.
  package static let sideBySide = CaptionSentence(
    "Marks of one x stand side by side.", where: \.hasMarksAside)

  /// A note of a record for readers who have the caption alone: without the articles that it names.
  static func plain(_ note: String) -> String { note.replacing(#/ \(see [^()]*\)/#, with: "") }
}
