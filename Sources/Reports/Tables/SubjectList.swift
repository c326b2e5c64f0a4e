import Biometrics
import Foundation
import Records
import Results
import Specs

/// What a list of people is sorted by; the most conspicuous stand first, those without the value last.
package enum SubjectOrder: String, Sendable, CaseIterable {
  /// False non-matches, then false matches of the reference or model, then those as probe.
  case errors
  case falseMatches = "false-matches"
  case falseMatchesAsProbe = "as-probe"
  /// How far the reference stands from the person's other images.
  case referenceDistance = "reference-distance"
  /// Cosine of the nearest other person, and of the most similar second name.
  case nearest
  case secondNames = "second-names"
  /// Lowest first.
  case ownScore = "own-score"
  /// Earliest first.
  case epochs
  case restoredEpoch = "restored-epoch"
  case validationLoss = "validation-loss"
  /// Share of proxies that a guarded model rejects.
  case proxyFNMR = "proxy-fnmr"
}

/// The people of one cell, in order, with their errors at one threshold.
package struct SubjectList: Sendable {
  package let record: SubjectRecord
  /// Index into `record.points`; nil: no rate of the cell has a threshold.
  package let point: Int?
  package let people: [SubjectLine]

  package init(_ record: SubjectRecord, point: Int?, order: SubjectOrder) {
    self.record = record
    self.point = point
    let keys = record.people.map { Self.keys($0, order, point: point) }
    people = record.people.indices.sorted { a, b in
      for (x, y) in zip(keys[a], keys[b]) where x != y { return x < y }
      return a < b
    }.map { record.people[$0] }
  }

  /// A person's errors at the point.
  func errors(of person: SubjectLine) -> SubjectErrors? { point.map { person.errors[$0] } }

  /// Ascending keys: what is asked for, then the errors.
  private static func keys(_ person: SubjectLine, _ order: SubjectOrder, point: Int?) -> [Double] {
    let errors = point.map { person.errors[$0] } ?? SubjectErrors()
    let all = [errors.falseNonMatches, errors.falseMatches, errors.falseMatchesAsProbe]
      .map { -Double($0) }
    func largest(_ value: Float?) -> Double { value.map { -Double($0) } ?? .infinity }
    func smallest(_ value: Double?) -> Double { value ?? .infinity }
    let first: Double
    switch order {
    case .errors: return all
    case .falseMatches: first = all[1]
    case .falseMatchesAsProbe: first = all[2]
    case .referenceDistance: first = largest(person.referenceDistance)
    case .nearest: first = largest(person.nearest?.cosine)
    case .secondNames: first = largest(person.secondNames.first?.cosine)
    case .ownScore: first = smallest(person.ownScore.map(Double.init))
    case .epochs: first = smallest(person.training.map { Double($0.epochs) })
    case .restoredEpoch: first = smallest(person.training.map { Double($0.restoredEpoch) })
    case .validationLoss: first = largest(person.training?.validationLoss)
    case .proxyFNMR: first = largest(person.training?.guarded?.proxyFNMR)
    }
    return [first] + all
  }
}

extension SubjectList {
  /// The lists of an experiment, in the order of its records.
  ///
  /// - Parameters:
  ///   - folder: the experiment's results.
  ///   - cells: names of cells; empty: all.
  ///   - convention: nil: the first of the cell.
  ///   - target: FMR target; nil: the paper's, else the first of the convention.
  /// - Throws: `ResultsError`, `SubjectListError`.
  package static func all(
    in folder: URL, cells: [String] = [], convention: String? = nil, target: Double? = nil,
    order: SubjectOrder = .errors
  ) throws -> [SubjectList] {
    let records = folder.appendingPathComponent("records")
    let known = try ExperimentRecords(folder: folder).results.records
    if known.isEmpty { throw SubjectListError.nothingEvaluated(folder: folder.relativePath) }
    let slugs = known.map(\.key.slug)
    for cell in cells where !slugs.contains(cell) {
      throw SubjectListError.unknownCell(cell, known: slugs)
    }
    let asked = known.filter { cells.isEmpty || cells.contains($0.key.slug) }
    let lists: [(list: SubjectList, problem: SubjectListError?)] = try asked.map { record in
      let path = ResultStore.subjectsPath(record.key, in: records.path)
      let people = try ResultsError.reading { () throws(RecordError) in
        try SubjectRecord.read(from: path, inputHash: record.inputHash)
      }
      guard let people else { throw SubjectListError.noPeople(file: path) }
      do throws(SubjectListError) {
        let point = try point(of: people, convention: convention, target: target)
        return (SubjectList(people, point: point, order: order), nil)
      } catch {
        return (SubjectList(people, point: nil, order: order), error)
      }
    }
    // A cell may lack the point that others have: no score reaches its threshold.
    if let problem = lists.first?.problem, lists.allSatisfy({ $0.problem != nil }) { throw problem }
    return lists.map(\.list)
  }

  /// The point of a convention and target.
  private static func point(
    of record: SubjectRecord, convention: String?, target: Double?
  ) throws(SubjectListError) -> Int? {
    let fitting = record.points.indices.filter { i in
      (convention == nil || record.points[i].convention == convention)
        && (target == nil || abs(record.points[i].target - target!) <= 1e-9 * target!)
    }
    let found =
      fitting.first {
        record.points[$0].convention == record.points[fitting[0]].convention
          && PaperTarget.isPaper(record.points[$0].target)
      } ?? fitting.first
    if found == nil && (convention != nil || target != nil) {
      throw SubjectListError.noPoint(cell: record.key.slug, known: record.points)
    }
    return found
  }
}

/// Why people cannot be listed.
package enum SubjectListError: Error, CustomStringConvertible, Equatable {
  case unknownCell(String, known: [String])
  case noPeople(file: String)
  case noPoint(cell: String, known: [SubjectPoint])
  case nothingEvaluated(folder: String)

  package var description: String {
    switch self {
    case .nothingEvaluated(let folder):
      "'\(folder)' has no evaluated cell, and people are kept for those only (records of attacks, "
        + "costs, maps and densities have none); run the experiment with an output of Table 1, 2 or 4"
    case .unknownCell(let name, let known):
      "no cell '\(name)' in the records\(suggestion(for: name, among: known))"
    case .noPeople(let file):
      "'\(file)' is not there, or belongs to other inputs than its record; run the experiment again"
    case .noPoint(let cell, let known):
      "'\(cell)' has no errors at that convention and target; it has "
        + (known.isEmpty
          ? "none at all: no rate has a threshold"
          : known.map { "\($0.convention) at FMR \($0.target)" }.joined(separator: ", "))
    }
  }
}
