/// Names that are alike but for a number at their end: the values of a vector, "e0" to "e511", "0" to
/// "511", "emb[0]" to "emb[511]".
struct NumberedNames {
  /// What stands before the numbers: "e", "", "emb[".
  let stem: String
  /// Where they stand among all names, in order of the number.
  let places: [Int]
  /// Numbers between the first and the last that no name has.
  let missing: [Int]

  /// What stands before the number of a name, and the number; nil: it has none.
  static func split(_ name: String) -> (stem: String, number: Int)? {
    let text = name.hasSuffix("]") || name.hasSuffix(")") ? name.dropLast() : name[...]
    let digits = text.utf8.reversed().prefix { (48...57).contains($0) }.count
    guard digits > 0, digits <= 9, let number = Int(text.suffix(digits)) else { return nil }
    return (String(text.dropLast(digits)), number)
  }

  /// All groups of several names with different numbers, in order of the stem.
  static func groups(_ names: [String]) -> [NumberedNames] {
    var groups: [String: [(number: Int, place: Int)]] = [:]
    for (place, name) in names.enumerated() {
      guard let (stem, number) = split(name) else { continue }
      groups[stem, default: []].append((number, place))
    }
    return groups.sorted { $0.key < $1.key }.compactMap { stem, members in
      let sorted = members.sorted { $0.number < $1.number }
      let numbers = Set(sorted.map(\.number))
      guard sorted.count > 1, numbers.count == sorted.count,
        let first = sorted.first?.number, let last = sorted.last?.number
      else { return nil }
      // A group with few of its numbers is none: "year1999" and "year2001".
      guard last - first < 2 * sorted.count else { return nil }
      return NumberedNames(
        stem: stem, places: sorted.map(\.place),
        missing: (first...last).filter { !numbers.contains($0) })
    }
  }
}
