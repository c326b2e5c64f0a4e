/// Identifiers of the elements of one page: each is given once, and holds letters, digits, `-`, `_` and
/// `.` alone, whatever a dataset is called.
package struct PageIdentifiers {
  private var taken: Set<String> = []

  package init() {}

  /// An identifier for a name, "table2"; with a number behind it where it is taken.
  package mutating func identifier(_ name: String) -> String {
    let plain = String(
      name.unicodeScalars.map { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || "0123456789-_.".contains(Character(scalar)))
          ? Character(scalar) : "-"
      })
    // An identifier begins with a letter.
    let stem = plain.first?.isLetter == true ? plain : "n\(plain)"
    var found = stem
    var number = 2
    while !taken.insert(found).inserted {
      found = "\(stem)-\(number)"
      number += 1
    }
    return found
  }
}
