import AttackReports
import Records

/// What was inferred: an attribute, and which group against which.
struct AttackQuestion: Hashable {
  let attribute: String
  let first: String
  let second: String

  init(_ report: AttackReport) {
    attribute = report.attribute
    first = report.question.first
    second = report.question.second
  }

  /// "gender", "age_group: 20-29".
  var title: String { attribute == "gender" ? attribute : "\(attribute): \(first)" }
  /// Part of file names; empty for gender. Other characters than letters, digits, "-", "_" and "." stand
  /// as "=" and their code ("<30" is "=3C30"), so that no two labels share a file.
  var suffix: String {
    if attribute == "gender" { return "" }
    return "-"
      + "\(attribute)-\(first)".unicodeScalars.map { scalar in
        let isPlain =
          scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "-_.".unicodeScalars.contains(scalar)
        return isPlain ? "\(scalar)" : "=" + String(scalar.value, radix: 16, uppercase: true)
      }.joined()
  }

  func reports(_ records: [AttackRecord]) -> [AttackReport] {
    records.compactMap { record in record.reports.first { AttackQuestion($0) == self } }
  }
}
