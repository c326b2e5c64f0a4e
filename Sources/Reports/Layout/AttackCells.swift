import AttackReports
import Biometrics
import Configurations
import Records
import Results

/// Cells of tables of attacks.
enum AttackCells {
  static let share = CellFormat(shift: 2, decimals: 2)
  static let area = CellFormat(decimals: 3)

  /// A value with its interval, and the spread between repeats where there are several.
  static func cell(_ estimate: Estimate, spread: Double? = nil, _ format: CellFormat) -> TableCell {
    let interval = format.interval(estimate.lower, estimate.upper)
    return TableCell(
      format.text(estimate.value),
      detail: interval + (spread.map { " ± \(format.text($0))" } ?? ""),
      footnotes: estimate.holdsValue ? [] : [IntervalOutcome.outside])
  }

  static func area(_ found: AttackSummary) -> TableCell {
    cell(found.twoSidedAUC, spread: found.pooled.aucSpread, area)
  }

  static func balancedAccuracy(_ found: AttackSummary, _ format: CellFormat) -> TableCell {
    cell(found.balancedAccuracy, spread: found.pooled.balancedAccuracySpread, format)
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
    let enrolment = records.compactMap(\.counts.enrolmentNote).distinct()
    guard let pooled = RepeatedMeasurement(found) else {
      return found.isEmpty
        ? absent(
          target.map { "FMR \(CellFormat.target($0)) is none of the spec's operating points" })
        : TableCell(
          CellFormat.notAvailable, footnotes: found.compactMap(\.note) + enrolment)
    }
    let format = CellFormat.rate
    var details =
      pooled.interval.bounds.map { [format.interval($0.lowerBound, $0.upperBound)] } ?? []
    if let spread = pooled.spread { details.append("± \(format.text(spread))") }
    return TableCell(
      format.text(pooled.value), detail: details.joined(separator: " "),
      footnotes: [pooled.interval.note].compactMap { $0 } + enrolment)
  }
}
