import Configurations
import Datasets

/// Labels of gender as files have them, brought to M, F and U.
struct GenderLabels {
  let codes: GenderCodes

  private static let words: [Gender: Set<String>] = [
    .male: ["m", "male", "man", "men", "males", "boy", "masculine"],
    .female: ["f", "female", "woman", "women", "females", "girl", "feminine"],
    .unlabelled: [
      "u", "unknown", "unlabelled", "unlabeled", "n/a", "na", "nan", "none", "null", "", "?",
    ],
  ]

  /// Labels as M, F and U.
  ///
  /// Words are known in either case; numbers mean what the codes say, whole floats like integers and
  /// Booleans like 0 and 1.
  ///
  /// - Parameter place: where they come from, for the error.
  /// - Throws: `ImportError` for labels whose meaning is not known.
  func genders(_ labels: [String], place: String) throws -> [String] {
    var known: [String: String] = [:]
    var unknown: [String: Int] = [:]
    let genders = labels.map { label -> String in
      if let gender = known[label] { return gender }
      if unknown[label] != nil {
        unknown[label, default: 0] += 1
        return ""
      }
      guard let gender = gender(of: label) else {
        unknown[label, default: 0] += 1
        return ""
      }
      known[label] = gender.letter
      return gender.letter
    }
    if unknown.isEmpty { return genders }
    let found = unknown.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = found.prefix(8).map { "'\(shortened($0.key, limit: 40))' (\(grouped($0.value)))" }
    func option(_ name: String, _ index: Int) -> String {
      shellOption(name, shortened(found[index].key, limit: 40))
    }
    throw ImportError(
      place, nil,
      "has \(counted(unknown.count, "gender code")) of unknown meaning: "
        + shown.joined(separator: ", ") + (found.count > 8 ? ", …" : "")
        + "; say which is which, e.g. \(option("--male", 0))"
        + (found.count > 1
          ? " \(option("--female", 1))"
          : " or \(option("--female", 0))")
        + (found.count > 2 ? " \(option("--unlabelled", 2))" : ""),
      genderCodes: found.map(\.key))
  }

  /// The gender of a label; nil: nobody said what it means.
  private func gender(of label: String) -> Gender? {
    let plain = Self.plain(label)
    for (gender, list) in [
      (Gender.male, codes.male), (.female, codes.female), (.unlabelled, codes.unlabelled),
    ] where list.contains(where: { $0 == label || Self.plain($0) == plain }) {
      return gender
    }
    // A list that was given replaces the usual words of its gender only.
    for (gender, list) in [
      (Gender.male, codes.male), (.female, codes.female), (.unlabelled, codes.unlabelled),
    ] where list.isEmpty && Self.words[gender]?.contains(plain) == true {
      return gender
    }
    return plain == "nan" || plain.isEmpty ? .unlabelled : nil
  }

  /// In lower case, without blanks around; "1.0", "TRUE" and "1" are the same.
  private static func plain(_ label: String) -> String {
    let word = label.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    if word == "true" { return "1" }
    if word == "false" { return "0" }
    if let number = Double(word), let whole = Int64(exactly: number) { return String(whole) }
    return word
  }
}

extension Gender {
  /// The code of our layout.
  fileprivate var letter: String {
    switch self {
    case .male: "M"
    case .female: "F"
    case .unlabelled: "U"
    }
  }
}
