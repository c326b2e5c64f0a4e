import Configurations
import Records
import Specs

extension ResultListing {
  /// A line for every cell, then sizes and what to do next.
  ///
  /// - Parameter command: that goes on, e.g. "Harness run experiments/smoke.yaml".
  package func text(next command: String) -> String {
    var lines = ["\(name)\(title.isEmpty ? "" : ": \(title)")", ""]
    if cells.isEmpty {
      lines.append("no run has listed its cells here")
    } else {
      let rows = cells.map {
        [$0.cell.slug, $0.bytes > 0 ? byteText($0.bytes) : "-", $0.state.text]
      }
      lines += aligned([["cell", "size", "state"]] + rows, flushRight: [false, true, false])
      lines += ["", "\(done) of \(counted(cells.count, "cell")) done" + failedText]
    }
    lines.append(
      parts.map { "\($0.name) \(byteText($0.bytes))" }.joined(separator: ", ")
        + "; in all \(byteText(bytes))")
    if let shard { lines.append("shard \(shard); 'Harness merge' joins the shards and evaluates") }
    if isEdited == true {
      lines.append("the last run here was of another spec: records may be of that")
    }
    if shard == nil, done < cells.count || isEdited == true { lines.append("to go on: \(command)") }
    return lines.joined(separator: "\n")
  }

  private var failedText: String { failed > 0 ? ", \(failed) failed in the last run" : "" }

  /// A line for each experiment.
  package static func text(_ listings: [ResultListing]) -> String {
    let rows = listings.map { listing in
      [
        listing.name,
        listing.cells.isEmpty ? "-" : "\(listing.done) of \(listing.cells.count)",
        "\(listing.failed)", byteText(listing.bytes),
        (listing.shard.map { "shard \($0) " } ?? "") + listing.title,
      ]
    }
    return aligned(
      [["experiment", "cells done", "failed", "size", "title"]] + rows,
      flushRight: [false, true, true, true, false]
    ).joined(separator: "\n")
  }
}
