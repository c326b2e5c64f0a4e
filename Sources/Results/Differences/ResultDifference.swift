import Foundation
import Records
import Specs

/// Two results side by side: what they were made from, and their numbers.
package struct ResultDifference {
  /// One number of cells that both have; of repeats the mean.
  package struct Number {
    package let cell: Cell
    /// What was measured, e.g. "fnmr all at FMR 0.001, default".
    package let name: String
    /// Nil: it could not be measured there.
    package let first: Double?
    package let second: Double?
    /// Paired 95 % interval of second − first; nil where there is none, and `note` says why.
    package let interval: ClosedRange<Double>?
    /// Why there is no interval, or what is wrong with it.
    package let note: String?

    package var difference: Double? { first.flatMap { a in second.map { $0 - a } } }
    package var isEqual: Bool { first == second }
  }

  /// A property that differs, or is in one alone (nil elsewhere).
  package struct Change: Equatable {
    package let name: String
    package let first: String?
    package let second: String?

    /// What differs between two sets of named texts, by name.
    package static func between(_ a: [String: String], _ b: [String: String]) -> [Change] {
      Set(a.keys).union(b.keys).sorted().compactMap { name in
        a[name] == b[name] ? nil : Change(name: name, first: a[name], second: b[name])
      }
    }
  }

  /// Names of the two, as messages have them.
  package let names: (first: String, second: String)
  /// Whether they were made from synthetic data.
  package let areSynthetic: (first: Bool, second: Bool)
  /// Keys of the specs that differ; nil: one of the folders has no spec.
  package let spec: [Change]?
  package let data: [Change]
  /// Versions of stages, libraries and kernels, and revisions of the program.
  package let code: [Change]
  package let machine: [Change]
  /// Cells that one of the two alone has, as names of files.
  package let onlyFirst: [String]
  package let onlySecond: [String]
  /// Of cells that both have, in table order of the first.
  package let numbers: [Number]

  /// Whether all cells and all numbers are the same.
  package var isEqual: Bool {
    onlyFirst.isEmpty && onlySecond.isEmpty && numbers.allSatisfy(\.isEqual)
  }

  /// - Parameters:
  ///   - spec: keys and values of each spec; nil where a folder has none.
  /// - Throws: `NothingInCommon` where the two share no cell.
  package init(
    _ first: ExperimentRecords, named firstName: String, spec firstSpec: [String: String]?,
    _ second: ExperimentRecords, named secondName: String, spec secondSpec: [String: String]?
  ) throws {
    names = (firstName, secondName)
    areSynthetic = (Self.isSynthetic(first), Self.isSynthetic(second))
    let (a, b) = (first.results.records, second.results.records)
    let attacks = (first.attacks.records, second.attacks.records)
    let firstCells = a.map(\.key) + attacks.0.map(\.key)
    let secondCells = b.map(\.key) + attacks.1.map(\.key)
    let (firstSet, secondSet) = (Set(firstCells), Set(secondCells))
    onlyFirst = firstCells.filter { !secondSet.contains($0) }.map(\.slug)
    onlySecond = secondCells.filter { !firstSet.contains($0) }.map(\.slug)
    guard !firstSet.isDisjoint(with: secondSet) else {
      throw NothingInCommon(
        first: (firstName, firstCells.map(\.slug)), second: (secondName, secondCells.map(\.slug)))
    }
    spec = firstSpec.flatMap { a in secondSpec.map { Change.between(a, $0) } }
    data = Change.between(Self.data(first), Self.data(second))
    code = Change.between(Self.code(first), Self.code(second))
    machine = Change.between(
      Self.listed(first.provenances.map { ("machine", $0.machine) }),
      Self.listed(second.provenances.map { ("machine", $0.machine) }))
    numbers = evaluatedNumbers(a, b) + attackedNumbers(attacks.0, attacks.1)
  }

  private static func isSynthetic(_ records: ExperimentRecords) -> Bool {
    records.results.isSynthetic || records.attacks.isSynthetic
  }

  /// SHA-256 by dataset and extractor; of records without fingerprint by file.
  private static func data(_ records: ExperimentRecords) -> [String: String] {
    let prints = fingerprints(records)
    return listed(
      prints.isEmpty
        ? records.provenances.flatMap { $0.dataHashes.map { ($0.key, $0.value) } }
        : prints.flatMap { $0.dataHashes.map { ($0.key, $0.value) } })
  }

  private static func fingerprints(_ records: ExperimentRecords) -> [CellFingerprint] {
    records.results.records.compactMap(\.fingerprint)
      + records.attacks.records.compactMap(\.fingerprint)
  }

  private static func code(_ records: ExperimentRecords) -> [String: String] {
    let parts = fingerprints(records).flatMap(\.parts)
      .filter { $0.key.hasPrefix("code ") || $0.key.hasPrefix("library ") }
    let revisions = records.provenances.map {
      ("revision", $0.revision + ($0.isDirty ? " with changes" : ""))
    }
    return listed(parts.map { ($0.key, $0.value) } + revisions)
  }

  /// The different values of each name, sorted.
  private static func listed(_ values: [(String, String)]) -> [String: String] {
    Dictionary(grouping: values.filter { !$0.1.isEmpty }) { $0.0 }
      .mapValues { Set($0.map(\.1)).sorted().joined(separator: ", ") }
  }
}

/// Two experiments of which no number can be held against another.
package struct NothingInCommon: Error, CustomStringConvertible {
  let first: (name: String, cells: [String])
  let second: (name: String, cells: [String])

  package var description: String {
    func text(_ side: (name: String, cells: [String])) -> String {
      let shown = side.cells.prefix(3).joined(separator: ", ")
      let rest = side.cells.count > 3 ? " and \(side.cells.count - 3) more" : ""
      return "'\(side.name)' has \(side.cells.isEmpty ? "none" : shown + rest)"
    }
    return "no cell is in both, so no number can be compared: \(text(first)); \(text(second))"
  }
}
