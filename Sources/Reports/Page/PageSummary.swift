import Claims
import Foundation
import Results

/// What the page of an experiment says in short, kept in its head: the index of the results folder is made
/// from it.
struct PageSummary: Codable, Equatable {
  /// Of the `meta` element.
  static let name = "mote-summary"

  /// Of this layout.
  var version = 1
  var title: String
  var isSynthetic: Bool
  var isOnDevelopment: Bool
  /// What was run on what, a line each.
  var run: [String]
  /// Answers to claims that the records give, over all readings.
  var holds: Int
  var doesNotHold: Int
  var cannotBeToldApart: Int
  var notTestable: Int
  /// The first answer with figures, else the first difference; nil: neither.
  var headline: String?
  /// File of the first figure, "figures/figure3.svg", and its title.
  var figure: String?
  var figureTitle: String?

  init(_ contents: PageContents) {
    title = contents.title
    isSynthetic = contents.isSynthetic
    isOnDevelopment = contents.records.developmentMark != nil
    run = contents.runLines()
    let counts = contents.answerCounts
    holds = counts.holds
    doesNotHold = counts.doesNotHold
    cannotBeToldApart = counts.cannotBeToldApart
    notTestable = counts.notTestable
    headline = contents.headline
    let figure = contents.mainFigures().first
    self.figure = figure.map { "figures/\($0.name).svg" }
    figureTitle = figure?.title
  }

  /// JSON in one line.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and integers always encode.
    return String(decoding: try! encoder.encode(self), as: UTF8.self)
  }

  /// The summary in the head of a page; nil where there is none that this program wrote.
  init?(page: String) {
    guard let start = page.range(of: "<meta name=\"\(Self.name)\" content=\""),
      let end = page[start.upperBound...].firstIndex(of: "\"")
    else { return nil }
    let text = page[start.upperBound..<end].replacing("&quot;", with: "\"")
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    guard let found = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)),
      found.version == 1
    else { return nil }
    self = found
  }
}

extension PageContents {
  /// "12 hold, 3 do not hold, 5 cannot be told apart, 40 are not testable".
  var claimCounts: String {
    let counts = answerCounts
    return
      "\(counts.holds) hold, \(counts.doesNotHold) do not hold, \(counts.cannotBeToldApart) cannot "
      + "be told apart, \(counts.notTestable) are not testable, over readings, conventions and places"
  }

  fileprivate var headline: String? {
    if let line = ClaimLine.lines(answers).first(where: \.isAnswered),
      let figure = line.figures(1, namesPlaces: true).texts.first
    {
      return
        "\(line.claim.id), \(line.claim.sentence): \(figure.answer); \(figure.value), \(figure.of)"
    }
    return mainDifferences.flatMap { table in
      table.rows.first { $0.style == .body }.map { "\(table.title): \(PageGist.text($0, table))" }
    }
  }
}
