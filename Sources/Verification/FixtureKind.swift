import Foundation

/// One kind of fixture: how a case of it is held against the implementation.
package struct FixtureKind: Sendable {
  /// The kind's name: file names that begin with it belong to it (the longest match wins).
  package let name: String
  /// Compares one case. `folder` is where the file lies (for companions such as an `.h5`), `stem`
  /// its name without extension.
  package let check:
    @Sendable (_ fixture: JSONValue, _ folder: URL, _ stem: String) throws -> Deviations
}

/// The deviations of one case: every compared number against its tolerance.
package struct Deviations: Sendable {
  /// Largest absolute deviation among the numbers compared.
  package private(set) var largest = 0.0
  /// Number of values compared.
  package private(set) var compared = 0
  /// One line per value outside its tolerance.
  package private(set) var failures: [String] = []

  package init() {}

  /// The deviations of one comparison, see `compare(_:_:_:isPartial:)`.
  init(_ name: String, _ found: Found, _ expected: JSONValue) throws {
    try compare(name, found, expected)
  }

  /// Records a comparison: passes when |expected - actual| <= absolute + relative * |expected|.
  /// Equal infinities agree; NaN never agrees.
  package mutating func compare(
    _ name: @autoclosure () -> String, _ actual: Double, _ expected: Double,
    absolute: Double = 1e-12, relative: Double = 0
  ) {
    compared += 1
    if actual == expected { return }
    let deviation = abs(actual - expected)
    if deviation.isFinite { largest = max(largest, deviation) }
    if !(deviation <= absolute + relative * abs(expected)) {
      failures.append("\(name()): expected \(expected), found \(actual)")
    }
  }

  /// Compares element by element; a difference in length is a failure.
  package mutating func compare(
    _ name: @autoclosure () -> String, _ actual: [Double], _ expected: [Double],
    absolute: Double = 1e-12, relative: Double = 0
  ) {
    guard actual.count == expected.count else {
      compared += 1
      failures.append("\(name()): expected \(expected.count) values, found \(actual.count)")
      return
    }
    let label = name()
    for i in actual.indices {
      compare("\(label)[\(i)]", actual[i], expected[i], absolute: absolute, relative: relative)
    }
  }

  /// Records an exact comparison of anything printable.
  package mutating func compareExactly<T: Equatable>(
    _ name: @autoclosure () -> String, _ actual: T, _ expected: T
  ) {
    compared += 1
    if actual != expected {
      failures.append("\(name()): expected \(expected), found \(actual)")
    }
  }

  /// Compares every expected member with what was found under its name. One that nothing was found
  /// for is a failure, or passed over where `isPartial`.
  mutating func compare(
    _ name: String, _ found: Found, _ expected: JSONValue, isPartial: Bool = false
  ) throws {
    switch found {
    case .members(let members):
      for (key, value) in try expected.members.sorted(by: { $0.key < $1.key }) {
        if let found = members[key] {
          try compare("\(name)/\(key)", found, value, isPartial: isPartial)
        } else if !isPartial {
          compareExactly("\(name)/\(key): computed by this build", false, true)
        }
      }
    case .number(let actual?, let absolute, let relative) where !expected.isNull:
      compare(name, actual, try expected.double, absolute: absolute, relative: relative)
    case .number(let actual, _, _):
      compareExactly("\(name): defined", actual != nil, !expected.isNull)
    case .list(let values, let absolute, let relative):
      compare(name, values, try expected.numbers, absolute: absolute, relative: relative)
    }
  }
}

/// What this build computes under the name of an expected member.
enum Found {
  /// A number; nil where it is undefined (null in the file).
  case number(Double?, absolute: Double = 1e-12, relative: Double = 0)
  /// The numbers of a list, or of nested lists in order.
  case list([Double], absolute: Double = 1e-12, relative: Double = 0)
  case members([String: Found])

  static func count(_ value: Int) -> Found { .number(Double(value)) }

  static func flags(_ values: [Bool]) -> Found { .list(values.map { $0 ? 1 : 0 }) }

  /// A member for every rule of an enumeration; nil: the rule has none.
  static func byRule<Rule: CaseIterable & RawRepresentable<String>>(
    _ found: (Rule) throws -> Found?
  ) rethrows -> Found {
    var members: [String: Found] = [:]
    for rule in Rule.allCases { members[rule.rawValue] = try found(rule) }
    return .members(members)
  }
}
