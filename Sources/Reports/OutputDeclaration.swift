// The list of outputs: a new table or figure is an entry here (and a case of `ReportOutput`).
import Biometrics
import Records
import Specs

/// One thing that an output is made of.
enum OutputContent {
  /// Tables, written as CSV, Markdown and LaTeX.
  case document(ReportDocument)
  /// A drawing, written as SVG and PGFPlots.
  case figure(Figure)
  /// The HTML page of the experiment.
  case page(String)
}

/// One output: when the records hold something for it, and what it is made of.
package struct OutputDeclaration: Sendable {
  package let output: ReportOutput
  /// Whether it stands on the page of the experiment, too; in the order of the list.
  var isOnPage = true
  /// Why it is left out where it is not applicable.
  var absence = "the records hold nothing that it shows"
  /// Whether the records hold anything that it shows.
  let isApplicable: @Sendable (ExperimentRecords) -> Bool
  let contents: @Sendable (ExperimentRecords, PublishedValues) -> [OutputContent]

  /// The declaration of an output.
  static func of(_ output: ReportOutput) -> OutputDeclaration {
    all.first { $0.output == output }!
  }

  /// What the output is made of for these records, which name the run that they stand for; costs are
  /// measured apart from runs and name their own.
  func made(_ records: ExperimentRecords, _ published: PublishedValues) -> [OutputContent] {
    let contents = contents(records, published)
    if output == .table5 { return contents }
    return contents.map { content in
      switch content {
      case .document(var document):
        document.provenance = document.provenance.standing(for: records.run)
        return .document(document)
      case .figure(var figure):
        // Tables tell what was kept; a figure has room for one line.
        figure.provenance = figure.provenance.standing(for: records.run, tellsKept: false)
        return .figure(figure)
      case .page: return content
      }
    }
  }

  /// All outputs in the order in which they are rendered.
  package static let all: [OutputDeclaration] = [
    OutputDeclaration(output: .table1) {
      $0.results.holds(.accuracy)
    } contents: {
      [.document(table1($0.results, published: $1))]
    },
    OutputDeclaration(output: .table2) {
      $0.results.holds(.fnmr)
    } contents: {
      [.document(table2($0.results, published: $1))]
    },
    OutputDeclaration(output: .figure3) {
      $0.results.records.contains { !$0.curves.isEmpty }
    } contents: { records, _ in
      figure3(records.results).map(OutputContent.figure)
    },
    OutputDeclaration(output: .table3) {
      $0.attacks.questions.contains { $0.attribute == "gender" }
    } contents: {
      [.document(table3($0.attacks, published: $1))]
    },
    OutputDeclaration(output: .table3b) {
      !$0.attacks.isEmpty
    } contents: { records, _ in
      [.document(table3b(records.attacks))]
    },
    OutputDeclaration(output: .table4) {
      $0.results.holds(.fdr)
    } contents: {
      [.document(table4($0.results, published: $1))]
    },
    OutputDeclaration(output: .sweep) {
      !sweepFigures($0.results).isEmpty
    } contents: { records, _ in
      sweepFigures(records.results).map(OutputContent.figure)
    },
    // Nothing to compare where the records hold the two usual conventions alone.
    OutputDeclaration(output: .calibration) {
      !Set($0.results.distinct(of: .fdr, \.convention)).isSubset(of: ConventionText.usual)
    } contents: { records, _ in
      [.document(calibrationTable(records.results))]
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
      output: .table5, isOnPage: false,
      absence: "nothing is measured yet, 'Harness measure SPEC' does that"
    ) {
      !$0.costs.isEmpty
    } contents: {
      [.document(table5($0.costs, published: $1)), .figure(identificationFigure($0.costs))]
    },
    OutputDeclaration(output: .report, isOnPage: false) { _ in
      true
    } contents: {
      [.page(page($0, $1))]
    },
  ]

  /// The page: what the applicable declarations that stand on it are made of.
  private static func page(_ records: ExperimentRecords, _ published: PublishedValues) -> String {
    var documents: [ReportDocument] = []
    var figures: [Figure] = []
    for declaration in all where declaration.isOnPage && declaration.isApplicable(records) {
      for content in declaration.made(records, published) {
        switch content {
        case .document(let document): documents.append(document)
        case .figure(let figure): figures.append(figure)
        case .page: break
        }
      }
    }
    return HTMLReport.text(
      records.results, attacks: records.attacks, run: records.run, documents: documents,
      figures: figures)
  }
}

extension RecordSet {
  /// Whether any record has a measurement of the quantity.
  fileprivate func holds(_ quantity: Quantity) -> Bool {
    records.contains { $0.measurements.contains { $0.quantity == quantity } }
  }
}
