import Configurations
import Datasets
import Files
import Foundation
import HDF5Library
import Kernels

extension ImportRequest {
  /// Writes what is asked for as one file in this project's layout, complete or not at all, block by
  /// block: memory is that of the labels and of a block.
  ///
  /// Rows keep the order of the inputs; vectors are written as they are, as float32. Attributes say
  /// the files (names without folders), their SHA-256 and counts.
  ///
  /// - Parameters:
  ///   - output: the file to write.
  ///   - replaces: a file that is there may be replaced; an input never is.
  /// - Returns: lines of what was taken from where.
  /// - Throws: `OutputError`, `ImportError`, `HDF5Error`, `FileError`.
  package func write(to output: String, replaces: Bool = false) throws -> [String] {
    let sources = files
    try OutputFile.check(output, inputs: sources, replaces: replaces)
    let states = try sources.map { try FileState($0) }
    let parts = try ImportParts(self)
    let labels = try ImportedLabels(parts, self)
    let rows = labels.kept?.count ?? parts.rows
    guard labels.identities.count == rows else {
      throw ImportError(
        inputs[0], nil,
        "has \(counted(rows, "vector")) and \(counted(labels.identities.count, "label")); expected one"
          + " per row")
    }
    let writer = try HDF5Writer(path: output, keepsOther: !replaces)
    try writer.create("embeddings", .float32, shape: [rows, parts.dimension])
    let unusable = try writeVectors(parts, kept: labels.kept, writer)
    try writer.writeStrings("identity", labels.identities)
    if let genders = labels.genders { try writer.writeStrings("gender", genders) }
    if let filenames = labels.filenames { try writer.writeStrings("filename", filenames) }
    for (name, texts) in labels.attributes.sorted(by: { $0.key < $1.key }) {
      try writer.writeStrings(name, texts)
    }
    try writeAttributes(parts, labels, sources, writer)
    for (path, state) in zip(sources, states) where try FileState(path) != state {
      throw ImportError(
        path, nil, "was changed while it was read; import it again when it is complete")
    }
    try writer.finish()
    return lines(parts, labels, unusable)
  }

  /// Copies the vectors of all parts, those that stay.
  ///
  /// - Returns: written rows with values that are no finite numbers.
  private func writeVectors(
    _ parts: ImportParts, kept: [Int]?, _ writer: HDF5Writer
  ) throws -> [Int] {
    var unusable: [Int] = []
    let d = parts.dimension
    let stays = kept.map { Set($0) }
    var (start, written) = (0, 0)
    for part in parts.parts {
      let vectors = part.vectors
      try vectors.expectWritten()
      let block = max(1, min(vectors.blockRows, vectors.rows))
      let buffer = FloatMatrix(rows: block, columns: d, stride: d)
      var row = 0
      while row < vectors.rows {
        let range = row..<min(vectors.rows, row + block)
        try vectors.read(range, into: buffer.base)
        var count = range.count
        if let stays {
          count = 0
          for i in 0..<range.count where stays.contains(start + row + i) {
            if i != count {
              (buffer.base + count * d).update(from: buffer.base + i * d, count: d)
            }
            count += 1
          }
        }
        for i in 0..<count where !buffer[row: i].allSatisfy(\.isFinite) {
          unusable.append(written + i)
        }
        try writer.write("embeddings", rows: written..<written + count, from: buffer.base)
        written += count
        row = range.upperBound
      }
      start += vectors.rows
    }
    return unusable
  }

  private func writeAttributes(
    _ parts: ImportParts, _ labels: ImportedLabels, _ sources: [String], _ writer: HDF5Writer
  ) throws {
    let own = parts.parts.map(\.file.attributes)
    /// What all inputs agree on.
    func common(_ name: String) -> String? {
      let values = Set(own.map { $0[name] })
      return values.count == 1 ? values.first ?? nil : nil
    }
    if let dataset = dataset ?? common("dataset") { try writer.setAttribute("dataset", dataset) }
    if let model = model ?? common("model") { try writer.setAttribute("model", model) }
    if let license = common("license") { try writer.setAttribute("license", license) }
    // What is made from synthetic data stays marked, whichever part of it is.
    if own.contains(where: { ["true", "1", "yes"].contains(($0["synthetic"] ?? "").lowercased()) })
    {
      try writer.setAttribute("synthetic", "true")
    }
    let names = sources.map { ($0 as NSString).lastPathComponent }
    try writer.setAttribute("source", "Harness import of \(names.joined(separator: ", "))")
    let digests = try zip(names, sources).map { "\(try SHA256.hex(ofFile: $1)) \($0)" }
    try writer.setAttribute("source_sha256", digests.joined(separator: ", "))
    var people: [String: String] = [:]
    for (row, identity) in labels.identities.enumerated() {
      if let gender = labels.genders?[row], gender != "U" {
        people[identity] = gender
      } else {
        people[identity] = people[identity] ?? "U"
      }
    }
    try writer.setAttribute("images", String(labels.identities.count))
    try writer.setAttribute("subjects", String(people.count))
    for (name, letter) in [("male", "M"), ("female", "F"), ("unlabelled", "U")] {
      try writer.setAttribute("subjects_\(name)", String(people.values.count { $0 == letter }))
    }
  }

  private func lines(
    _ parts: ImportParts, _ labels: ImportedLabels, _ unusable: [Int]
  ) -> [String] {
    var lines = parts.parts.map { part in
      ("vectors", "\(part.vectors.origin), \(part.vectors.rows) x \(part.vectors.dimension)")
    }
    lines += labels.lines
    if let first = unusable.first {
      lines.append(
        (
          "unusable",
          "\(counted(unusable.count, "vector")) with values that are no finite numbers, the first in row"
            + " \(first); a spec refuses them, or leaves them out with unusable_rows: drop"
        ))
    }
    return lines.map { $0.0.padding(toLength: 10, withPad: " ", startingAt: 0) + $0.1 }
  }
}

/// What tells a file that was written to from one that was not.
private struct FileState: Equatable {
  private let size: off_t
  private let seconds: time_t
  private let nanoseconds: Int
  private let inode: ino_t

  /// - Throws: `FileError` for a file that is not there.
  init(_ path: String) throws(FileError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw FileError(path: path, operation: .open, code: errno)
    }
    (size, inode) = (status.st_size, status.st_ino)
    (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }
}
