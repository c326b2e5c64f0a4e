import Biometrics
import Datasets
import Experiments
import Foundation

/// The way from numbers of a table's CSV file back to the records they were made from.
package struct TableTrace {
  /// One number of the table with its records (one per repeat).
  package struct Entry {
    /// Fields of the CSV row by column name.
    package let fields: [String: String]
    package let line: Int
    package let records: [(file: URL, record: EvaluationRecord, measurement: MetricValue?)]
  }

  package let table: URL
  package let entries: [Entry]
  /// Columns that can be filtered by.
  package static let columns = [
    "dataset", "extractor", "system", "preset", "balancing_factor", "group", "convention",
    "quantity", "rule", "target",
  ]

  /// - Parameters:
  ///   - table: a CSV file in the folder `tables` of an experiment.
  ///   - filters: wanted value by column; names are compared without regard to case.
  /// - Throws: `ReportError`, also where no row fits.
  package init(table: URL, filters: [String: String]) throws {
    let reader = try CSVReader(
      text: String(contentsOf: table, encoding: .utf8), file: table.relativePath)
    let experiment = table.deletingLastPathComponent().deletingLastPathComponent()
    let folder = experiment.appendingPathComponent("records")
    let all = try RecordSet(folder: folder).records
    let store = ResultStore(
      results: experiment.deletingLastPathComponent().path,
      experiment: experiment.lastPathComponent)
    let rows = reader.rows.filter { row in
      filters.allSatisfy { column, wanted in
        let found = row.fields[column] ?? ""
        if let a = Double(found), let b = Double(wanted) { return a == b }
        return found.lowercased() == wanted.lowercased()
      }
    }
    guard !rows.isEmpty else {
      throw ReportError.badTable(
        file: table.relativePath, line: 1,
        reason: "no row has "
          + filters.sorted { $0.key < $1.key }.map { "\($0.key) '\($0.value)'" }
          .joined(separator: ", "))
    }
    self.table = table
    entries = rows.map { row in
      func field(_ name: String) -> String { row.fields[name] ?? "" }
      // A difference of two systems is traced to the records of both.
      let systems = field("system").components(separatedBy: " - ")
      let records = all.filter { record in
        let key = record.key
        guard key.dataset == field("dataset"), key.extractor == field("extractor"),
          systems.contains(key.system)
        else { return false }
        return key.preset == nil
          || key.preset == field("preset")
            && (field("balancing_factor").isEmpty
              || key.balancingFactor == Double(field("balancing_factor")))
      }
      let quantity = field("quantity").replacing(/-difference$/, with: "")
      return Entry(
        fields: row.fields, line: row.line,
        records: records.map { record in
          let measurement = record.measurements.first {
            $0.quantity == quantity && $0.group == field("group")
              && $0.convention == field("convention")
              && (field("rule").isEmpty
                || $0.rule?.replacing("_", with: "-") == field("rule").replacing("_", with: "-"))
              && (field("target").isEmpty || $0.target == Double(field("target")))
          }
          return (URL(fileURLWithPath: store.recordPath(record.key)), record, measurement)
        })
    }
  }

  /// True where every number has its records and is their mean.
  package var isSound: Bool { entries.allSatisfy { $0.problem == nil } }

  /// For people; at most `limit` numbers.
  package func text(limit: Int) -> String {
    var hashes: [String: String] = [:]
    var lines: [String] = []
    for entry in entries.prefix(limit) {
      lines += entry.lines { path in
        if let known = hashes[path] { return known }
        let hash = (try? SHA256Digest.hex(ofFile: path)) ?? "missing"
        hashes[path] = hash
        return hash
      }
      lines.append("")
    }
    if entries.count > limit {
      lines.append("\(entries.count - limit) more rows fit; narrow the options or raise --limit")
    } else {
      lines.removeLast()
    }
    return lines.joined(separator: "\n")
  }
}

extension TableTrace.Entry {
  /// What does not fit; nil: all does.
  fileprivate var problem: String? {
    if records.isEmpty { return "no record of this cell" }
    let isDifference = fields["quantity"]?.hasSuffix("-difference") == true
    guard let printed = Double(fields["value"] ?? ""), !isDifference else { return nil }
    let values = records.compactMap { $0.measurement?.value }
    guard !values.isEmpty else { return "the records hold no such number" }
    let mean = values.reduce(0, +) / Double(values.count)
    return abs(mean - printed) <= 1e-12 * max(1, abs(mean))
      ? nil : "the table prints \(printed), the records give \(mean): render the table again"
  }

  fileprivate func lines(hash: (String) -> String) -> [String] {
    let cell = TableTrace.columns.compactMap { column in
      fields[column].flatMap { $0.isEmpty ? nil : "\(column) \($0)" }
    }
    var lines = ["line \(line): \(cell.joined(separator: ", "))"]
    let value = fields["value"] ?? ""
    lines.append("  value: \(value.isEmpty ? "n/a" : value) \(fields["note"] ?? "")")
    if let problem { lines.append("  PROBLEM: \(problem)") }
    for (file, record, measurement) in records {
      let provenance = record.provenance
      lines.append("  record: \(file.relativePath)")
      if let measurement {
        let counts = [measurement.numerator, measurement.denominator].compactMap { $0 }
        lines.append(
          "    value \(measurement.value.map { "\($0)" } ?? "n/a")"
            + (counts.count == 2 ? ", \(counts[0]) of \(counts[1]) comparisons" : "")
            + (measurement.threshold.map { ", threshold \($0)" } ?? ""))
      }
      lines.append("    input hash \(record.inputHash)")
      lines.append("    spec \(provenance.specPath), hash \(provenance.specHash)")
      for (path, recorded) in provenance.dataHashes.sorted(by: { $0.key < $1.key }) {
        let now = hash(path)
        let state = now == recorded ? "unchanged" : now == "missing" ? "file is gone" : "CHANGED"
        lines.append("    data \(path), SHA-256 \(recorded) (\(state))")
      }
      lines.append(
        "    seed \(provenance.seed), revision \(provenance.revision)"
          + (provenance.isDirty ? " with uncommitted changes" : ""))
      lines.append("    made \(provenance.startedAt) on \(provenance.machine)")
      if let command = provenance.command { lines.append("    by: \(command)") }
    }
    return lines
  }
}
