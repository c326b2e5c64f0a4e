// The paper's printed values (experiments/published/*.csv), for comparison with reproduced ones.
import Foundation

/// One value as the paper prints it.
package struct PublishedValue: Sendable, Equatable {
  /// File it stands in: "table1" … "table5", "text".
  package let table: String
  /// Empty where the paper gives none; the same holds for the names below.
  package let dataset: String
  package let extractor: String
  /// "mote", "traditional", "pfrnet", "pe-miu".
  package let system: String
  package let group: String
  package let balancingFactor: Double?
  package let quantity: String
  /// As printed, with its decimals and without its unit; empty where the paper prints a dash.
  package let text: String
  /// "%", "1" (a fraction or a count), "s", "ms", "KB", …
  package let unit: String
  package let note: String
  /// In base units: percent becomes a fraction, the rest is as printed. Nil where none is printed.
  package let value: Double?
  /// Half a unit in the last printed place, in base units: how far rounding can have moved it.
  package let halfUnit: Double

  /// Whether the value before rounding can lie in `lower ... upper`.
  ///
  /// The printed value stands for the interval of half a unit in its last place around it.
  package func mayLie(in lower: Double, _ upper: Double) -> Bool? {
    value.map { $0 + halfUnit >= lower && $0 - halfUnit <= upper }
  }
}

/// All published values that were found.
package struct PublishedValues: Sendable {
  package let values: [PublishedValue]

  /// No published values: tables then have none beside the reproduced ones.
  package static let none = PublishedValues(values: [])

  package init(values: [PublishedValue]) { self.values = values }

  /// Reads every `*.csv` of `folder`, in order of file name.
  ///
  /// - Throws: `ResultsError.badTable` with file and line for a missing column or a value that is
  ///   not a number.
  package init(folder: URL) throws {
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw ResultsError.notReadable(
        file: folder.relativePath, reason: "no folder of published values can be read there")
    }
    values = try files.filter { $0.hasSuffix(".csv") }.sorted().flatMap { name in
      let text = try ResultsError.text(of: folder.appendingPathComponent(name))
      return try Self.parse(text, file: name)
    }
  }

  /// The published value of a cell, if the paper has it.
  ///
  /// Dataset and extractor are compared without regard to case and punctuation ("ColorFERET" is
  /// "ColorFeret"). A system without balancing factor in the paper matches every factor.
  package func value(
    table: String, dataset: String, extractor: String, system: String, group: String = "all",
    quantity: String, balancingFactor: Double? = nil
  ) -> PublishedValue? {
    values.first {
      $0.table == table && $0.system == system && $0.group == group && $0.quantity == quantity
        && comparable($0.dataset) == comparable(dataset)
        && comparable($0.extractor) == comparable(extractor)
        && ($0.balancingFactor == nil || $0.balancingFactor == balancingFactor)
    }
  }

  private static let columns = [
    "dataset", "extractor", "system", "group", "balancing_factor", "quantity", "value", "unit",
    "note",
  ]

  private static func parse(_ text: String, file: String) throws -> [PublishedValue] {
    let csv = try CSVReader(text: text, file: file)
    for column in columns where !csv.columns.contains(column) {
      throw ResultsError.badTable(file: file, line: 1, reason: "no column '\(column)'")
    }
    return try csv.rows.map { row in
      func number(_ column: String) throws -> Double? {
        let text = row.fields[column]!
        if text.isEmpty { return nil }
        guard let value = Double(text), value.isFinite else {
          throw ResultsError.badTable(
            file: file, line: row.line, reason: "'\(text)' in column '\(column)' is not a number")
        }
        return value
      }
      let printed = row.fields["value"]!
      let decimals =
        printed.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
        .first?.count ?? 0
      let unit = row.fields["unit"]!
      let scale = unit == "%" ? 100.0 : 1
      return PublishedValue(
        table: String(file.dropLast(4)), dataset: row.fields["dataset"]!,
        extractor: row.fields["extractor"]!, system: row.fields["system"]!,
        group: row.fields["group"]!, balancingFactor: try number("balancing_factor"),
        quantity: row.fields["quantity"]!, text: printed, unit: unit, note: row.fields["note"]!,
        value: try number("value").map { $0 / scale },
        halfUnit: 0.5 * pow(10, Double(-decimals)) / scale)
    }
  }
}

/// A name reduced to its letters and digits, lower case: "ColorFERET" is "ColorFeret".
package func comparable(_ name: String) -> String {
  name.lowercased().filter { $0.isLetter || $0.isNumber }
}
