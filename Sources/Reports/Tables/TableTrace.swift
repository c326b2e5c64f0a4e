import Biometrics
import Claims
import Configurations
import Files
import Foundation
import Records
import Results
import Specs

/// The way from numbers of a table's CSV file back to the records they were made from.
package struct TableTrace {
  /// A record that a number was made from.
  package struct Source {
    package let file: URL
    /// Nil where the record does not say; costs depend on the machine.
    package let inputHash: String?
    package let provenance: Provenance
    /// What the record says of the number; nil where it holds outcomes of another form.
    package let measurement: MetricValue?
  }

  /// One number of the table with its records (one per repeat).
  package struct Entry {
    /// Fields of the CSV row by column name.
    package let fields: [String: String]
    package let line: Int
    package let sources: [Source]
    /// What is wrong with the row; nil: it is what the records give now.
    package let problem: String?
  }

  package let table: URL
  package let entries: [Entry]
  /// What is wrong with the file as a whole; nil: nothing.
  package let problem: String?
  /// Columns that can be filtered by.
  package static let columns = [
    "dataset", "extractor", "system", "preset", "balancing_factor", "group", "convention",
    "quantity", "rule", "target",
  ]

  /// - Parameters:
  ///   - table: a CSV file in the folder `tables` of an experiment.
  ///   - filters: wanted value by column; names are compared without regard to case.
  ///   - published: folder with the paper's values; nil: that which `renderOutputs` takes.
  ///   - readClaims: reads the file of claims in that folder.
  /// - Throws: `ReportError`, `ResultsError`, also where no row fits.
  package init(
    table: URL, filters: [String: String], published: URL? = nil,
    readClaims: (String) throws -> [Claim] = { _ in [] }
  ) throws {
    guard FileManager.default.fileExists(atPath: table.path) else {
      throw ReportError.noSuchTable(file: table.relativePath)
    }
    let text = try ResultsError.text(of: table)
    let reader = try CSVReader(text: text, file: table.relativePath)
    var known: [URL: ExperimentRecords] = [:]
    func fits(_ row: [String: String]) -> Bool {
      filters.allSatisfy { column, wanted in
        let found = row[column] ?? ""
        if let a = Double(found), let b = Double(wanted) { return a == b }
        return found.lowercased() == wanted.lowercased()
      }
    }
    let rows = reader.rows.filter { fits($0.fields) }
    guard !rows.isEmpty else {
      throw ResultsError.badTable(
        file: table.relativePath, line: 1,
        reason: "no row has "
          + filters.sorted { $0.key < $1.key }.map { "\($0.key) '\($0.value)'" }
          .joined(separator: ", ") + "; leave options out to see which rows there are")
    }
    self.table = table
    let paper = try (published ?? publishedFolder(near: table.deletingLastPathComponent())).map {
      try Paper(folder: $0, readClaims: readClaims)
    }
    let own = table.deletingLastPathComponent().deletingLastPathComponent()
    if !reader.columns.contains(CSVWriter.experiment) {
      known[own] = try ExperimentRecords(folder: own)
    }
    let current = try CurrentTable(table, of: known[own], paper: paper ?? .none)
    problem = current.problem(of: table, rows: rows.map(\.fields), fits: fits)
    entries = try rows.map { row in
      let fields = row.fields
      // A table that gathers experiments stands beside their folders.
      let experiment =
        fields[CSVWriter.experiment].map {
          table.deletingLastPathComponent().appendingPathComponent($0)
        } ?? own
      if fields[CSVWriter.experiment]?.isEmpty == true {
        return Entry(
          fields: fields, line: row.line, sources: [], problem: current.problem(of: fields))
      }
      let records = try known[experiment] ?? ExperimentRecords(folder: experiment)
      known[experiment] = records
      let store = ResultStore(
        results: experiment.deletingLastPathComponent().path,
        experiment: experiment.lastPathComponent)
      func sources<Record: StoredRecord>(
        _ records: [Record], _ measurement: (Record) -> MetricValue?
      ) -> [Source] {
        records.filter { $0.key.fits(fields) }.map {
          Source(
            file: URL(fileURLWithPath: store.recordPath($0.key)), inputHash: $0.inputHash,
            provenance: $0.provenance, measurement: measurement($0))
        }
      }
      func apart<Record: RecordMadeApart>(
        _ records: [Record], _ path: (Cell) -> String, dependsOnMachine: Bool = false,
        _ fits: (Record) -> ([String: String]) -> Bool
      ) -> [Source] {
        records.filter { fits($0)(fields) }.map {
          Source(
            file: URL(fileURLWithPath: path($0.key)),
            inputHash: dependsOnMachine ? nil : $0.inputHash, provenance: $0.provenance,
            measurement: nil)
        }
      }
      let found: [Source]
      if table.isOfCosts || fields.isComparisonOfCosts {
        found = apart(
          records.costs, store.costPath, dependsOnMachine: true, CostRecord.isOfSystem)
      } else if table.isFigure4 || fields.isClaimOfMaps {
        found = apart(records.maps, store.mapRecordPath, MapRecord.isOfSystem)
      } else if table.isKDE || fields["rule"] == ClaimStatistic.syntheticAUC.rawValue {
        found = apart(records.kde, store.kdePath, KDERecord.isOfPreset)
      } else if table.isLearning {
        found = apart(records.learning, store.learningPath, LearningRecord.isOfPreset)
      } else if fields["convention"]?.hasPrefix("cohort-") == true {
        found = sources(records.attacks.records) { _ in nil }
      } else {
        found = sources(records.results.records) { $0.measurement(of: fields) }
      }
      let isWithoutRecord =
        found.isEmpty && fields["value"]?.isEmpty == false && !fields.isShareOfReadings
      return Entry(
        fields: fields, line: row.line, sources: found,
        problem: isWithoutRecord ? "no record of this cell" : current.problem(of: fields))
    }
  }

  /// True where the rows that fit, and what stands beside the file, are those that the records give.
  package var isSound: Bool { problem == nil && entries.allSatisfy { $0.problem == nil } }

  /// For people; at most `limit` numbers, those with a problem first.
  package func text(limit: Int) -> String {
    var hashes: [String: String] = [:]
    var lines = problem.map { ["PROBLEM of the file: \($0)", ""] } ?? []
    let ordered = entries.filter { $0.problem != nil } + entries.filter { $0.problem == nil }
    for entry in ordered.prefix(limit) {
      lines += entry.lines { path in
        if let known = hashes[path] { return known }
        let hash = (try? SHA256.hex(ofFile: path)) ?? "missing"
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
  fileprivate func lines(hash: (String) -> String) -> [String] {
    let cell = TableTrace.columns.compactMap { column in
      fields[column].flatMap { $0.isEmpty ? nil : "\(column) \($0)" }
    }
    var lines = ["line \(line): \(cell.joined(separator: ", "))"]
    let value = fields["value"] ?? ""
    lines.append("  value: \(value.isEmpty ? "n/a" : value) \(fields["note"] ?? "")")
    if let problem { lines.append("  PROBLEM: \(problem)") }
    if let quantity = fields["quantity"], quantity.hasSuffix(ReadingClaims.suffix) {
      lines.append(
        "  counts the answers of all readings, which claims.csv beside it has: trace that with --quantity "
          + quantity.dropLast(ReadingClaims.suffix.count))
    }
    for source in sources {
      let provenance = source.provenance
      lines.append("  record: \(source.file.relativePath)")
      if let measurement = source.measurement {
        let counts = [measurement.numerator, measurement.denominator].compactMap { $0 }
        lines.append(
          "    value \(measurement.value.map { "\($0)" } ?? "n/a")"
            + (counts.count == 2 ? ", \(counts[0]) of \(counts[1]) comparisons" : "")
            + (measurement.threshold.map { ", threshold \($0)" } ?? ""))
      }
      if let hash = source.inputHash { lines.append("    input hash \(hash)") }
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

extension URL {
  fileprivate var isOfCosts: Bool {
    ["table5", "scale"].contains(where: lastPathComponent.hasPrefix)
  }
  fileprivate var isFigure4: Bool { lastPathComponent.hasPrefix("figure4") }
  fileprivate var isKDE: Bool { lastPathComponent.hasPrefix("kde") }
  fileprivate var isLearning: Bool { lastPathComponent.hasPrefix("learning-curves") }
}

extension Cell {
  /// Whether a row of a table is about the cell. A difference of two systems is about both.
  fileprivate func fits(_ fields: [String: String]) -> Bool {
    func field(_ name: String) -> String { fields[name] ?? "" }
    guard dataset == field("dataset"), extractor == field("extractor"),
      field("system").components(separatedBy: " - ").contains(configuration.csvName)
    else { return false }
    if let attack {
      let cohort = attack.cohortMaleShare.map { "cohort-male-\($0)" } ?? "cohort-as-is"
      guard cohort == field("convention") else { return false }
    }
    guard let preset else { return true }
    let factor = field("balancing_factor")
    return preset == field("preset")
      && (factor.isEmpty
        || (choosesFactor ? Double(factor) == nil : balancingFactor == Double(factor)))
  }
}

extension [String: String] {
  /// Whether the row counts answers over readings, which no single cell gives.
  fileprivate var isShareOfReadings: Bool {
    self["quantity"]?.hasSuffix(ReadingClaims.suffix) == true
  }

  /// Whether the row of these fields answers a claim.
  fileprivate var isClaim: Bool {
    self["quantity"]?.hasPrefix(ClaimAnswer.quantityPrefix) == true
  }

  /// Whether it answers from records of heat maps.
  fileprivate var isClaimOfMaps: Bool {
    guard isClaim, case .maps? = self["rule"].flatMap(ClaimStatistic.init)?.source else {
      return false
    }
    return true
  }

  /// Whether it answers from cost records.
  fileprivate var isComparisonOfCosts: Bool {
    isClaim && self["rule"].flatMap(ClaimStatistic.init)?.isComparison == true
  }
}

extension EvaluationRecord {
  /// The measurement that a row prints, or that an answer to a claim is made of.
  fileprivate func measurement(of fields: [String: String]) -> MetricValue? {
    func field(_ name: String) -> String { fields[name] ?? "" }
    let quantity = field(fields.isClaim ? "rule" : "quantity")
      .replacing(/-(difference|slope).*$/, with: "")
    let rule = fields.isClaim ? "" : field("rule")
    return measurements.first {
      $0.quantity.rawValue == quantity && $0.group == field("group")
        && $0.convention == field("convention") && (rule.isEmpty || $0.rule == rule)
        && (field("target").isEmpty || $0.target == Double(field("target")))
    }
  }
}
