import Claims
import Foundation
import Records
import Reports
import SpecFiles
import TestSupport
import Testing

private let published = repositoryRoot.appendingPathComponent("experiments/published")

/// The page of records with all their files beside it.
private func withPage(
  _ records: [EvaluationRecord], outputs: [String]? = nil, claims: Bool = true,
  _ body: (String, URL) throws -> Void
) throws {
  try withExperiment(records) { folder in
    _ = try renderOutputs(
      experiment: folder, outputs: outputs, published: published,
      readClaims: { claims ? try Claim.load($0) : [] })
    let page = try String(
      contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    try body(page, folder)
  }
}

/// Records with two balancing factors, so that fairness figures are drawn too.
private func sweep(dataset: String = "LFW") -> [EvaluationRecord] {
  [
    fakeRecord(dataset: dataset), fakeRecord(dataset: dataset, balancingFactor: 0.6, level: 0.2),
    fakeRecord(dataset: dataset, system: "traditional", level: 0.05),
  ]
}

/// Everything behind `name="` of a page.
private func attributes(_ name: String, _ page: String) -> [String] {
  page.matches(of: try! Regex("[\\s]\(name)=\"([^\"]*)\"")).map {
    String($0.output[1].substring!)
  }
}

struct PageTests {
  @Test func theFirstScreenAnswersEveryClaimThatHasRecords() throws {
    try withPage(fakeExperiment()) { page, _ in
      let lead = try #require(page.components(separatedBy: "<details class=\"part\">").first)
      let claims = try Claim.load(published.appendingPathComponent("claims.yaml").path)
      for claim in claims {
        #expect(lead.contains("\(claim.id)</b>") || lead.contains("\(claim.id), "), "\(claim.id)")
      }
      #expect(lead.contains(#/<span class="badge fails">\d+ × does not hold<\/span>/#))
      // Figure and interval of an answer, what it is of, and the border.
      let line = try #require(lead.split(separator: "\n").first { $0.contains("<b>R1</b>") })
      #expect(line.contains("<small>&lt; 0.01 (ours)</small>"), "\(line)")
      #expect(
        line.contains(#/<b>\+0\.\d+ \[[−0-9.]+, [−0-9.]+\]<\/b> MOTE \(paper\), Adience ArcFace/#))
      #expect(lead.contains("100 of the 5,749 people of LFW (1.7 %) evaluated"))
    }
  }

  @Test func withoutClaimsTheMainDifferencesStandFirst() throws {
    try withPage(fakeExperiment(), claims: false) { page, _ in
      let lead = page.components(separatedBy: "<details class=\"part\">")[0]
      let isFirst = lead.contains("<h2>Main differences</h2>") && !lead.contains("<h2>Claims")
      #expect(isFirst)
      let isOfRecognition = lead.contains("Table 2, default convention")
      #expect(isOfRecognition)
    }
  }

  @Test func theMainFiguresStandOnTheFirstScreenAndOnlyThere() throws {
    var records = sweep()
    for i in records.indices {
      records[i].curves["paper-compatible"] = records[i].curves["default"]
      records[i].curves["per-group"] = records[i].curves["default"]
    }
    try withPage(records) { page, _ in
      let lead = page.components(separatedBy: "<details class=\"part\">")[0]
      #expect(lead.components(separatedBy: "<svg ").count == 3)
      for name in ["figure3", "figure3-det"] {
        let id = "figure-\(name)"
        let isOnTop = lead.contains("id=\"\(id)\"")
        #expect(isOnTop && page.components(separatedBy: "id=\"\(id)\"").count == 2)
        #expect(page.contains("<a href=\"#\(id)\">on the first screen</a>"))
      }
      let isBelow = page.contains("id=\"figure-figure3-per-group\"")
      #expect(isBelow && !lead.contains("id=\"figure-figure3-per-group\""))
    }
  }

  @Test func identifiersAreUniqueAndLinksLeadToThem() throws {
    try withPage(fakeExperiment() + sweep(dataset: "Other \"<one>\" & more")) { page, _ in
      let ids = attributes("id", page)
      #expect(ids.count == Set(ids).count && ids.count > 30)
      let links = attributes("href", page).filter { $0.hasPrefix("#") }.map { $0.dropFirst() }
      #expect(links.count > 15)
      for link in links { #expect(ids.contains(String(link)), "\(link)") }
      for name in attributes("aria-labelledby", page) { #expect(ids.contains(name), "\(name)") }
    }
    var identifiers = PageIdentifiers()
    #expect(["a b", "a-b", "9"].map { identifiers.identifier($0) } == ["a-b", "a-b-2", "n9"])
  }

  @Test func namesOfDatasetsNeverBecomeMarkup() throws {
    let name = "Qq\"><script>alert(1)<!--'& {"
    try withPage(sweep(dataset: name), outputs: ["table2", "figure3", "sweep", "report"]) {
      page, _ in
      #expect(page.contains("Qq&quot;&gt;&lt;script&gt;alert(1)&lt;!--'&amp; {"))
      let script = page.range(of: "<script").map { page[..<$0.upperBound].suffix(200) }
      #expect(script == nil)
      #expect(!page.contains("Qq\">"))
      #expect(page.components(separatedBy: "<!--").count == 2)
    }
  }

  @Test func downloadsAreTheFilesOfTheFolder() throws {
    try withPage(sweep()) { page, folder in
      let links = page.matches(of: #/<a download="([^"]+)" href="data:([^",]+),([^"]*)"/#)
      #expect(links.count > 12)
      var kinds: Set<String> = []
      for link in links {
        let name = String(link.output.1)
        let bytes =
          link.output.2.hasSuffix(";base64")
          ? Data(base64Encoded: String(link.output.3))
          : String(link.output.3).removingPercentEncoding.map { Data($0.utf8) }
        let places = ["tables", "figures"].map {
          folder.appendingPathComponent("\($0)/\(name)")
        }.filter { FileManager.default.fileExists(atPath: $0.path) }
        #expect(places.count == 1, "\(name)")
        let file = try Data(contentsOf: places[0])
        #expect(bytes == file, "\(name)")
        kinds.insert(places[0].pathExtension)
      }
      #expect(kinds.isSuperset(of: ["csv", "tex", "svg"]))
      #expect(kinds.contains("pdf") == (VectorConverter() != nil))
      // Every file of a table or figure is there.
      let names = Set(links.map { String($0.output.1) })
      for part in ["tables", "figures"] {
        let files = try FileManager.default.contentsOfDirectory(
          atPath: folder.appendingPathComponent(part).path)
        for file in files
        where ["csv", "tex", "svg", "pdf"].contains((file as NSString).pathExtension) {
          #expect(names.contains(file), "\(file)")
        }
      }
    }
  }

  @Test func whatDoesNotFitIsNamedWithItsFolder() {
    let files = [
      PageFile(.pdf, "a.pdf", Data(repeating: 1, count: 100_000)),
      PageFile(.svg, "a.svg", String(repeating: "x", count: 100_000)),
      PageFile(.pdf, "small.pdf", Data([1, 2])),
    ]
    let line = PageBudget(files, used: PageBudget.bytes - 150_000).line(
      files, folder: "figures", output: .figure3)
    #expect(line.contains("download=\"a.svg\"") && line.contains("download=\"small.pdf\""))
    #expect(!line.contains("download=\"a.pdf\"") && line.contains("figures/a.pdf"))
    #expect(line.utf8.count < 150_000)
    // Whether the file is there or not, this command writes it.
    #expect(line.contains("<code>Harness table -o figure3</code> writes them"))
    let all = PageBudget(files, used: 0).line(files, folder: "figures", output: .figure3)
    #expect(all.contains("download=\"a.pdf\"") && !all.contains("left-out"))
  }

  /// What nobody asked for is not on the page, but for the answers to claims.
  @Test func thePageShowsWhatWasAskedFor() throws {
    try withExperiment(sweep()) { folder in
      for (onPage, hasFigure) in [(["table2", "report"], false), (nil, true)] {
        _ = try renderOutputs(
          experiment: folder, outputs: ["report"], onPage: onPage, published: published,
          readClaims: { try Claim.load($0) })
        let page = try String(
          contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
        #expect(page.contains("id=\"table-table2\"") && page.contains("id=\"claims\""))
        #expect(page.contains("figure-figure3") == hasFigure)
      }
    }
  }

  /// Marks that turn the direction of writing would let a name read as another one.
  @Test func nothingTurnsTheDirectionOfWriting() throws {
    try withPage(sweep(dataset: "ab\u{202E}cd"), outputs: ["table2", "report"]) { page, folder in
      // Files inside the page keep the name.
      let shown = page.replacing(#/href="data:[^"]*"/#, with: "")
      #expect(!shown.contains("\u{202E}") && shown.contains("ab\u{FFFD}cd"))
      let table = try String(
        contentsOf: folder.appendingPathComponent("tables/table2.md"), encoding: .utf8)
      #expect(!table.contains("\u{202E}") && table.contains("ab\u{FFFD}cd"))
    }
  }

  @Test func nothingNamesFoldersOfTheMachine() throws {
    var records = sweep()
    for i in records.indices {
      records[i].provenance.specPath = "/home/someone/secret plans/mine.yaml"
      records[i].provenance.dataHashes = ["/srv/someone/my data/lfw.h5": "feedfacefeedface"]
      records[i].warnings = ["'/srv/someone/my data/lfw.h5': 3 odd rows, see /tmp/someone/odd.txt"]
    }
    try withPage(records) { page, _ in
      #expect(!page.contains("someone") && !page.contains("%2Fsomeone"))
      #expect(page.contains("<td>mine.yaml</td>") && page.contains("lfw.h5 SHA-256"))
      #expect(page.contains("'lfw.h5': 3 odd rows, see odd.txt"))
    }
    #expect(PathText.shown("data/a.h5") == "data/a.h5")
    #expect(PathText.shown("../other/a.h5") == "a.h5")
    #expect(
      PathText.text("1/n, and/or '/embeddings', 3 m/s") == "1/n, and/or '/embeddings', 3 m/s")
  }

  @Test func headingsHaveAnOrderAndTablesAreNamed() throws {
    try withPage(fakeExperiment()) { page, _ in
      let levels = page.matches(of: #/<h([1-6])[ >]/#).map { Int($0.output.1)! }
      #expect(levels.first == 1 && levels.filter { $0 == 1 }.count == 1)
      for (a, b) in zip(levels, levels.dropFirst()) { #expect(b <= a + 1) }
      #expect(page.contains("<html lang=\"en\">"))
      // A region is named by its title, or by the title with the number of its part.
      let regions = page.matches(of: #/role="region"[^>]*>/#).count
      let named = page.matches(of: #/role="region" tabindex="0" aria-label(ledby)?=/#).count
      #expect(regions == named && regions > 5)
      #expect(page.matches(of: #/<th>/#).isEmpty)
      let drawings = page.components(separatedBy: "<svg ").count
      #expect(drawings == page.components(separatedBy: "<svg aria-label=").count && drawings > 1)
    }
  }

  @Test func theColumnThatNamesTheLinesStaysInSight() {
    var table = Table(
      name: "t", title: "T", caption: "", isSynthetic: false,
      columns: ["Dataset", "Group", "Why"].map { TableColumn($0, alignment: .left) }
        + [TableColumn("FNMR")])
    let long = String(repeating: "because ", count: 8)
    table.rows = ["all", "male", "female"].enumerated().map { i, group in
      TableRow([i == 0 ? "LFW" : "", group, "\(i) \(long)", "0.1"].map { TableCell($0) })
    }
    #expect(HTMLTableWriter.keyColumn(table) == 1)
    table.rows = (0..<3).map { _ in TableRow([long, long, long, "0.1"].map { TableCell($0) }) }
    #expect(HTMLTableWriter.keyColumn(table) == nil)
  }

  @Test func wideTablesAreSplitBetweenTheirGroups() {
    var table = Table(
      name: "t", title: "T", caption: "", isSynthetic: false,
      columns: [TableColumn("Dataset", alignment: .left)]
        + (0..<12).map { TableColumn("value", group: "Group \($0 / 3)") })
    table.rows = [
      TableRow(
        [TableCell("LFW")] + (0..<12).map { TableCell("\($0)", detail: "[0.0001, 0.0002] more") })
    ]
    #expect(
      HTMLTableWriter.columnBlocks(table) == [
        [0] + Array(1...3) + Array(4...6), [0] + Array(7...12),
      ])
    let text = HTMLTableWriter.text(table, id: "t")
    #expect(text.contains("aria-label=\"T, part 2 of 2\""))
    #expect(text.components(separatedBy: "<th scope=\"row\" class=\"key\">LFW</th>").count == 3)
    for i in 0..<12 { #expect(text.components(separatedBy: ">\(i) <small>").count == 2) }
    table.columns.removeLast(8)
    table.rows[0].cells.removeLast(8)
    #expect(HTMLTableWriter.columnBlocks(table) == [Array(0...4)])
  }
}
