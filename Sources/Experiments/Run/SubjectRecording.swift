import Biometrics
import Datasets
import Records
import Specs

/// What the data show of the people of a batch: the same for all its cells.
struct BatchSurroundings {
  /// By fold.
  let likeness: [Float]
  /// By fold, in the order of references.
  let people: [[SubjectSurroundings]]

  init(_ data: BatchData, workers: Int) {
    let likeness = data.partitions.map(\.likeness)
    people = zip(zip(data.partitions, data.comparisons), likeness).map { fold, level in
      fold.0.surroundings(of: fold.1, likeness: level, workers: workers)
    }
    self.likeness = likeness
  }
}

/// Errors of single people at one threshold.
struct SubjectErrorCounts {
  let point: SubjectPoint
  /// By number of the subject.
  let errors: [Int: SubjectErrors]

  /// The errors behind the false non-match rates of everybody that an evaluation found; rates
  /// without a finite threshold have none.
  static func all(
    of evaluation: Evaluation, _ conventions: [EvaluationConvention],
    _ influences: inout InfluenceCounts
  ) throws -> [SubjectErrorCounts] {
    var counts: [SubjectErrorCounts] = []
    for convention in conventions {
      for measured in evaluation.measurements
      where measured.quantity == .fnmr && measured.group == "all"
        && measured.convention == convention.name
      {
        guard let target = measured.target, let threshold = measured.threshold else { continue }
        let influence = try influences.influence(
          at: threshold, selfTrials: convention.selfTrials)
        counts.append(
          SubjectErrorCounts(
            point: SubjectPoint(
              convention: convention.name, target: target, threshold: threshold,
              hasSelfTrials: convention.selfTrials == .included),
            errors: Dictionary(
              uniqueKeysWithValues: influence.people.map {
                (
                  $0.subject,
                  SubjectErrors(
                    falseNonMatches: $0.falseNonMatches, falseMatches: $0.falseMatches,
                    falseMatchesAsProbe: $0.falseMatchesAsProbe)
                )
              })))
      }
    }
    return counts
  }
}

extension SubjectRecord {
  /// Brings together what a cell's scores, enrolments and data say of each person.
  init(
    _ cell: Cell, _ data: BatchData, _ surroundings: BatchSurroundings, _ scores: CellScores,
    _ counts: [SubjectErrorCounts]
  ) {
    var people: [SubjectLine] = []
    for (fold, comparison) in data.comparisons.enumerated() {
      var next = 0
      for block in scores.folds[fold].probes {
        for i in 0..<block.rows {
          let subject = Int(comparison.referenceSubjects[next])
          let group = Int(data.groups.ofSubject[subject])
          let own = Int(comparison.ownColumns[next])
          let seen = surroundings.people[fold][next]
          let enrolments = scores.outcome.enrolments
          people.append(
            SubjectLine(
              identity: data.set.subjects[subject],
              group: group < data.groups.names.count ? data.groups.names[group] : "",
              fold: comparison.fold,
              referenceRow: Int(data.set.fileRow(comparison.referenceRows[next])),
              images: seen.images, referenceDistance: seen.referenceDistance,
              nearest: seen.nearest, secondNames: seen.secondNames,
              ownScore: own < 0 ? nil : block[row: i][own],
              training: people.count < enrolments.count
                ? SubjectTraining(enrolments[people.count]) : nil,
              errors: counts.map { $0.errors[subject] ?? SubjectErrors() }))
          next += 1
        }
      }
    }
    self.init(
      key: cell, isSynthetic: data.set.isSynthetic, likeness: surroundings.likeness,
      densities: scores.outcome.densities,
      validationDensities: scores.outcome.validationDensities, points: counts.map(\.point),
      people: people)
  }
}
