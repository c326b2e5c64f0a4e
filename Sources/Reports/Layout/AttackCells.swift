import AttackReports
import Biometrics
import Configurations
import Records

/// Cells of tables of attacks.
enum AttackCells {
  static let share = CellFormat(shift: 2, decimals: 2, boundDecimals: 1)
  static let area = CellFormat(decimals: 3, boundDecimals: 3)

  static func cell(_ estimate: Estimate, _ format: CellFormat) -> TableCell {
    TableCell(
      format.text(estimate.value), detail: format.interval(estimate.lower, estimate.upper))
  }

  /// Why there is no value.
  static func absent(_ attack: AttackKind, in reports: [AttackReport]) -> TableCell {
    guard let report = reports.first else {
      return absent(nil)
    }
    let omitted = report.omitted.first { $0.attack == attack }
    return TableCell(
      CellFormat.absent, footnotes: omitted.map { ["\(attack.rawValue): \($0.reason)"] } ?? [])
  }

  /// A system without record.
  ///
  /// - Parameter reason: why; nil: nobody tried.
  static func absent(_ reason: String?) -> TableCell {
    TableCell(CellFormat.absent, footnotes: [reason ?? MissingCells.notRun])
  }

  /// A p-value with as many digits as it has.
  static func pValue(_ value: Double) -> TableCell {
    TableCell(value < 0.0001 ? CellFormat.scientific(value) : CellFormat(decimals: 4).text(value))
  }

  /// Recognition cost; `n/a` with its reason where it cannot be measured.
  static func recognition(
    _ quantity: Quantity, target: Double? = nil, in records: [AttackRecord]
  ) -> TableCell {
    let found = records.compactMap { $0.recognition(quantity, target: target) }
    let values = found.compactMap(\.value)
    let enrolment = records.compactMap(\.counts.enrolmentNote).distinct()
    guard !values.isEmpty else {
      return found.isEmpty
        ? absent(
          target.map { "FMR \(CellFormat.target($0)) is none of the spec's operating points" })
        : TableCell(
          CellFormat.notAvailable, footnotes: found.compactMap(\.note) + enrolment)
    }
    let lower = found.compactMap(\.lower).min()
    let upper = found.compactMap(\.upper).max()
    return TableCell(
      CellFormat.rate.text(values.reduce(0, +) / Double(values.count)),
      detail: lower.map { CellFormat.rate.interval($0, upper!) } ?? "", footnotes: enrolment)
  }
}
