import Records
import Results
import Specs

/// What everything that was evaluated on development people says of itself: that choices may follow
/// it, and that it is no result on the people of the evaluation part.
struct DevelopmentMark: Sendable {
  /// As titles and notes say it.
  static let text = "evaluated on development people"
  /// As captions and pages say it.
  static let notice =
    "EVALUATED ON DEVELOPMENT PEOPLE, whom choices may follow; the people of the evaluation part take "
    + "no part."

  /// Marks a document, its tables and every number.
  func add(to document: inout ReportDocument) {
    document.title += " (\(Self.text))"
    for i in document.tables.indices {
      document.tables[i].title += " (\(Self.text))"
      document.tables[i].caption = "\(Self.notice) \(document.tables[i].caption)"
    }
    for i in document.tidy.indices {
      let note = document.tidy[i].note
      document.tidy[i].note = note.isEmpty ? Self.text : "\(Self.text); \(note)"
    }
  }

  /// Marks a figure.
  func add(to figure: inout Figure) {
    figure.title += " (\(Self.text))"
    figure.sentences.insert(CaptionSentence(Self.notice), at: 0)
  }
}

extension ExperimentRecords {
  /// Nil where the people of the evaluation part were evaluated.
  var developmentMark: DevelopmentMark? {
    (results.records.map(\.key) + attacks.records.map(\.key)).developmentMark
  }
}

extension [Cell] {
  /// The mark of what is made from these cells; nil where none is of development people.
  var developmentMark: DevelopmentMark? {
    contains { $0.evaluated == .development } ? DevelopmentMark() : nil
  }
}
