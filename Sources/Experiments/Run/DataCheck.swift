import Datasets
import Files
import Foundation
import Records
import Specs

/// Opens, divides and audits all data that a run is to use before anything is trained: what is wrong
/// with the last dataset is told at once, and told once.
struct DataCheck {
  /// - Throws: `DataProblems` with every problem of every dataset; `StoreError`.
  static func check(_ lookup: Lookup, _ run: RunContext) throws {
    var problems: [String] = []
    func noting(_ body: () throws -> Void) throws {
      try run.interruption.check()
      do { try body() } catch let error where !RunJournal.isFatal(error) {
        for line in describe(error).split(separator: "\n").map(String.init)
        where !problems.contains(line) { problems.append(line) }
      }
    }
    var seen: Set<[String]> = []
    for batch in lookup.batches
    where seen.insert([batch.dataset, batch.extractor, batch.configuration ?? ""]).inserted {
      try noting { _ = try BatchData(spec: run.spec, batch: batch, shelf: lookup.shelf) }
    }
    for cell in lookup.attacked {
      let share = cell.attack?.cohortMaleShare.map { "\($0)" } ?? ""
      let what = [
        cell.dataset, cell.extractor, cell.preset ?? "", "\(run.spec.trains(cell))", share,
      ]
      if seen.insert(what).inserted {
        try noting { _ = try AttackData(spec: run.spec, cell: cell, shelf: lookup.shelf) }
      }
    }
    if !problems.isEmpty { throw DataProblems(problems: problems) }
    if !lookup.toDo.isEmpty { _ = try run.spec.writeSplits(lookup.shelf, run.store) }
  }
}

/// Why the data of a spec cannot be used: every problem of every dataset, each once.
package struct DataProblems: Error, CustomStringConvertible {
  package let problems: [String]

  package var description: String { problems.joined(separator: "\n") }
}

extension ExperimentSpec {
  /// Writes the division of each evaluated dataset, as each extractor's file has it, to the results;
  /// one file per configuration where configurations divide differently.
  ///
  /// - Returns: the files, and the lines and warnings of their audits.
  /// - Throws: what is wrong with the data; `FileError`.
  func writeSplits(_ shelf: DataShelf, _ store: ResultStore) throws -> [WrittenSplit] {
    var written: [WrittenSplit] = []
    for dataset in evaluate {
      let names = configurations.map { Optional($0.name) }
      let configured = names.isEmpty ? [nil] : names
      let schemes = Set(configured.map { partition(evaluating: dataset, configuration: $0) })
      for extractor in extractors {
        for name in schemes.count == 1 ? Array(configured.prefix(1)) : configured {
          let data = try BatchData(
            spec: self,
            batch: CellBatch(
              dataset: dataset, extractor: extractor, repeatIndex: 0, configuration: name,
              cells: []), shelf: shelf)
          let parts = [dataset, extractor] + (schemes.count == 1 ? [] : [name ?? "traditional"])
          let path = "\(store.splitsFolder)/\(parts.joined(separator: "-")).csv"
          let text = Data(Split(data.partitions, data.comparisons).text.utf8)
          // A spec may take the very file that an earlier run wrote here.
          if (try? RegularFile.read(path)) != text {
            try OutputFile.check(
              path, inputs: evaluate.compactMap(splitPath(evaluating:)), replaces: true)
            try AtomicFile.write(text, to: path)
          }
          written.append(WrittenSplit(path: path, lines: data.audit, warnings: data.warnings))
        }
      }
    }
    return written
  }
}

/// A division that was written, and what its audit says.
package struct WrittenSplit: Sendable {
  package let path: String
  package let lines: [String]
  package let warnings: [String]
}

extension ExperimentSpec {
  /// Divides all data and writes who trains, develops and is compared (`Harness protocol`).
  ///
  /// - Parameter results: folder of all experiments' results.
  /// - Throws: what is wrong with the data; `FileError`.
  package func writeSplits(results: String) throws -> [WrittenSplit] {
    try writeSplits(
      DataShelf(spec: self), ResultStore(results: results, experiment: name))
  }
}
