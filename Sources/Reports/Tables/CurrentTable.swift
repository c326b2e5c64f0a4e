import Claims
import Configurations
import Foundation
import Records
import Results

/// A table as the records make it now, beside which the rows of its CSV file are held.
struct CurrentTable {
  private let rows: [[String: String]]
  /// The rows by what they are about.
  private let byKey: [String: [[String: String]]]
  /// What stands beside the file.
  private let metadata: TableMetadata

  /// - Parameters:
  ///   - table: the CSV file, in the folder `tables` of an experiment.
  ///   - records: of its experiment; nil: the file gathers the claims of all experiments, whose folders lie
  ///     beside it.
  ///   - paper: what stands beside the records.
  /// - Throws: `ResultsError` where records are missing or damaged, or make no such table.
  init(_ table: URL, of records: ExperimentRecords?, paper: Paper) throws {
    let name = table.deletingPathExtension().lastPathComponent
    let document =
      try records.map { Self.document(name, $0, paper) }
      ?? GatheredClaims(results: table.deletingLastPathComponent(), paper: paper).document
    guard let document else {
      throw ResultsError.badTable(
        file: table.relativePath, line: 1,
        reason: "the records of the experiment make no table of this name")
    }
    let text = CSVWriter.text(document)
    rows = try CSVReader(text: text, file: table.relativePath).rows.map(\.fields)
    byKey = Dictionary(grouping: rows, by: Self.key)
    metadata = TableMetadata(document)
  }

  /// What is wrong with the file as a whole: what stands beside it, rows that it lacks or has too often;
  /// nil: nothing.
  ///
  /// - Parameters:
  ///   - table: the file.
  ///   - found: its rows that fit what is asked for.
  ///   - fits: whether a row does.
  func problem(
    of table: URL, rows found: [[String: String]], fits: ([String: String]) -> Bool
  ) -> String? {
    if let difference = metadata.difference(from: TableMetadata.file(beside: table)) {
      return difference + ": render the table again"
    }
    let counts = Dictionary(grouping: found, by: Self.key).mapValues(\.count)
    for row in rows where fits(row) {
      let key = Self.key(row)
      let (has, expected) = (counts[key] ?? 0, byKey[key]!.count)
      if has == expected { continue }
      let about = Self.identity.compactMap { column in
        row[column].flatMap { $0.isEmpty ? nil : "\(column) \($0)" }
      }
      return
        "it has \(has) of \(counted(expected, "row", "rows")) of \(about.joined(separator: ", ")): "
        + "render the table again"
    }
    return nil
  }

  private static func document(
    _ name: String, _ records: ExperimentRecords, _ paper: Paper
  ) -> ReportDocument? {
    let beside = PaperBeside(paper, records)
    // Most documents are named like their outputs.
    let all =
      OutputDeclaration.all.filter { $0.output.rawValue == name }
      + OutputDeclaration.all.filter { $0.output.rawValue != name && $0.output != .report }
    for declaration in all where declaration.isApplicable(records) {
      for case .document(let document) in declaration.contents(records, beside)
      where document.name == name {
        return document
      }
    }
    return nil
  }

  /// How a row of the file differs from what the records give; nil: not at all.
  func problem(of row: [String: String]) -> String? {
    let alike = byKey[Self.key(row)] ?? []
    let differing = alike.map { current in
      current.keys.filter { !Self.isSame(current[$0], row[$0]) }
    }
    guard let best = differing.indices.min(by: { differing[$0].count < differing[$1].count })
    else { return "the records give no such row: render the table again" }
    if differing[best].isEmpty { return nil }
    let columns = CSVWriter.columns.filter(differing[best].contains)
    return columns.map { column in
      "\(column): the table has '\(row[column] ?? "")', the records give "
        + "'\(alike[best][column] ?? "")'"
    }.joined(separator: "; ") + ": render the table again"
  }

  /// Columns that say what a row is about.
  private static let identity = [CSVWriter.experiment] + TableTrace.columns

  private static func key(_ row: [String: String]) -> String {
    identity.map { column in
      let field = row[column] ?? ""
      return Double(field).map { "\($0)" } ?? field
    }.joined(separator: "\u{1F}")
  }

  /// Numbers may differ in the last digit between machines.
  private static func isSame(_ a: String?, _ b: String?) -> Bool {
    if a == b { return true }
    guard let a = a.flatMap(Double.init), let b = b.flatMap(Double.init), a.isFinite, b.isFinite
    else { return false }
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b))
  }
}
