/// A count with thousands separated by commas: 1,234,567.
package func grouped(_ count: Int) -> String {
  var digits = Array(String(count.magnitude))
  var index = digits.count - 3
  while index > 0 {
    digits.insert(",", at: index)
    index -= 3
  }
  return (count < 0 ? "-" : "") + String(digits)
}

/// "1 person", "2,876 people".
///
/// - Parameter plural: nil: the noun with an s.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
