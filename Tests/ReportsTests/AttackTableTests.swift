import AttackReports
import Biometrics
import Configurations
import Foundation
import Kernels
import Privacy
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// Tables 3 and 3b and their figures, from records of made-up scores that are attacked for real.
struct AttackTableTests {
  /// Forty targets, half of each gender, against twenty samples. Every model gives its own gender a
  /// higher score (`signal`), and all give female samples more (`offset`).
  func record(
    system: String, share: Double? = nil, signal: Double, offset: Double, kind: ScoreKind,
    hasOwn: Bool = false
  ) throws -> AttackRecord {
    let (targets, samples) = (40, 20)
    let gallery = AttackerGallery(
      dataset: "Other", attribute: "gender", groups: ["male", "female"],
      vectors: FloatMatrix(rows: samples, columns: 4), groupOfSample: (0..<samples).map { $0 % 2 })
    var scores = Matrix64(rows: targets, columns: samples)
    for t in 0..<targets {
      for p in 0..<samples {
        let noise = Double((t * 7 + p * 13) % 11) / 11 - 0.5
        scores[t, p] = (t % 2 == p % 2 ? signal : 0) + (p % 2 == 1 ? offset : 0) + noise / 2
      }
    }
    var configuration = AttackConfiguration()
    configuration.bootstrapReplicates = 50
    configuration.permutations = 50
    configuration.galleryCurve = [5, 10]
    configuration.statistics = [1]
    configuration.attacks = [.a0, .a1, .a2, .a3, .a4, .a5]
    let key = Cell(
      dataset: "LFW", extractor: "ArcFace", system: system,
      preset: system == "mote" ? "paper" : nil,
      balancingFactor: system == "mote" ? 0.5 : nil, attack: AttackedCell(cohortMaleShare: share))
    let report = try GenderInference(configuration).audit(
      AttackInput(
        system: key.attackedSystem, gallery: gallery, scores: scores, kind: kind,
        groupOfTarget: (0..<targets).map { $0 % 2 },
        own: hasOwn
          ? OwnReferences(
            scores: scores.selecting(rows: Array(0..<10)),
            groupOfReference: (0..<10).map { $0 % 2 }) : nil),
      question: BinaryQuestion(first: "male", second: "female", firstGroup: 0))
    let fake = fakeRecord()
    let hash = try JSONDecoder().decode(
      CellFingerprint.self, from: Data(#"{"parts": {"spec cell": "fake"}}"#.utf8))
    return AttackRecord(
      key: key, fingerprint: hash, isSynthetic: false, reports: [report],
      recognition: fake.measurements.filter { $0.convention == "default" }, convention: "default",
      cohort: nil, counts: fake.counts, audit: [], warnings: [], provenance: fake.provenance)
  }

  func records() throws -> AttackRecordSet {
    AttackRecordSet(records: [
      try record(system: "mote", signal: 1, offset: 6, kind: .logit),
      try record(system: "mote", share: 0.5, signal: 1, offset: 0, kind: .logit),
      try record(system: "traditional", signal: 1, offset: 0, kind: .similarity),
      try record(system: "pe-miu-32", signal: 0, offset: 0, kind: .similarity),
    ])
  }

  private func published() throws -> PublishedValues {
    try PublishedValues(folder: repositoryRoot.appendingPathComponent("experiments/published"))
  }

  @Test func everyFormatOfTheTables() throws {
    try expectFormats(table3(try records(), published: try published()))
    try expectFormats(table3b(try records()))
  }

  @Test func theCollapseStandsBesideThePublishedValue() throws {
    let document = table3(try records(), published: try published())
    let main = try #require(document.tables.first)
    #expect(
      main.columns.map(\.title).dropFirst(2) == [
        "MOTE (paper)", "PE-MIU (block 32)", "Traditional",
      ])
    #expect(
      main.rows.map { $0.cells[1].value } == [
        "balanced accuracy", "taken for male", "published", "difference",
      ])
    let mote = main.rows.map { $0.cells[2] }
    #expect(mote[0].value == "50.00" && mote[0].footnotes.contains { $0.hasPrefix("collapse") })
    #expect(mote[1].value == "0.00")
    #expect(mote[2].value == "50.00")
    #expect(mote[3].value == "0.00" && mote[3].detail == "(inside)")
    #expect(main.rows[2].cells[3].value == "90.16")
    #expect(main.rows[0].cells[4].value == "100.00")
    // The cohort's ratio is a row of the details.
    #expect(
      document.tables[1].rows.map { $0.cells[2].value } == [
        "Traditional", "MOTE (paper)", "MOTE (paper), cohort 50 % male", "PE-MIU (block 32)",
      ])
    let tidy = try #require(document.tidy.first { $0.system == "mote" && $0.published != nil })
    #expect(
      tidy.convention == "cohort-as-is" && tidy.isPublishedInside == true
        && tidy.note == "collapse; evaluated here: 100 of the 5,749 people of LFW (1.7 %)")
  }

  @Test func theAuditFindsWhatTheCollapseHides() throws {
    let document = table3b(try records())
    let audit = try #require(document.tables.first)
    #expect(audit.name == "table3b-LFW-ArcFace")
    let mote = try #require(audit.rows.first { $0.cells[0].value == "MOTE (paper)" })
    // A2 ranks by logits: all information is there, and bold.
    #expect(mote.cells[3].value == "1.000" && mote.cells[3].isBold)
    #expect(!mote.cells[1].isBold && mote.cells[1].footnotes.contains { $0.contains("collapses") })
    // What was not carried out says why.
    #expect(mote.cells[9].value == CellFormat.absent)
    #expect(mote.cells[9].footnotes == ["A8: left out by the settings"])
    let sentences = document.tables[1].rows.map { $0.cells[7].value }
    #expect(sentences[0].hasPrefix("Gender inference from traditional templates is possible"))
    #expect(sentences[1].hasPrefix("Gender inference from MOTE (paper) is possible"))
    #expect(sentences[3].contains("PE-MIU (block 32) is not shown to be prevented"))
    #expect(document.tidy.contains { $0.quantity == "attack-auc" && $0.rule == "A5 top-1/raw" })
    #expect(document.tidy.contains { $0.rule?.hasSuffix("gallery 5 per group") == true })
  }

  /// Attackers with references of their own have the main line, those who know other targets a line
  /// below.
  @Test func bothTrainingsHaveALine() throws {
    let attacks = AttackRecordSet(records: [
      try record(system: "mote", signal: 1, offset: 6, kind: .logit, hasOwn: true)
    ])
    let rows = try #require(table3b(attacks).tables.first).rows
    #expect(
      rows.map { $0.cells[0].value } == [
        "MOTE (paper)", "balanced accuracy, %", "learnt from other targets",
      ])
    #expect(rows[2].cells.map(\.value).enumerated().filter { !$0.1.isEmpty }.map(\.0) == [0, 4])
    let tidy = table3b(attacks).tidy
    #expect(tidy.contains { $0.rule == "A3 mean/raw, own references" })
    #expect(tidy.contains { $0.rule == "A3 mean/raw, other targets" })
  }

  /// One value a thousand times as large as the others must not squeeze them into one bar.
  @Test func outliersDoNotSetTheRangeOfDistributions() {
    let bulk = (0..<200).map { Double($0 - 100) * 1e-7 }
    let (exponent, low, high) = centralRange(bulk + [1e-2, -1e-2, 2e-2])
    #expect(exponent == -5)
    #expect(low > -4 && low < -0.9 && high > 0.9 && high < 4)
    let plain = centralRange((0..<101).map { Double($0) / 100 - 0.5 })
    #expect(plain.exponent == 0 && plain.low < -0.48 && plain.high > 0.48)
  }

  @Test func figuresShowBothGroupsAndEverySize() throws {
    let attacks = try records()
    let distributions = attackDistributions(attacks)
    #expect(distributions.map(\.name) == ["attack-distributions-LFW-ArcFace"])
    #expect(
      distributions[0].panels.map { $0[0].title } == [
        "Traditional", "MOTE (paper)", "MOTE (paper), cohort 50 % male",
      ])
    #expect(
      distributions[0].panels[0][0].legend.map(\.text) == [
        "male, 20 targets", "female, 20 targets",
      ])
    let gallery = try #require(attackGallery(attacks).first)
    #expect(
      gallery.panels[0].map(\.yAxis.label) == ["Balanced accuracy, A0", "Two-sided AUC, A1 and A2"])
    #expect(
      gallery.panels.map { $0[0].legend.map(\.text) } == [
        ["Traditional", "MOTE (paper)"], ["Traditional", "PE-MIU (block 32)"],
      ])
    #expect(SVGPlot.text(gallery, output: "attack-gallery").contains("PE-MIU"))
    try expectPrints(distributions + [gallery])
  }

  @Test func anAttackThatFailedStandsInItsTablesWithTheReason() throws {
    let made = try record(system: "traditional", signal: 1, offset: 0, kind: .similarity)
    var cohort = made.key
    (cohort.system, cohort.preset, cohort.balancingFactor) = ("mote", "paper", 0.5)
    let missing = MissingCells(
      title: "", cells: [made.key, cohort],
      failures: [Failure(cell: cohort, message: "no memory")], made: [made.key])
    let attacks = AttackRecordSet(records: [made], missing: missing)
    for document in [table3(attacks, published: .none), table3b(attacks)] {
      for table in document.tables.prefix(2) where !table.name.contains("statements") {
        #expect(table.footnotes.contains("failed: no memory"), "\(table.name)")
        for row in table.rows { #expect(row.cells.count == table.columns.count) }
      }
    }
  }

  /// Two labels that file names cannot hold, and shares and noise that round to the same text.
  @Test func neighbouringNamesShareNeitherFileNorRow() throws {
    var attacked = try record(system: "traditional", signal: 1, offset: 0, kind: .similarity)
    attacked.reports = ["<30", ">30", "20_29", "20-29"].map { label in
      var report = attacked.reports[0]
      report.attribute = "age_group"
      report.question = BinaryQuestion(first: label, second: "not \(label)", firstGroup: 0)
      return report
    }
    let names = table3b(AttackRecordSet(records: [attacked])).tables.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("table3b-LFW-ArcFace-age_group-=3C30"), "\(names)")
    let shares = try [0.5, 0.504, 0.85].map {
      try record(system: "mote", share: $0, signal: 1, offset: 0, kind: .logit)
    }
    let noise = try ["ssnt-euclidean-1e-05", "ssnt-euclidean-2e-05"].map {
      try record(system: $0, signal: 1, offset: 0, kind: .similarity)
    }
    let titles = AttackRecordSet(records: shares + noise).systems.map(\.title)
    #expect(
      titles == [
        "MOTE (paper), cohort 50 % male", "MOTE (paper), cohort 50.4 % male",
        "MOTE (paper), cohort 85 % male", "SSNT (euclidean 1e-05)", "SSNT (euclidean 2e-05)",
      ])
  }

  @Test func anExperimentOfAttacksAloneIsRendered() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let place = folder.appendingPathComponent("records/attacks")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for record in try records().records {
      try RecordFolder.write(
        record, to: place.appendingPathComponent("\(record.key.slug).json").path)
    }
    let rendered = try renderOutputs(
      experiment: folder,
      published: repositoryRoot.appendingPathComponent("experiments/published"))
    let names = rendered.files.map(\.lastPathComponent)
    for name in ["table3.csv", "table3b.md", "attack-gallery.svg", "report.html"] {
      #expect(names.contains(name))
    }
    #expect(!names.contains("table1.csv"))
  }
}
