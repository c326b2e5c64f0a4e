import Files
import Foundation

/// Lists of the names of men and of women, as they circulate for LFW: a name or an image per line.
struct GenderLists {
  /// M or F by person.
  let genders: [String: String]
  /// People in both lists, in order of name; they stay unlabelled.
  let inBoth: [String]

  init(male: [String], female: [String]) throws {
    let men = try Self.people(male)
    let women = try Self.people(female)
    let both = men.intersection(women)
    inBoth = both.sorted()
    var genders: [String: String] = [:]
    for person in men.subtracting(both) { genders[person] = "M" }
    for person in women.subtracting(both) { genders[person] = "F" }
    self.genders = genders
  }

  /// The people that some lists name.
  private static func people(_ paths: [String]) throws -> Set<String> {
    var people: Set<String> = []
    for path in paths {
      guard let text = String(validating: try RegularFile.read(path), as: UTF8.self) else {
        throw ImportError(path, nil, "has text that is not UTF-8; save it as UTF-8")
      }
      for line in text.split(whereSeparator: \.isNewline) {
        let name = line.trimmingCharacters(in: .whitespaces)
        if name.isEmpty { continue }
        people.insert(ImageNames.person(of: name, .filename) ?? name)
      }
    }
    return people
  }
}
