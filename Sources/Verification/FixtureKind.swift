import Foundation

/// One kind of fixture: how a case of it is held against the implementation.
package struct FixtureKind: Sendable {
  /// The kind's name: file names that begin with it belong to it (the longest match wins).
  package let name: String
  /// Compares one case. `folder` is where the file lies (for companions such as an `.h5`), `stem`
  /// its name without extension.
  package let check:
    @Sendable (_ fixture: JSONValue, _ folder: URL, _ stem: String) throws -> Deviations

  package init(
    _ name: String,
    check:
      @escaping @Sendable (_ fixture: JSONValue, _ folder: URL, _ stem: String) throws ->
      Deviations
  ) {
    self.name = name
    self.check = check
  }
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
}
