import Files
import Foundation
import Reports
import Results

/// The benchmark's CSV: one row per timed run, full precision, base units.
package struct MeasurementFile: Sendable, Equatable {
  package var context: MeasurementContext
  package var rows: [BenchmarkRow]

  package init(context: MeasurementContext, rows: [BenchmarkRow] = []) {
    self.context = context
    self.rows = rows
  }

  /// Columns in file order. Per-item figures are for readers of the file; they are not read back.
  package static let columns = [
    "workload", "contestant", "size", "threads", "processes", "round", "wall_seconds",
    "cpu_seconds", "work", "work_unit", "items", "item_unit", "wall_seconds_per_item",
    "cpu_seconds_per_item", "peak_bytes", "result", "versions", "scale", "started", "machine",
    "revision", "command", "err",
  ]

  /// The workloads that were measured, in the order of the catalogue.
  var workloads: [Workload] {
    let present = Set(rows.map(\.workload))
    return Workload.catalogue(context.scale).filter { present.contains($0.name) }
  }

  /// The whole file.
  package func text() -> String {
    let workloads = workloads
    var lines = [Self.columns.joined(separator: ",")]
    for row in rows {
      let workload = workloads.first { $0.name == row.workload }
      lines.append(csvRow(fields(row, workload)))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func fields(_ row: BenchmarkRow, _ workload: Workload?) -> [String] {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    func text(_ value: Int?) -> String { value.map(String.init) ?? "" }
    let run = row.run
    let versions = row.versions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return [
      row.workload, row.contestant, text(row.size), text(row.threads), text(row.processes),
      text(row.round), text(run?.wallSeconds), text(run?.cpuSeconds), text(run?.work),
      workload?.workUnit ?? "", text(run?.items), workload?.item.rawValue ?? "",
      text(run?.secondsPerItem(.wall)), text(run?.secondsPerItem(.cpu)), text(run?.peakBytes),
      text(run?.result), versions.joined(separator: ";"), context.scale.rawValue,
      context.started, context.machine, context.revision, context.command, row.err,
    ]
  }

  /// Writes the file in one step: readers see the old one or the new one. Beside it stands what makes it.
  package func write(to url: URL) throws {
    let metadata = TableMetadata(
      command: context.command, title: "Benchmark: ours and its peers", isSynthetic: true)
    try writeAtomically(metadata.text, to: TableMetadata.file(beside: url))
    try writeAtomically(text(), to: url)
  }

  /// Reads a file that `write` wrote.
  ///
  /// - Throws: `BenchmarkError.unreadable`, `BenchmarkError.badRow`, or the CSV reader's error.
  package init(reading url: URL) throws {
    let text: String
    do throws(FileError) {
      text = String(decoding: try RegularFile.read(url.path), as: UTF8.self)
    } catch {
      throw BenchmarkError.unreadable(file: url.path, reason: error.reason)
    }
    let table = try CSVReader(text: text, file: url.path)
    let missing = Self.columns.filter { !table.columns.contains($0) }
    guard missing.isEmpty else {
      throw BenchmarkError.badRow(
        file: url.path, line: 1,
        reason: "columns missing: \(missing.joined(separator: ", ")); measure again")
    }
    var context: MeasurementContext?
    var rows: [BenchmarkRow] = []
    for line in table.rows {
      let row = RowReader(file: url.path, row: line)
      rows.append(try row.measurement())
      if context == nil { context = try row.context() }
    }
    guard let context else {
      throw BenchmarkError.badRow(file: url.path, line: 1, reason: "no rows; measure again")
    }
    self.init(context: context, rows: rows)
  }
}

/// Fields of one CSV row as values.
private struct RowReader {
  let file: String
  let row: CSVReader.Row

  func text(_ name: String) -> String { row.fields[name] ?? "" }

  /// The field as a number; nil when it is empty.
  func optional<T: LosslessStringConvertible>(_ name: String) throws -> T? {
    let field = text(name)
    guard !field.isEmpty else { return nil }
    guard let value = T(field) else {
      throw BenchmarkError.badRow(
        file: file, line: row.line, reason: "'\(name)' is '\(field)', expected a number")
    }
    return value
  }

  func required<T: LosslessStringConvertible>(_ name: String) throws -> T {
    guard let value: T = try optional(name) else {
      throw BenchmarkError.badRow(file: file, line: row.line, reason: "'\(name)' is empty")
    }
    return value
  }

  func measurement() throws -> BenchmarkRow {
    let err = text("err")
    var run: BenchmarkRow.Run?
    if err.isEmpty {
      run = BenchmarkRow.Run(
        wallSeconds: try required("wall_seconds"), cpuSeconds: try required("cpu_seconds"),
        work: try required("work"), items: try required("items"),
        peakBytes: try optional("peak_bytes"), result: try optional("result"))
    }
    let versions = text("versions").split(separator: ";").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
    return BenchmarkRow(
      workload: text("workload"), contestant: text("contestant"), size: try optional("size"),
      threads: try required("threads"), processes: try required("processes"),
      round: try required("round"), run: run,
      versions: Dictionary(versions, uniquingKeysWith: { first, _ in first }), err: err)
  }

  func context() throws -> MeasurementContext {
    guard let scale = BenchmarkScale(rawValue: text("scale")) else {
      throw BenchmarkError.badRow(
        file: file, line: row.line,
        reason: "'scale' is '\(text("scale"))', expected 'full' or 'quick'")
    }
    return MeasurementContext(
      scale: scale, started: text("started"), machine: text("machine"),
      revision: text("revision"), command: text("command"))
  }
}

/// Writes text to a temporary file beside `url` and renames it; makes the folder when needed.
func writeAtomically(_ text: String, to url: URL) throws {
  do throws(FileError) {
    try AtomicFile.write(Data(text.utf8), to: url.path)
  } catch {
    throw BenchmarkError.notWritable(file: url.path, reason: error.reason)
  }
}
