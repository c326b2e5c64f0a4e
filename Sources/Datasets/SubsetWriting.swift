import Configurations
import Files
import Foundation
import HDF5Library

extension EmbeddingSource {
  /// Writes a file with a few of the people of this one, in this project's layout.
  ///
  /// Vectors and labels are those of the file, in its order; genders are written as M, F and U.
  ///
  /// - Parameters:
  ///   - output: the file to write.
  ///   - replaces: a file that is there may be replaced; the source never is.
  /// - Returns: people and images written, and people of the source.
  /// - Throws: `DatasetError` where the source cannot be used; `OutputError`; errors of the writer.
  package func write(_ subset: SubjectSubset, to output: String, replaces: Bool = false) throws
    -> (people: Int, images: Int, of: Int)
  {
    try OutputFile.check(output, inputs: [path], replaces: replaces)
    let digest = try SHA256.hex(ofFile: path)
    let contents = DatasetContents(reading: self)
    let checked = CheckedDataset(checking: contents, dataset: nil)
    guard checked.findings.problems.isEmpty, let embeddings = contents.embeddings else {
      throw DatasetError(problems: checked.findings.problems)
    }
    let drawn = Set(
      subset.subjects(
        checked.subjects, genders: checked.genderOfSubject, images: checked.imagesOfSubject))
    let rows = (0..<embeddings.rows).filter { drawn.contains(Int(checked.subjectOfRow[$0])) }
    let writer = try HDF5Writer(path: output, keepsOther: !replaces)
    try writer.create("embeddings", .float32, shape: [rows.count, embeddings.columns])
    for (i, row) in rows.enumerated() {
      try writer.write(
        "embeddings", rows: i..<i + 1, from: embeddings.base + row * embeddings.stride)
    }
    func write(_ name: String, _ labels: [String]) throws {
      if !labels.isEmpty { try writer.writeStrings(name, rows.map { labels[$0] }) }
    }
    try write("identity", contents.identities ?? [])
    if contents.genders != nil {
      let letters = checked.genderOfSubject.map {
        switch $0 {
        case .male: "M"
        case .female: "F"
        case .unlabelled: "U"
        }
      }
      try write("gender", checked.subjectOfRow.map { letters[Int($0)] })
    }
    try write("filename", contents.filenames)
    for (name, labels) in contents.attributes.sorted(by: { $0.key < $1.key }) {
      try write(name, labels)
    }
    for key in ["dataset", "model", "license", "synthetic"] {
      if let value = contents.fileAttributes[key] { try writer.setAttribute(key, value) }
    }
    let name = (path as NSString).lastPathComponent
    try writer.setAttribute(
      "source",
      "Harness subset of \(name): \(drawn.count) of \(checked.subjects.count) people, seed \(subset.seed)"
    )
    try writer.setAttribute("source_sha256", "\(digest) \(name)")
    try writer.finish()
    return (drawn.count, rows.count, checked.subjects.count)
  }
}
