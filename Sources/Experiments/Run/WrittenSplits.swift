import Datasets
import Files
import Foundation
import Records
import Specs

/// One division that is written to the results, and what it is made from.
private struct WantedSplit {
  let fileName: String
  let inputs: CellInputs

  /// Names what the file is made from.
  var hash: String { SHA256.hex(of: canonicalJSON(inputs.division)) }
}

/// A division that was written, and what its audit says.
package struct WrittenSplit: Sendable {
  package let path: String
  package let lines: [String]
  package let warnings: [String]
}

extension ExperimentSpec {
  /// The division of each evaluated dataset, as each extractor's file has it; one per configuration
  /// where configurations divide differently.
  private func wantedSplits(_ shelf: DataShelf) -> [WantedSplit] {
    evaluate.flatMap { dataset in
      extractors.flatMap { extractor in
        let traditional = traditionalCell(dataset, extractor)
        let motes = configurations.map { cell(of: $0, beside: traditional) }
        let all = (motes.isEmpty ? [traditional] : motes).map { inputs(of: $0, shelf.hashes) }
        let isOne = Set(all.map(\.division)).count == 1
        return (isOne ? Array(all.prefix(1)) : all).map { inputs in
          let parts = [dataset, extractor] + (isOne ? [] : [inputs.cell.preset ?? "traditional"])
          return WantedSplit(fileName: parts.joined(separator: "-") + ".csv", inputs: inputs)
        }
      }
    }
  }

  /// Writes the divisions to the results, and removes those that runs of an earlier spec left.
  ///
  /// - Parameter keepsCurrent: what is there and was made from the same is not made again.
  /// - Returns: the files that were written, and the lines and warnings of their audits.
  /// - Throws: what is wrong with the data; `StoreError`, `OutputError`.
  @discardableResult
  func writeSplits(_ shelf: DataShelf, _ store: ResultStore, keepsCurrent: Bool) throws
    -> [WrittenSplit]
  {
    let run = try? PresentRun.read(in: store.folder)
    let known = run?.divisions ?? [:]
    let wanted = wantedSplits(shelf)
    // A spec may take the very file that an earlier run wrote here.
    let inputs = evaluate.compactMap(splitPath(evaluating:))
    var written: [WrittenSplit] = []
    var current: [String: String] = [:]
    for split in wanted {
      let path = "\(store.splitsFolder)/\(split.fileName)"
      if keepsCurrent, let entry = known[split.fileName],
        entry == "\(split.hash) \((try? SHA256.hex(ofFile: path)) ?? "")"
      {
        current[split.fileName] = entry
        continue
      }
      let data = try BatchData(split.inputs, shelf: shelf)
      let text = Data(Split(data.partitions, data.comparisons).text.utf8)
      if (try? RegularFile.read(path)) != text {
        try OutputFile.check(path, inputs: inputs, replaces: true)
        try stored(AtomicFile.write(text, to: path))
      }
      current[split.fileName] = "\(split.hash) \(SHA256.hex(of: text))"
      written.append(WrittenSplit(path: path, lines: data.audit, warnings: data.warnings))
    }
    for name in known.keys where current[name] == nil {
      let path = "\(store.splitsFolder)/\(name)"
      if (try? OutputFile.check(path, inputs: inputs, replaces: true)) == nil { continue }
      try stored(AtomicFile.remove(path))
    }
    if var run, run.divisions != current {
      run.divisions = current
      try RecordFolder.write(run, to: PresentRun.path(in: store.folder))
    }
    return written
  }

  /// Divides all data and writes who trains, develops and is compared (`Harness protocol`).
  ///
  /// - Parameter results: folder of all experiments' results.
  /// - Throws: what is wrong with the data; `StoreError`, `OutputError`.
  package func writeSplits(results: String) throws -> [WrittenSplit] {
    try writeSplits(
      DataShelf(spec: self), ResultStore(results: results, experiment: name), keepsCurrent: false)
  }
}
