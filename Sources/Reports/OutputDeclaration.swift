// The list of outputs: a new table or figure is an entry here (and a case of `ReportOutput`).
import Biometrics
import Claims
import Records
import Results
import Specs
import Synchronization

/// What the paper prints and claims.
package struct Paper: Sendable {
  package var values: PublishedValues
  package var claims: [Claim]

  /// Nothing is known of the paper.
  package static let none = Paper(values: .none, claims: [])

  package init(values: PublishedValues, claims: [Claim] = []) {
    self.values = values
    self.claims = claims
  }
}

/// What stands beside the records of an experiment: the paper's printed values, and what the records
/// answer to its claims.
struct PaperBeside: Sendable {
  let values: PublishedValues
  let answers: [ClaimAnswer]
  /// Outputs that stand on the page, claims aside, which always do; nil: all that there are records for.
  let onPage: Set<ReportOutput>?
  fileprivate let made = MadeContents()

  init(_ paper: Paper, _ records: ExperimentRecords, onPage: Set<ReportOutput>? = nil) {
    self.onPage = onPage
    values = paper.values
    answers = claimAnswers(paper.claims, records, paper.values)
  }
}

/// One thing that an output is made of.
enum OutputContent: Sendable {
  /// Tables, written as CSV, Markdown and LaTeX.
  case document(ReportDocument)
  /// A drawing, written as SVG and PGFPlots.
  case figure(Figure)
  /// A sheet of pictures, written as SVG.
  case sheet(ContactSheet)
  /// Rows of numbers beside the tables, written as they are: name of the CSV file, its text, and what
  /// stands beside it.
  case rows(String, String, TableMetadata)
  /// The HTML page of the experiment.
  case page(PageContents)
}

/// What outputs of an experiment are made of, each made once: the page shows what files hold.
private final class MadeContents: Sendable {
  private let contents = Mutex<[ReportOutput: [OutputContent]]>([:])

  func contents(of output: ReportOutput, make: () -> [OutputContent]) -> [OutputContent] {
    if let found = contents.withLock({ $0[output] }) { return found }
    let made = make()
    contents.withLock { $0[output] = made }
    return made
  }
}

/// One output: when the records hold something for it, and what it is made of.
package struct OutputDeclaration: Sendable {
  package let output: ReportOutput
  /// Whether it stands on the page of the experiment, too; in the order of the list.
  let isOnPage: Bool
  /// The command that makes its records apart from runs, so that it names their origin and no run; nil:
  /// runs make them. SPEC stands for the path of the spec.
  package let command: String?
  /// Why it is left out where it is not applicable; SPEC stands for the path of the spec.
  let absence: String
  /// Whether the records hold anything that it shows.
  let isApplicable: @Sendable (ExperimentRecords) -> Bool
  private let allContents: @Sendable (ExperimentRecords, PaperBeside) -> [OutputContent]

  init(
    output: ReportOutput, isOnPage: Bool = true,
    absence: String = "the records hold nothing that it shows",
    isApplicable: @escaping @Sendable (ExperimentRecords) -> Bool,
    contents: @escaping @Sendable (ExperimentRecords, PaperBeside) -> [OutputContent]
  ) {
    self.init(
      output, isOnPage, command: nil, absence: absence, isApplicable: isApplicable,
      contents: contents)
  }

  /// One whose records `command` makes; `lack`: what there is not without it.
  init(
    output: ReportOutput, isOnPage: Bool = true, madeBy command: String, lack: String,
    condition: String = "",
    isApplicable: @escaping @Sendable (ExperimentRecords) -> Bool,
    contents: @escaping @Sendable (ExperimentRecords, PaperBeside) -> [OutputContent]
  ) {
    self.init(
      output, isOnPage, command: command, absence: "\(lack), '\(command)' does that\(condition)",
      isApplicable: isApplicable, contents: contents)
  }

  private init(
    _ output: ReportOutput, _ isOnPage: Bool, command: String?, absence: String,
    isApplicable: @escaping @Sendable (ExperimentRecords) -> Bool,
    contents: @escaping @Sendable (ExperimentRecords, PaperBeside) -> [OutputContent]
  ) {
    self.output = output
    self.isOnPage = isOnPage
    self.command = command
    self.absence = absence
    self.isApplicable = isApplicable
    allContents = contents
  }

  /// What the output is made of for these records, which name the run that they stand for, without
  /// tables and figures that show nothing. What may be measured apart from runs names its own.
  func contents(_ records: ExperimentRecords, _ paper: PaperBeside) -> [OutputContent] {
    paper.made.contents(of: output) { make(records, paper) }
  }

  private func make(_ records: ExperimentRecords, _ paper: PaperBeside) -> [OutputContent] {
    let run = command == nil ? records.run : nil
    let mark = command == nil ? records.developmentMark : nil
    return allContents(records, paper).flatMap { content -> [OutputContent] in
      switch content {
      case .document(var document):
        document.tables.removeAll(where: \.isEmpty)
        document.provenance = document.provenance.standing(for: run)
        mark?.add(to: &document)
        return document.tables.isEmpty ? [] : [.document(document)]
      case .figure(var figure):
        // Tables tell what was kept; a figure has room for one line.
        figure.provenance = figure.provenance.standing(for: run, tellsKept: false)
        mark?.add(to: &figure)
        return figure.isEmpty ? [] : figure.pages.map(OutputContent.figure)
      case .sheet, .rows, .page: return [content]
      }
    }
  }

  /// The declaration of an output.
  static func of(_ output: ReportOutput) -> OutputDeclaration {
    all.first { $0.output == output }!
  }

  /// All outputs in the order in which they are rendered.
  package static let all: [OutputDeclaration] = [
    OutputDeclaration(output: .table1) {
      $0.results.holds(.accuracy)
    } contents: {
      published(table1($0.results, published: $1.values))
    },
    OutputDeclaration(output: .table2) {
      $0.results.holds(.fnmr)
    } contents: {
      published(table2($0.results, published: $1.values))
    },
    OutputDeclaration(output: .figure3) {
      $0.results.records.contains { !$0.curves.isEmpty }
    } contents: { records, _ in
      (figure3(records.results) + scoreHistograms(records.results)).map(OutputContent.figure)
    },
    OutputDeclaration(output: .table3) {
      $0.attacks.questions.contains { $0.attribute == "gender" }
    } contents: {
      published(table3($0.attacks, published: $1.values))
    },
    OutputDeclaration(output: .table3b) {
      !$0.attacks.isEmpty
    } contents: { records, _ in
      [.document(table3b(records.attacks))]
    },
    OutputDeclaration(output: .table4) {
      $0.results.holds(.fdr)
    } contents: {
      published(table4($0.results, published: $1.values))
    },
    OutputDeclaration(
      output: .sweep, absence: "it needs MOTE with two balancing factors or more"
    ) {
      !sweepFigures($0.results).isEmpty
    } contents: { records, _ in
      sweepFigures(records.results).map(OutputContent.figure)
    },
    // Nothing to compare where the records hold the two usual conventions alone.
    OutputDeclaration(
      output: .calibration,
      absence: "the records hold no convention besides "
        + ConventionText.usual.joined(separator: " and ")
    ) {
      !Set($0.results.distinct(of: .fdr, \.convention)).isSubset(of: ConventionText.usual)
    } contents: { records, _ in
      [.document(calibrationTable(records.results))]
    },
    OutputDeclaration(
      output: .identification,
      absence: "no searches were made, 'identification: [0.003, 0.01]' in the spec asks for them"
    ) {
      $0.results.holds(.fnir)
    } contents: { records, _ in
      [.document(identificationTable(records.results))]
    },
    OutputDeclaration(output: .attackDistributions) {
      !$0.attacks.isEmpty
    } contents: { records, _ in
      attackDistributions(records.attacks).map(OutputContent.figure)
    },
    OutputDeclaration(output: .attackGallery) {
      $0.attacks.records.contains { $0.reports.contains { !$0.galleryCurve.isEmpty } }
    } contents: { records, _ in
      attackGallery(records.attacks).map(OutputContent.figure)
    },
    OutputDeclaration(
      output: .readings,
      absence: "the run has no readings, or nothing of them was evaluated"
    ) {
      $0.run?.readings != nil && !$0.results.records.isEmpty
    } contents: { records, paper in
      [.document(readingTables(records, answers: paper.answers))]
        + specificationCurves(records).map(OutputContent.figure)
    },
    OutputDeclaration(
      output: .table5, isOnPage: false, madeBy: "Harness measure SPEC",
      lack: "nothing is measured yet"
    ) {
      !$0.costs.isEmpty
    } contents: {
      [
        .document(table5($0.costs, published: $1.values, title: $0.title)),
        .figure(identificationFigure($0.costs, title: $0.title)),
      ]
    },
    OutputDeclaration(
      output: .scale, isOnPage: false, madeBy: "Harness measure SPEC",
      lack: "no numbers of people were measured yet",
      condition: " where the spec has 'cost: scale_people'"
    ) {
      $0.costs.contains { $0.scale != nil }
    } contents: { records, _ in
      [
        .document(scaleTable(records.costs, title: records.title)),
        .figure(scaleFigure(records.costs, title: records.title)),
      ]
    },
    OutputDeclaration(
      output: .figure4, madeBy: "Harness explain SPEC --maps FILE", lack: "nothing is explained yet"
    ) {
      !$0.maps.isEmpty
    } contents: { records, _ in
      [.document(figure4Tables(records.maps, title: records.title))]
        + contactSheets(records.maps, title: records.title).map(OutputContent.sheet)
    },
    OutputDeclaration(
      output: .ablation, absence: "it needs two configurations of MOTE or more"
    ) {
      !$0.ablatedPlaces.isEmpty
    } contents: { records, _ in
      [.document(ablationTable(records)), .figure(ablationFigure(records))]
    },
    OutputDeclaration(
      output: .kde, madeBy: "Harness kde SPEC", lack: "no densities were compared yet"
    ) {
      !$0.kde.isEmpty
    } contents: { records, _ in
      [.document(kdeTable(records.kde, title: records.title))]
        + kdeFigures(records.kde, title: records.title).map(OutputContent.figure)
    },
    OutputDeclaration(
      output: .learningCurves, madeBy: "Harness learning-curves SPEC",
      lack: "no training was observed yet"
    ) {
      !$0.learning.isEmpty
    } contents: { records, _ in
      let document = learningTable(records.learning, title: records.title)
      return [
        .document(document),
        .rows(
          "learning-curves-epochs.csv", LearningCSV.text(records.learning),
          TableMetadata(document)),
      ] + learningFigures(records.learning, title: records.title).map(OutputContent.figure)
    },
    OutputDeclaration(
      output: .claims, absence: "no claims were read from experiments/published/claims.yaml"
    ) { _ in
      true
    } contents: { records, paper in
      paper.answers.isEmpty
        ? [] : [.document(claimsTable(paper.answers, provenance: records.provenance))]
    },
    OutputDeclaration(output: .report, isOnPage: false) { _ in
      true
    } contents: {
      [.page(page($0, $1))]
    },
  ]

  /// A document, and its values beside the paper's where it has some.
  private static func published(_ document: ReportDocument) -> [OutputContent] {
    [.document(document)]
      + publishedFigures(document, name: "dumbbell-\(document.name)").map(OutputContent.figure)
  }

  /// The page: what the applicable declarations that stand on it and were asked for are made of.
  private static func page(_ records: ExperimentRecords, _ paper: PaperBeside) -> PageContents {
    var sections: [PageSection] = []
    for declaration in all
    where declaration.isOnPage && declaration.isApplicable(records)
      && (declaration.output == .claims || paper.onPage?.contains(declaration.output) ?? true)
    {
      var section = PageSection(output: declaration.output)
      for content in declaration.contents(records, paper) {
        switch content {
        case .document(let document): section.documents.append(document)
        case .figure(let figure): section.figures.append(figure)
        case .rows(let name, let text, _): section.rows.append((name, text))
        case .sheet, .page: break
        }
      }
      if !section.documents.isEmpty || !section.figures.isEmpty { sections.append(section) }
    }
    return PageContents(records: records, answers: paper.answers, sections: sections)
  }
}
