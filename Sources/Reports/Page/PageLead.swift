// The first screen: what was run on what, what the records answer, the two figures that matter most.
import Configurations
import Records
import Results
import Specs

extension PageContents {
  /// What was run on what, a line each: people of each dataset beside the dataset as published, systems,
  /// spec.
  func runLines() -> [String] {
    let (results, attacks) = (records.results, records.attacks)
    var lines = Self.people(results, "evaluated") + Self.people(attacks, "attacked")
    let systems = (results.systems.map(\.title) + attacks.systems.map(\.title)).distinct()
    if !systems.isEmpty {
      lines.append(
        "Systems: \(Self.first(systems, most: 4))"
          + (results.repeats > 1 ? "; \(results.repeats) trainings of each person" : ""))
    }
    let counts = [
      (results.records.count, "evaluation", "evaluations"),
      (attacks.records.count, "attacked cell", "attacked cells"),
      (records.costs.count, "measurement of costs", "measurements of costs"),
      (records.maps.count, "record of heat maps", "records of heat maps"),
      (records.kde.count, "comparison of densities", "comparisons of densities"),
      (records.learning.count, "learning curve", "learning curves"),
    ].filter { $0.0 > 0 }.map { counted($0.0, $0.1, $0.2) }
    let origin = provenance
    let spec = origin.specPaths.joined(separator: ", ")
    lines.append(
      ([counts.joined(separator: ", ")] + (spec.isEmpty ? [] : ["spec \(spec)"])
        + (origin.seeds.isEmpty
          ? [] : ["seed \(origin.seeds.map(String.init).joined(separator: ", "))"]))
        .filter { !$0.isEmpty }.joined(separator: " · "))
    return lines.filter { !$0.isEmpty }
  }

  /// A line per dataset and extractor.
  private static func people<Record: StoredRecord, System>(
    _ grid: CellGrid<Record, System>, _ what: String
  ) -> [String] {
    let places = grid.records.map { Place($0.key) }.distinct()
    let lines = places.prefix(mostPlaces).map { place in
      let share = grid.publishedShare(place)?.replacing("evaluated here: ", with: "")
      let subjects =
        grid.records.filter { Place($0.key) == place }.map(\.counts.subjects).max() ?? 0
      return "\(place.title): \(share ?? counted(subjects, "person", "people")) \(what)"
        + (grid.isSynthetic ? " (synthetic data)" : "")
    }
    return lines
      + (places.count > mostPlaces ? ["and \(places.count - mostPlaces) more \(what)"] : [])
  }

  private static let mostPlaces = 6

  /// "a, b, c and 4 more".
  private static func first(_ texts: [String], most: Int) -> String {
    texts.prefix(most).joined(separator: ", ")
      + (texts.count > most ? " and \(texts.count - most) more" : "")
  }

  /// Whether a record answers a claim.
  var answersClaims: Bool { answers.contains { !$0.isUnrecorded } }

  /// What answers first: claims, or where no record answers one the main differences between systems, as
  /// the first table of differences has them.
  func answerSection() -> String {
    let claims = claimList()
    if !claims.isEmpty {
      return """
        <h2>Claims of the paper</h2>
        <p class="note">Usual convention (attacks: cohort as it is); brackets: the 95 % interval that the \
        answer rests on.</p>
        \(claims)
        """
    }
    guard let table = mainDifferences else { return "" }
    let rows = table.rows.filter { $0.style == .body }
    let items = rows.prefix(8).map { "<li>\(SVGCanvas.escaped(PageGist.text($0, table)))</li>" }
    return """
      <h2>Main differences</h2>
      <p class="note">\(SVGCanvas.escaped(table.fullTitle))</p>
      <ul class="rest">\(items.joined(separator: "\n"))</ul>

      """
        + (rows.count > items.count
          ? "<p class=\"note\">and \(counted(rows.count - items.count, "line")) more in the table</p>\n"
          : "")
  }

  /// The first table of differences in recognition, else the first of any; nil where none is on the page.
  var mainDifferences: Table? {
    let tables = sections.flatMap { $0.documents.flatMap(\.tables) }
      .filter { $0.name.contains("difference") }
    return tables.first { $0.name.hasPrefix(ReportOutput.table2.rawValue) } ?? tables.first
  }

  /// The two figures that stand on the first screen: the first ROC or DET figure, then the first figure of
  /// the first output of this list that has one; without ROC the first two of the list.
  func mainFigures() -> [Figure] {
    let order: [ReportOutput] = [
      .figure3, .readings, .sweep, .attackGallery, .attackDistributions, .ablation, .kde,
      .learningCurves,
    ]
    let figures = order.map { output in
      sections.filter { $0.output == output }.flatMap(\.figures)
    }
    let firsts = figures.compactMap(\.first)
    let seconds = figures.flatMap { $0.dropFirst() }
    return Array((firsts + seconds).prefix(2))
  }
}
