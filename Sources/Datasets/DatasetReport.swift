import Configurations
import Files
import Foundation

/// A summary of one embedding file that a person can read, with everything the checks found.
///
/// Made for bad files too: what can be computed is shown, and `findings.problems` says what is
/// wrong.
package struct DatasetReport: Sendable {
  package let summary: DatasetSummary
  package private(set) var findings: DatasetFindings
  /// What nearest neighbours say of the labels; nil: not asked for, or the file cannot be used.
  package let audit: NeighbourAudit?
  /// Whether the file is laid out in another way than such files are, so that it must be imported.
  package var isOfOtherLayout: Bool { layoutProblem != nil }
  /// The first problem that comes from it.
  private let layoutProblem: Int?
  /// Whether its vectors tell people apart when rows and columns are swapped, and not as they are.
  package let looksTransposed: Bool
  /// The rows, for comparison with other files; nil: not asked for, or the file cannot be used.
  package let set: EmbeddingSet?

  /// True when the file can be used and nothing speaks against it.
  package var isUsable: Bool { findings.problems.isEmpty && findings.doubts.isEmpty }

  /// "usable", "doubtful" or "not usable".
  package var verdict: String {
    !findings.problems.isEmpty ? "not usable" : findings.doubts.isEmpty ? "usable" : "doubtful"
  }

  /// Says with the problem, or doubt, that comes from the layout which command brings the file in.
  package mutating func add(command: String) {
    func adding(_ text: String) -> String {
      // Before a long list of what the file holds.
      let list = text.range(of: "; the file holds ")?.lowerBound ?? text.endIndex
      return "\(text[..<list]); it comes in with: \(escaped(command))\(text[list...])"
    }
    if let index = layoutProblem, findings.problems.indices.contains(index) {
      findings.problems[index] = adding(findings.problems[index])
    } else if looksTransposed, let index = findings.doubts.indices.last {
      findings.doubts[index] = adding(findings.doubts[index])
    }
  }

  /// Reads and judges a file.
  ///
  /// - Parameters:
  ///   - dataset: name for the published counts; nil: taken from the file's `dataset` attribute, else
  ///     from its name.
  ///   - audits: compares all rows with all rows.
  ///   - workers: threads of the audit, which does not depend on them.
  package init(
    of source: EmbeddingSource, dataset: String? = nil, audits: Bool = false, workers: Int = 1
  ) {
    let contents = DatasetContents(reading: source)
    let name =
      dataset ?? contents.fileAttributes["dataset"]
      ?? URL(fileURLWithPath: source.path).deletingPathExtension().lastPathComponent
    let checked = CheckedDataset(checking: contents, dataset: name)
    var summary = DatasetSummary(checked)
    summary.sha256 = try? SHA256.hex(ofFile: source.path)
    self.summary = summary
    findings = checked.findings
    layoutProblem = contents.layoutProblem
    looksTransposed = checked.looksTransposed
    guard audits, findings.problems.isEmpty, checked.unusableRows.isEmpty,
      let embeddings = contents.embeddings
    else {
      (audit, set) = (nil, nil)
      return
    }
    let set = EmbeddingSet(
      dataset: name, extractor: "", path: source.path, vectors: embeddings, norms: checked.norms,
      subjectOfRow: checked.subjectOfRow, subjects: checked.subjects,
      genderOfSubject: checked.genderOfSubject)
    audit = NeighbourAudit(set, workers: workers)
    self.set = set
  }
}
