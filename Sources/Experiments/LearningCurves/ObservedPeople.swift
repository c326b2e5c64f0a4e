import Configurations
import Datasets
import Kernels
import Records
import Specs

/// Whose trainings are observed: people who are drawn or named, then those whose errors stand out.
struct ObservedPeople {
  struct Person: Sendable {
    let identity: String
    let choice: LearningCurve.Choice
    /// False non-matches in the records, of one of the worst.
    let recordedErrors: Int?
    /// Its draws are keyed by this.
    let key: UInt32
    let referenceRow: Int32
    /// The person's other images.
    let furtherRows: [Int32]
  }

  let all: [Person]

  /// - Parameter worst: false non-matches by identity.
  /// - Throws: `LearningCurvesError.notEnrolled`.
  init(_ data: BatchData, _ settings: LearningCurvesSpec, worst: [String: Int]) throws {
    let comparison = data.comparisons[0]
    let set = comparison.set
    var rowsOf: [Int32: [Int32]] = [:]
    for (row, subject) in zip(comparison.probeRows, comparison.probeSubjects) {
      rowsOf[subject, default: []].append(row)
    }
    func person(_ reference: Int, _ choice: LearningCurve.Choice) -> Person {
      let subject = comparison.referenceSubjects[reference]
      let row = comparison.referenceRows[reference]
      let identity = set.subjects[Int(subject)]
      return Person(
        identity: identity, choice: choice, recordedErrors: worst[identity],
        key: data.subjectKeys[Int(subject)], referenceRow: row,
        furtherRows: (rowsOf[subject] ?? []).filter { $0 != row }.sorted())
    }
    var references: [String: Int] = [:]
    for (reference, subject) in comparison.referenceSubjects.enumerated() {
      references[set.subjects[Int(subject)]] = reference
    }
    let unknown = settings.named.filter { references[$0] == nil }
    guard unknown.isEmpty else {
      throw LearningCurvesError.notEnrolled(
        unknown, dataset: set.dataset, enrolled: references.count)
    }
    var people = settings.named.map { person(references[$0]!, .named) }
    if people.isEmpty {
      // The same people under every configuration.
      var identities = references.keys.sorted()
      var rng = CounterRNG(seed: data.protocolSeed, purpose: .observedPeople)
      rng.shuffle(&identities)
      let drawn = identities.map { person(references[$0]!, .drawn) }
      people = Array(
        (drawn.filter { !$0.furtherRows.isEmpty } + drawn.filter(\.furtherRows.isEmpty))
          .prefix(settings.people))
    }
    let known = Set(people.map(\.identity))
    let others = worst.keys.filter { !known.contains($0) && references[$0] != nil }.sorted {
      (-worst[$0]!, $0) < (-worst[$1]!, $1)
    }
    all = people + others.map { person(references[$0]!, .worst) }
  }
}

/// The people with the most false non-matches in the records of a cell.
struct WorstPeople {
  /// False non-matches by identity.
  let errors: [String: Int]
  /// Why there are none; nil: there are, or none were asked for.
  let omission: String?

  /// Reads what a run of the same inputs has kept, at the FMR target of the learning curves under the
  /// first convention, else at the first of its points.
  init(of cell: CellInputs, in store: ResultStore, _ settings: LearningCurvesSpec) {
    guard settings.worst > 0 else {
      (errors, omission) = ([:], nil)
      return
    }
    let hash = CellFingerprint(now: cell).inputHash
    guard
      let record = try? SubjectRecord.read(from: store.subjectsPath(cell.cell), inputHash: hash),
      let first = record.points.first
    else {
      (errors, omission) = (
        [:],
        "none of the worst, since no run of these inputs has records here ('Harness run' makes them)"
      )
      return
    }
    let points = record.points.indices.filter {
      record.points[$0].convention == first.convention
    }
    let point = points.first { record.points[$0].target == settings.target } ?? points[0]
    let people = record.people.filter { $0.fold == 0 && $0.errors[point].falseNonMatches > 0 }
      .sorted {
        (-$0.errors[point].falseNonMatches, $0.identity)
          < (-$1.errors[point].falseNonMatches, $1.identity)
      }
    errors = Dictionary(
      uniqueKeysWithValues: people.prefix(settings.worst).map {
        ($0.identity, $0.errors[point].falseNonMatches)
      })
    omission =
      people.isEmpty ? "none of the worst, since nobody has a false non-match in the records" : nil
  }
}
