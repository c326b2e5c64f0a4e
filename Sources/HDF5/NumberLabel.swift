/// A float as a label: whole numbers as integers ("7" of 7.0), NaN as "nan".
///
/// - Parameters:
///   - bytes: size of the stored float, which says from where on different numbers are stored as one.
///   - allowsFractions: fractions and large numbers are labels too.
/// - Returns: nil for what is no label.
package func numberLabel(_ value: Double, bytes: Int, allowsFractions: Bool) -> String? {
  if value.isNaN { return "nan" }
  let limit: Double = bytes == 2 ? 0x1p11 : bytes == 4 ? 0x1p24 : 0x1p53
  if value.magnitude < limit, let integer = Int64(exactly: value) { return String(integer) }
  return allowsFractions ? String(value) : nil
}
