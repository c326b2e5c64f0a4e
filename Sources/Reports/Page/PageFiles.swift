import Foundation
import Specs

/// A file that the page offers for download: the bytes of a table or figure as they lie in the results
/// folder, inside the page itself.
package struct PageFile {
  /// In the order in which they are given room; what is last goes first where the page would be too large.
  package enum Kind: Int, CaseIterable {
    case tableCSV, latex, svg, figureCSV, fullLaTeX, pgfplots, caption, pdf

    /// What the link says.
    var title: String {
      switch self {
      case .tableCSV, .figureCSV: "CSV"
      case .latex: "LaTeX"
      case .fullLaTeX: "LaTeX in full"
      case .caption: "LaTeX caption"
      case .svg: "SVG"
      case .pgfplots: "PGFPlots"
      case .pdf: "PDF"
      }
    }

    fileprivate var mediaType: String {
      switch self {
      case .tableCSV, .figureCSV: "text/csv;charset=utf-8"
      case .latex, .fullLaTeX, .pgfplots, .caption: "application/x-tex;charset=utf-8"
      case .svg: "image/svg+xml"
      case .pdf: "application/pdf"
      }
    }
  }

  let kind: Kind
  /// Name of the file, "table2.csv".
  let name: String
  /// Bytes of the file.
  let size: Int
  private let address: String
  /// Bytes of a link besides its address and names.
  private static let frame = 200

  /// A file of text.
  package init(_ kind: Kind, _ name: String, _ text: String) {
    (self.kind, self.name, size) = (kind, name, text.utf8.count)
    address = "data:\(kind.mediaType),\(Self.escaped(text))"
    room = address.utf8.count + Self.frame - PageBudget.kept(in: text)
  }

  /// A file of bytes.
  package init(_ kind: Kind, _ name: String, _ data: Data) {
    (self.kind, self.name, size) = (kind, name, data.count)
    address = "data:\(kind.mediaType);base64,\(data.base64EncodedString())"
    room = address.utf8.count + Self.frame
  }

  /// Bytes that it takes on the page, without the sentence on kept records.
  let room: Int

  /// The link that saves the file.
  package var link: String {
    let name = SVGCanvas.escaped(name)
    return "<a download=\"\(name)\" href=\"\(address)\" title=\"\(name)\">\(kind.title)"
      + "<span class=\"vh\"> \(name)</span> <small>\(sizeText)</small></a>"
  }

  /// "0.9 kB", "132 kB".
  private var sizeText: String {
    let thousands = Double(size) / 1000
    return "\(CellFormat(decimals: thousands < 10 ? 1 : 0).text(thousands)) kB"
  }

  /// Text inside an address inside an attribute: what ends either, what reading an address drops, and
  /// nothing else, so that drawings and tables grow little.
  static func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 9 / 8)
    for byte in text.utf8 {
      switch byte {
      case 0...31, 127, UInt8(ascii: "%"), UInt8(ascii: "#"), UInt8(ascii: "\""),
        UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Which files fit on the page.
package struct PageBudget {
  /// Bytes that a page has at most, as long as its tables and drawings leave that much.
  package static let bytes = 3_000_000

  private let leftOut: Set<String>

  /// The page of a resumed run offers the files that a fresh one's does: sentences on kept records are not
  /// counted, and what digits of times take is lost in a large step.
  ///
  /// - Parameters:
  ///   - files: all that the page could offer.
  ///   - used: bytes of the page without any.
  package init(_ files: [PageFile], used: Int) {
    let (step, sentences) = (50_000, 20_000)
    var room = Self.bytes - sentences - (used + step - 1) / step * step
    var leftOut: Set<String> = []
    for kind in PageFile.Kind.allCases {
      for file in files where file.kind == kind {
        if file.room <= room {
          room -= file.room
        } else {
          leftOut.insert(Self.key(file))
        }
      }
    }
    self.leftOut = leftOut
  }

  /// Bytes of the sentences on kept records in a text.
  static func kept(in text: String) -> Int {
    guard text.contains("records kept from spec hash") else { return 0 }
    return text.matches(of: ProvenanceSummary.keptSentence).reduce(0) { $0 + $1.0.utf8.count }
  }

  private static func key(_ file: PageFile) -> String { "\(file.kind) \(file.name)" }

  /// Whether the page offers the file.
  func holds(_ file: PageFile) -> Bool { !leftOut.contains(Self.key(file)) }

  /// The line of links below a table or figure; files without room are named with their folder.
  package func line(
    _ files: [PageFile], folder: String, output: ReportOutput, label: String = "Files"
  ) -> String {
    guard !files.isEmpty else { return "" }
    let kept = files.filter(holds).map(\.link)
    let others = files.filter { !holds($0) }.map { SVGCanvas.escaped("\(folder)/\($0.name)") }
    let note =
      others.isEmpty
      ? []
      : [
        "<span class=\"left-out\">\(others.joined(separator: ", ")): not inside the page, which would be "
          + "larger than \(Self.bytes / 1_000_000) MB; <code>Harness table -o \(output.rawValue)</code> "
          + "writes them to the results folder</span>"
      ]
    return "<p class=\"files\"><span class=\"label\">\(label)</span> "
      + (kept + note).joined(separator: " ") + "</p>\n"
  }
}
