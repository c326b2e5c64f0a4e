import Foundation
import Results
import TestSupport
import Testing

private let paper = try! PublishedValues(
  folder: repositoryRoot.appendingPathComponent("experiments/published"))

/// The values of the paper were read rightly: what definitions section 8 derives from the printed
/// tables is derived again from the files. Every printed number is an interval of half a unit.
struct PublishedValuesTests {
  private static let cells = ["Adience", "ColorFeret", "LFW"].flatMap { dataset in
    ["ArcFace", "MagFace"].map { (dataset, $0) }
  }

  private func fnmr(_ cell: (String, String), _ system: String, _ group: String) throws
    -> PublishedValue
  {
    try #require(
      paper.value(
        table: "table2", dataset: cell.0, extractor: cell.1, system: system, group: group,
        quantity: "fnmr-at-fmr-0.001"))
  }

  private func fairness(_ cell: (String, String), _ system: String, _ quantity: String) throws
    -> PublishedValue
  {
    try #require(
      paper.value(
        table: "table4", dataset: cell.0, extractor: cell.1, system: system, group: "male-female",
        quantity: quantity, balancingFactor: system == "mote" ? 0.5 : nil))
  }

  /// Ranges of |m − f| and |m − f|/(m + f) that the rounding of Table 2 leaves open.
  private func spread(_ cell: (String, String), _ system: String) throws -> (
    difference: ClosedRange<Double>, gini: ClosedRange<Double>
  ) {
    let male = try fnmr(cell, system, "male")
    let female = try fnmr(cell, system, "female")
    let m = try #require(male.value)
    let f = try #require(female.value)
    let e = male.halfUnit
    let corners = [(-e, -e), (-e, e), (e, -e), (e, e)].map { (m + $0.0, f + $0.1) }
    let differences = corners.map { abs($0.0 - $0.1) }
    let ginis = corners.map { abs($0.0 - $0.1) / ($0.0 + $0.1) }
    let mayBeZero = abs(m - f) <= 2 * e
    return (
      (mayBeZero ? 0 : differences.min()!)...differences.max()!,
      (mayBeZero ? 0 : ginis.min()!)...ginis.max()!
    )
  }

  private func fits(_ range: ClosedRange<Double>, _ printed: PublishedValue) -> Bool {
    printed.mayLie(in: 1 - range.upperBound / 2, 1 - range.lowerBound / 2) == true
  }

  @Test func traditionalFDROfTable4FollowsFromTable2InAllSixCells() throws {
    for cell in Self.cells {
      #expect(
        try fits(spread(cell, "traditional").difference, fairness(cell, "traditional", "fdr")))
    }
  }

  @Test func traditionalIGARBEOfTable4FollowsFromTable2InFourOfSixCells() throws {
    let fitting = try Self.cells.filter {
      try fits(spread($0, "traditional").gini, fairness($0, "traditional", "igarbe"))
    }
    #expect(
      fitting.map { "\($0.0)/\($0.1)" } == [
        "Adience/ArcFace", "Adience/MagFace", "LFW/ArcFace", "LFW/MagFace",
      ])
  }

  @Test func moteFDRAtFactorOneHalfFollowsFromTable2InFiveOfSixCells() throws {
    let failing = try Self.cells.filter {
      try !fits(spread($0, "mote").difference, fairness($0, "mote", "fdr"))
    }
    #expect(failing.map { "\($0.0)/\($0.1)" } == ["Adience/MagFace"])
  }

  @Test func moteIGARBEAtFactorOneHalfIsNowhereAboveWhatTable2Allows() throws {
    for cell in Self.cells {
      let printed = try fairness(cell, "mote", "igarbe")
      let highest = 1 - (try spread(cell, "mote").gini.lowerBound) / 2
      #expect(try #require(printed.value) - printed.halfUnit <= highest)
    }
  }

  @Test func adienceMoteOverallLiesOutsideMaleAndFemale() throws {
    for extractor in ["ArcFace", "MagFace"] {
      let cell = ("Adience", extractor)
      let all = try fnmr(cell, "mote", "all").value!
      let genders = try ["male", "female"].map { try fnmr(cell, "mote", $0).value! }
      #expect(!(genders.min()! - 1e-4...genders.max()! + 1e-4).contains(all))
    }
  }

  @Test func threeMoteAccuraciesLieBelowRejectingEverythingAndOneEqualsIt() throws {
    var below: [String] = []
    var equal: [String] = []
    for (dataset, subjects) in [("Adience", 2284.0), ("ColorFeret", 994), ("LFW", 5749)] {
      #expect(
        paper.values.first {
          $0.table == "text" && $0.dataset == dataset && $0.quantity == "subjects"
        }?.value == subjects)
      for extractor in ["ArcFace", "MagFace"] {
        for system in ["mote", "traditional"] {
          let printed = try #require(
            paper.value(
              table: "table1", dataset: dataset, extractor: extractor, system: system,
              quantity: "accuracy"))
          let rejectAll = 1 - 1 / subjects
          if printed.value! < rejectAll - printed.halfUnit {
            below.append("\(dataset)/\(extractor)/\(system)")
          } else if abs(printed.value! - rejectAll) <= printed.halfUnit {
            equal.append("\(dataset)/\(extractor)/\(system)")
          }
        }
      }
    }
    #expect(below == ["Adience/MagFace/mote", "ColorFeret/MagFace/mote", "LFW/MagFace/mote"])
    #expect(equal == ["Adience/ArcFace/mote"])
  }

  @Test func enrolmentTimesOfTextAndTable5DifferByAConstant() throws {
    for extractor in ["ArcFace", "MagFace"] {
      let means = paper.values.filter {
        $0.table == "table5" && $0.extractor == extractor && $0.system == "mote"
          && $0.quantity == "enrolment-time-mean"
      }.compactMap(\.value)
      #expect(means.count == 3)
      for (quantity, extreme) in [("minimum", means.min()!), ("maximum", means.max()!)] {
        let stated = try #require(
          paper.values.first {
            $0.table == "text" && $0.extractor == extractor
              && $0.quantity == "training-time-\(quantity)-over-datasets"
          }?.value)
        #expect(abs(extreme - stated - 0.452) < 1e-9)
      }
    }
  }

  @Test func moteIsNotConsistentlyFairerInTable4() throws {
    func mote(_ extractor: String, _ quantity: String) -> [Double] {
      paper.values.filter {
        $0.table == "table4" && $0.dataset == "ColorFeret" && $0.extractor == extractor
          && $0.system == "mote" && $0.quantity == quantity
      }.compactMap(\.value)
    }
    let arcFace = try fairness(("ColorFeret", "ArcFace"), "traditional", "igarbe").value!
    let magFace = try fairness(("ColorFeret", "MagFace"), "traditional", "fdr").value!
    #expect(mote("ArcFace", "igarbe").filter { $0 < arcFace }.count == 5)
    #expect(mote("MagFace", "fdr").filter { $0 < magFace }.count == 5)
  }

  @Test func everyCellOfTheFiveTablesIsThere() {
    let counts = Dictionary(grouping: paper.values, by: \.table).mapValues(\.count)
    // 3·2·2; 3·3·4; 3·4; 6·5·2 and 6·2 traditional; 4 storage and 4·3·2 times.
    #expect(counts["table1"] == 12)
    #expect(counts["table2"] == 36)
    #expect(counts["table3"] == 12)
    #expect(counts["table4"] == 72)
    #expect(counts["table5"] == 28)
    let missing = paper.values.filter { $0.value == nil }
    #expect(
      missing.map { "\($0.table) \($0.dataset) \($0.system)" } == ["table3 ColorFeret pfrnet"])
    #expect(missing.allSatisfy { !$0.note.isEmpty })
  }

  @Test func percentBecomesAFractionWithTheRoundingOfThePrintedPlace() throws {
    let value = try #require(
      paper.value(
        table: "table1", dataset: "colorferet", extractor: "arcface", system: "mote",
        quantity: "accuracy"))
    #expect(value.text == "99.992")
    #expect(abs(value.value! - 0.99992) < 1e-15)
    #expect(abs(value.halfUnit - 0.000005) < 1e-18)
    #expect(value.mayLie(in: 0.999924, 1) == true)
    #expect(value.mayLie(in: 0.999926, 1) == false)
  }

  @Test(arguments: [
    ("dataset\nx", "bad.csv:1: no column 'extractor'"),
    ("a,b\n1", "bad.csv:2: found 1 fields, expected 2 as in the header"),
    ("a,a\n1,2", "bad.csv:1: a column name is repeated"),
    ("a,b\n\"1,2\n", "bad.csv:2: a quote is not closed"),
    ("# only a comment\n", "bad.csv:1: no header row"),
    (
      "dataset,extractor,system,group,balancing_factor,quantity,value,unit,note\n"
        + ",,,,,,twelve,1,\n", "bad.csv:2: 'twelve' in column 'value' is not a number"
    ),
  ])
  func badFilesAreRefusedWithTheirPlace(text: String, message: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("bad.csv"))
    let error = #expect(throws: ResultsError.self) { try PublishedValues(folder: folder) }
    #expect(error?.description == message)
  }

  @Test func quotedFieldsKeepCommasQuotesAndLines() throws {
    let csv = try CSVReader(text: "# c\r\na,b\r\n\"x, \"\"y\"\"\n z\",2\r\n\r\n3,4", file: "f.csv")
    #expect(csv.columns == ["a", "b"])
    #expect(csv.rows.map { $0.fields["a"]! } == ["x, \"y\"\n z", "3"])
    #expect(csv.rows.map(\.line) == [3, 6])
  }
}
