// Draws a contact sheet as SVG. Sizes are pixels at 96 per inch.
import Foundation
import Records
import Specs

/// Writes contact sheets as SVG.
package enum SVGContactSheet {
  private static let edge = 14.0
  private static let tile = 62.0
  private static let gap = 3.0
  /// Between the mated and the non-mated half.
  private static let middle = 16.0
  private static let label = 18.0
  private static let lineHeight = tile + 15
  private static let half = 5 * tile + 4 * gap

  /// The sheet as one SVG file; equal sheets give equal bytes.
  package static func text(_ sheet: ContactSheet, output: String) -> String {
    let width = 2 * edge + label + 2 * half + middle
    let textWidth = width - 2 * edge
    var canvas = SVGCanvas()
    var y = edge
    for line in SVGPlot.wrapped(sheet.fullTitle, size: 15, width: textWidth, factor: 1.06) {
      y += 15
      canvas.text(
        line, edge, y, size: 15, weight: "bold", fill: sheet.isSynthetic ? "#a11d1d" : "#222")
      y += 5
    }
    y += 10
    for (i, title) in ["Mated probe", "Non-mated probe"].enumerated() {
      let x = start(of: i)
      canvas.text(title, x + half / 2, y + 8, size: 12, anchor: .middle, weight: "bold")
      for (first, count, name) in [(0, 1, "face"), (1, 2, "MOTE"), (3, 2, "traditional")] {
        let left = x + Double(first) * (tile + gap)
        let right = left + Double(count) * tile + Double(count - 1) * gap
        canvas.text(name, (left + right) / 2, y + 24, size: 10, anchor: .middle)
        if count > 1 { canvas.line(left, y + 28, right, y + 28, stroke: "#888", width: 0.7) }
      }
    }
    y += 32
    for example in sheet.examples {
      canvas.text(
        example.label, edge + 10, y + tile / 2, size: 8, anchor: .middle, fill: "#555",
        rotated: true)
      draw(example.mated, example, sheet, x: start(of: 0), y: y, &canvas)
      draw(example.nonMated, example, sheet, x: start(of: 1), y: y, &canvas)
      y += lineHeight
    }
    y = scale(y, &canvas)
    for line in SVGPlot.wrapped(sheet.fullCaption, size: 11, width: textWidth) {
      y += 11
      canvas.text(line, edge, y, size: 11)
      y += 4
    }
    return canvas.document(
      width: width, height: y + edge, comment: sheet.generatedLine(output: output),
      title: sheet.fullTitle, description: sheet.fullCaption)
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
        canvas.rectangle(place(column), y, tile, tile, fill: "#eee", stroke: "#bbb")
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
        text, place(column) + tile + gap / 2, y + tile + 9.5, size: 8.5, anchor: .middle,
        fill: "#444")
    }
  }

  /// The colour scale; the y below it.
  private static func scale(_ y: Double, _ canvas: inout SVGCanvas) -> Double {
    let (x, width, steps) = (start(of: 0) + tile + gap, 2 * tile + gap, 40)
    for i in 0..<steps {
      let colour = ColourScale.colour((Double(i) + 0.5) / Double(steps))
      canvas.rectangle(
        x + width * Double(i) / Double(steps), y + 2, width / Double(steps) + 0.4, 8,
        fill: String(
          format: "#%02x%02x%02x", Int(colour.x.rounded()), Int(colour.y.rounded()),
          Int(colour.z.rounded())))
    }
    canvas.text("least", x - 5, y + 9.5, size: 9, anchor: .end)
    canvas.text("most relevant", x + width + 5, y + 9.5, size: 9)
    return y + 24
  }
}
