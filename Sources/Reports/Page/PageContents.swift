import Claims
import Results
import Specs

/// What the page of an experiment is made of; nothing of it is laid out yet.
struct PageContents: Sendable {
  let records: ExperimentRecords
  /// What the records answer to the paper's claims; empty: no claims were read.
  let answers: [ClaimAnswer]
  /// Outputs that stand on the page, in the order of `OutputDeclaration.all`.
  let sections: [PageSection]
  /// Spec, data, seeds and code, of the run that the folder stands for.
  let provenance: ProvenanceSummary

  init(records: ExperimentRecords, answers: [ClaimAnswer], sections: [PageSection]) {
    (self.records, self.answers, self.sections) = (records, answers, sections)
    provenance = ProvenanceSummary(
      of: records.results.records.map(\.provenance) + records.attacks.records.map(\.provenance),
      title: records.title
    ).standing(for: records.run)
  }

  var isSynthetic: Bool { records.results.isSynthetic || records.attacks.isSynthetic }

  /// How often claims were answered, over all readings, conventions and places.
  var answerCounts: AnswerCounts { AnswerCounts(answers.filter { !$0.isUnrecorded }) }

  /// The title of the experiment, with what must be known of its data.
  var title: String {
    let own = provenance.title
    return (isSynthetic ? "SYNTHETIC · " : "")
      + (own.isEmpty ? "MOTE reproduction: \(provenance.experiment)" : own)
      + (records.developmentMark == nil ? "" : " (\(DevelopmentMark.text))")
  }
}

/// One output on the page: its tables, figures and rows of numbers.
struct PageSection: Sendable {
  let output: ReportOutput
  var documents: [ReportDocument] = []
  var figures: [Figure] = []
  /// CSV files beside the tables: name and text.
  var rows: [(name: String, text: String)] = []

  /// What the section is called: as its tables, else as its first figure. That the people are those of
  /// development stands on top of the page.
  var title: String {
    let title = documents.first?.title ?? figures.first?.title ?? output.rawValue
    return title.replacing(" (\(DevelopmentMark.text))", with: "")
  }
}
