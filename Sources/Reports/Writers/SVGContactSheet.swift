// Draws a contact sheet as SVG: pictures, their scores and the colour scale. Lengths are big points (1/72
// inch); the sheet is as wide as both columns of a paper.
import Foundation
import Records
import Specs

/// Writes contact sheets as SVG.
package enum SVGContactSheet {
  private static let edge = 1.5
  private static let gap = 2.0
  /// Between the mated and the non-mated half.
  private static let middle = 10.0
  private static let label = 11.0
  private static let half = (FigureWidth.full.rawValue - 2 * edge - label - middle) / 2
  private static let tile = (half - 4 * gap) / 5
  private static let lineHeight = tile + 11

  /// The sheet as one SVG file; equal sheets give equal bytes. Title, caption and origin stand in its
  /// metadata.
  package static func text(_ sheet: ContactSheet, output: String) -> String {
    var canvas = SVGCanvas()
    var y = edge
    if sheet.isSynthetic {
      canvas.text(
        FigureLayout.syntheticMark, FigureWidth.full.rawValue / 2, 7, size: FigureText.small,
        anchor: .middle, weight: "bold", fill: "#a11d1d")
      y += FigureText.line
    }
    for (i, title) in ["Mated probe", "Non-mated probe"].enumerated() {
      let x = start(of: i)
      canvas.text(
        title, x + half / 2, y + 7, size: FigureText.name, anchor: .middle, weight: "bold")
      for (first, count, name) in [(0, 1, "face"), (1, 2, "MOTE"), (3, 2, "traditional")] {
        let left = x + Double(first) * (tile + gap)
        let right = left + Double(count) * tile + Double(count - 1) * gap
        canvas.text(
          name, (left + right) / 2, y + 16, size: FigureText.small, anchor: .middle)
        if count > 1 { canvas.line(left, y + 18.5, right, y + 18.5, stroke: "#888", width: 0.5) }
      }
    }
    y += 21
    let labels = FigureText.cut(
      sheet.examples.map(\.label), size: FigureText.small, width: lineHeight + 7)
    for (example, label) in zip(sheet.examples, labels) {
      canvas.text(
        label, edge + 6.5, y + tile / 2, size: FigureText.small, anchor: .middle, fill: "#555",
        rotated: true)
      draw(example.mated, example, sheet, x: start(of: 0), y: y, &canvas)
      draw(example.nonMated, example, sheet, x: start(of: 1), y: y, &canvas)
      y += lineHeight
    }
    y = scale(y, &canvas)
    return canvas.document(
      width: FigureWidth.full.rawValue, height: y.rounded(.up),
      comment: sheet.generatedLine(output: output), title: sheet.fullTitle,
      description: sheet.fullCaption, metadata: sheet.origin)
  }

  private static func start(of half: Int) -> Double {
    edge + label + Double(half) * (Self.half + middle)
  }

  /// Face, then map and overlay of MOTE and of traditional templates, with the scores below.
  private static func draw(
    _ picture: MapPicture, _ example: MapExample, _ sheet: ContactSheet, x: Double, y: Double,
    _ canvas: inout SVGCanvas
  ) {
    let (height, width) = (example.faceShape[0], example.faceShape[1])
    let face =
      picture.face.isEmpty
      ? nil : Picture(height: height, width: width, pixels: picture.face)
    func place(_ column: Int) -> Double { x + Double(column) * (tile + gap) }
    func image(_ picture: Picture?, _ column: Int) {
      if let picture {
        canvas.image(PNGImage.dataURI(picture), place(column), y, tile, tile)
      } else {
        canvas.rectangle(
          place(column), y, tile, tile, fill: "#eee", stroke: "#bbb", strokeWidth: 0.5)
      }
    }
    image(face, 0)
    for (column, map) in [(1, picture.mote), (3, picture.traditional)] {
      func coloured(_ height: Int, _ width: Int) -> Picture {
        Picture(
          map: map, rows: sheet.mapShape[0], columns: sheet.mapShape[1], height: height,
          width: width)
      }
      image(coloured(56, 56), column)
      image(face.map { $0.overlaid(with: coloured(height, width)) }, column + 1)
    }
    let scores = [
      (1, "logit " + CellFormat(decimals: 1).text(picture.logit)),
      (3, "cosine " + CellFormat.twoDecimals.text(picture.cosine)),
    ]
    for (column, text) in scores {
      canvas.text(
        text, place(column) + tile + gap / 2, y + tile + 7.5, size: FigureText.small,
        anchor: .middle, fill: "#444")
    }
  }

  /// The colour scale; the y below it.
  private static func scale(_ y: Double, _ canvas: inout SVGCanvas) -> Double {
    let (x, width, steps) = (start(of: 0) + tile + gap, 2 * tile + gap, 40)
    for i in 0..<steps {
      let colour = ColourScale.colour((Double(i) + 0.5) / Double(steps))
      canvas.rectangle(
        x + width * Double(i) / Double(steps), y + 2, width / Double(steps) + 0.3, 6,
        fill: String(
          format: "#%02x%02x%02x", Int(colour.x.rounded()), Int(colour.y.rounded()),
          Int(colour.z.rounded())))
    }
    canvas.text("least", x - 4, y + 7.5, size: FigureText.small, anchor: .end)
    canvas.text("most relevant", x + width + 4, y + 7.5, size: FigureText.small)
    return y + 11
  }
}
