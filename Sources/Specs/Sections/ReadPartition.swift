import Foundation

/// The `partition` section, and exceptions from it by evaluated dataset.
extension SpecReader {
  private enum SchemeKey: String, CaseIterable {
    case within, cross
  }
  private enum WithinKey: String, CaseIterable {
    case cohort, development, evaluation, folds
  }
  private enum CrossKey: String, CaseIterable {
    case cohort, development, exceptions
  }
  private enum ExceptionKey: String, CaseIterable {
    case cohort, development
  }

  /// - Parameters:
  ///   - datasets: names that may be mentioned.
  ///   - evaluated: names that may have exceptions.
  mutating func partition(_ node: SpecNode?, datasets: [String], evaluated: [String])
    -> PartitionSpec?
  {
    guard let node else { return nil }
    let fields = fields(node, "partition", SchemeKey.self)
    switch (fields[.within], fields[.cross]) {
    case (let within?, nil): return .within(self.within(within))
    case (nil, let cross?):
      return .cross(self.cross(cross, datasets: datasets, evaluated: evaluated))
    case (nil, nil):
      if let location = fields.location {
        report(location, "'partition' has neither 'within' nor 'cross'; give one")
      }
    case (_?, let cross?):
      report(cross.location, "'partition' has both 'within' and 'cross'; give one")
    }
    return nil
  }

  private mutating func within(_ node: SpecNode) -> WithinSpec {
    let fields = fields(node, "within", WithinKey.self)
    let folds = integer(fields[.folds], "folds", in: 1...100) ?? 1
    func name(_ key: WithinKey) -> String { key.rawValue }
    let cohort = number(
      required(fields, .cohort, in: "'within'"), name(.cohort), .openFraction)
    let development = number(
      required(fields, .development, in: "'within'"), name(.development), .openFraction)
    var evaluation: Double?
    if folds > 1 {
      evaluation = 1 / Double(folds)
      if let given = fields[.evaluation] {
        report(
          given.location,
          "'evaluation' follows from 'folds: \(folds)' (1/\(folds) of the subjects in each); remove it"
        )
      }
    } else {
      evaluation = number(
        required(fields, .evaluation, in: "'within'"), name(.evaluation), .openFraction)
    }
    if folds == 1, let cohort, let development, let evaluation,
      cohort + development + evaluation > 1 + 1e-9
    {
      let parts = [cohort, development, evaluation].map { shortDecimal($0) }
      report(
        node.location,
        "the shares of cohort, development and evaluation are \(parts.joined(separator: " + ")) = "
          + "\(shortDecimal(cohort + development + evaluation)), expected a sum of at most 1")
    }
    return WithinSpec(
      cohort: cohort ?? 0, development: development ?? 0, evaluation: evaluation ?? 0, folds: folds)
  }

  private mutating func cross(_ node: SpecNode, datasets: [String], evaluated: [String])
    -> CrossSpec
  {
    let fields = fields(node, "cross", CrossKey.self)
    let cohort = reference(
      required(fields, .cohort, in: "'cross'"), "cohort", to: "dataset", among: datasets)
    let development = reference(
      required(fields, .development, in: "'cross'"), "development", to: "dataset", among: datasets)
    var exceptions: [String: CrossException] = [:]
    for entry in named(fields[.exceptions], "exceptions") {
      let name = LocatedName(name: entry.key, location: entry.keyLocation)
      _ = reference(name, to: "evaluated dataset", among: evaluated)
      let special = self.fields(entry.value, entry.key, ExceptionKey.self)
      exceptions[entry.key] = CrossException(
        cohort: reference(special[.cohort], "cohort", to: "dataset", among: datasets),
        development: reference(special[.development], "development", to: "dataset", among: datasets)
      )
    }
    return CrossSpec(
      cohort: cohort ?? "", development: development ?? "", exceptions: exceptions)
  }
}

/// A number with at most six decimals and no trailing zeros.
func shortDecimal(_ value: Double) -> String {
  var text = String(format: "%.6f", value)
  while text.hasSuffix("0") { text.removeLast() }
  return text.hasSuffix(".") ? String(text.dropLast()) : text
}
