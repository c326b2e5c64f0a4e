import Foundation
import Records
import Specs

/// Everything an experiment has written down, of all kinds.
package struct ExperimentRecords: Sendable {
  /// Evaluated cells.
  package let results: RecordSet
  /// Attacked cells.
  package let attacks: AttackRecordSet
  /// Measured costs.
  package let costs: [CostRecord]
  /// What heat maps show.
  package let maps: [MapRecord]
  /// Synthetic samples beside real ones.
  package let kde: [KDERecord]
  /// Learning curves.
  package let learning: [LearningRecord]
  /// Title of the experiment; empty: not known.
  package var title: String { results.title }

  /// Path of the spec as it was given; nil where records name several or none.
  package var specPath: String? {
    let paths = Set(provenances.map(\.specPath))
    return paths.count == 1 && paths.first != "" ? paths.first : nil
  }

  /// Where every record comes from.
  package var provenances: [Provenance] {
    results.records.map(\.provenance) + attacks.records.map(\.provenance)
      + costs.map(\.provenance) + maps.map(\.provenance) + kde.map(\.provenance)
      + learning.map(\.provenance)
  }
  /// Where records of each kind lie in the folder of an experiment.
  private enum Part: String, CaseIterable {
    case evaluations = "records"
    case attacks = "records/attacks"
    case costs, maps, kde
    case learningCurves = "learning-curves"
  }

  /// Whether records of any kind lie in the folder of an experiment.
  package static func areThere(in folder: URL) -> Bool {
    Part.allCases.contains { part in
      !RecordFolder<EvaluationRecord>(folder.appendingPathComponent(part.rawValue).path).names
        .isEmpty
    }
  }

  /// The run that last brought the folder up to date; nil: records made apart from a run.
  package let run: PresentRun?

  /// Records that were read, or made apart from a run.
  package init(
    results: RecordSet, attacks: AttackRecordSet = AttackRecordSet(records: []),
    costs: [CostRecord] = [], maps: [MapRecord] = [], kde: [KDERecord] = [],
    learning: [LearningRecord] = [], run: PresentRun? = nil
  ) {
    self.results = results
    self.attacks = attacks
    self.costs = costs
    self.maps = maps
    self.kde = kde
    self.learning = learning
    self.run = run
  }

  /// - Parameter folder: results folder of the experiment.
  /// - Throws: `ResultsError` when there is no record of any kind, or one cannot be read.
  package init(folder: URL) throws {
    run = try ResultsError.reading { () throws(RecordError) in
      try PresentRun.read(in: folder.path)
    }
    func read<Record: VersionedRecord>(
      _ part: Part
    ) throws -> (names: [String], records: [Record]) {
      let place = RecordFolder<Record>(folder.appendingPathComponent(part.rawValue).path)
      return try (
        place.names, ResultsError.reading { () throws(RecordError) in try place.records() }
      )
    }
    let evaluated: (names: [String], records: [EvaluationRecord]) = try read(.evaluations)
    let attacked: [AttackRecord] = try read(.attacks).records
    costs = try read(.costs).records
    maps = try read(.maps).records
    kde = try read(.kde).records
    learning = try read(.learningCurves).records
    guard
      !evaluated.records.isEmpty || !attacked.isEmpty || !costs.isEmpty || !maps.isEmpty
        || !kde.isEmpty || !learning.isEmpty
    else {
      if FileManager.default.fileExists(
        atPath: folder.appendingPathComponent(ShardManifest.fileName).path)
      {
        throw ResultsError.shardAlone(folder: folder.relativePath)
      }
      throw ResultsError.noRecords(folder: folder.appendingPathComponent("records").path)
    }
    let missing = try MissingCells(
      run: run, folder: folder, made: Set(evaluated.records.map(\.key) + attacked.map(\.key)))
    results = try RecordSet(
      records: evaluated.records, missing: missing, names: evaluated.names)
    attacks = AttackRecordSet(records: attacked, missing: missing)
  }
}
