/// A straight line through measured times or memories: value = fixed + slope · people, both at least 0,
/// with the least sum of squared relative errors; or a constant, for what does not depend on people.
///
/// Relative, since sizes span decades and an error of a millisecond means nothing at a second.
package struct ScaleFit: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package let people: Int
    package let value: Double

    package init(_ people: Int, _ value: Double) {
      self.people = people
      self.value = value
    }
  }

  package let fixed: Double
  /// Per person.
  package let slope: Double
  /// Largest |line / measured − 1| of the points; nil for a line through two, which meets them.
  package let largestError: Double?
  /// Line through all points but that of most people, there, over what was measured there, − 1; nil with
  /// fewer than three points.
  package let leftOutError: Double?

  /// Nil with fewer than two numbers of people, or a value that is not above 0.
  ///
  /// - Parameter isConstant: the slope is 0.
  package init?(_ points: [Point], isConstant: Bool = false) {
    let fit = isConstant ? Self.constant : Self.line
    guard Set(points.map(\.people)).count > 1, let line = fit(points) else { return nil }
    (fixed, slope) = line
    largestError =
      points.count > 2 || isConstant
      ? points.map { abs((line.0 + line.1 * Double($0.people)) / $0.value - 1) }.max()! : nil
    let most = points.max { $0.people < $1.people }!
    let others = points.filter { $0.people < most.people }
    leftOutError = fit(others).map { ($0.0 + $0.1 * Double(most.people)) / most.value - 1 }
  }

  private static func constant(_ points: [Point]) -> (Double, Double)? {
    guard !points.isEmpty, points.allSatisfy({ $0.value > 0 }) else { return nil }
    let (sum, squares) = points.reduce((0.0, 0.0)) {
      ($0.0 + 1 / $1.value, $0.1 + 1 / ($1.value * $1.value))
    }
    return (sum / squares, 0)
  }

  package func value(at people: Int) -> Double { fixed + slope * Double(people) }

  private static func line(_ points: [Point]) -> (Double, Double)? {
    guard Set(points.map(\.people)).count > 1, points.allSatisfy({ $0.value > 0 }) else {
      return nil
    }
    // u = 1 / t and v = n / t with a u + b v = 1.
    var (uu, uv, vv, u1, v1) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let u = 1 / point.value
      let v = Double(point.people) / point.value
      uu += u * u
      uv += u * v
      vv += v * v
      u1 += u
      v1 += v
    }
    let determinant = uu * vv - uv * uv
    let a = (u1 * vv - v1 * uv) / determinant
    let b = (v1 * uu - u1 * uv) / determinant
    if b < 0 { return constant(points) }
    if a < 0 { return (0, v1 / vv) }
    return (a, b)
  }
}
