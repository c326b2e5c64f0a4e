import Configurations
import Files
import Foundation
import HDF5
import HDF5Library
import Kernels
import Workers

extension SyntheticDataset {
  /// Writes the dataset as an HDF5 file in this project's layout, marked as synthetic.
  ///
  /// - Parameters:
  ///   - blockRows: rows generated and written at a time; memory does not grow with their number.
  ///   - progress: told the number of rows written after each block.
  /// - Throws: `SyntheticDatasetError` for impossible parameters; errors of the writer.
  package func write(
    to path: String, blockRows: Int = 4_096, progress: (Int) -> Void = { _ in }
  ) throws {
    if !problems.isEmpty { throw SyntheticDatasetError(problems: problems) }
    let people = SyntheticSubjects(self)
    let vectors = SyntheticVectors(self)
    let writer = try HDF5Writer(path: path)
    try writer.create("embeddings", .float32, shape: [rows, dimension])
    let labelNames =
      ["identity", "gender", "filename"] + (hasLabels ? ["age_group", "ethnicity"] : [])
    for name in labelNames { try writer.create(name, .string, shape: [rows]) }
    try writeAttributes(writer, vectors)
    let block = FloatMatrix(rows: min(rows, blockRows), columns: dimension)
    for start in stride(from: 0, to: rows, by: blockRows) {
      let range = start..<min(rows, start + blockRows)
      generate(range, people, vectors, into: block)
      try writer.write("embeddings", rows: range, from: block.base)
      for name in labelNames {
        try writer.writeStrings(name, rows: range, labels(name, range, people))
      }
      progress(range.upperBound)
    }
    try writer.finish()
  }

  /// Fills the first rows of `target` with a range of rows, on all cores; the result does not
  /// depend on how the work is divided.
  private func generate(
    _ range: Range<Int>, _ people: SyntheticSubjects, _ vectors: SyntheticVectors,
    into target: FloatMatrix
  ) {
    let piece = 256
    let pieces = (range.count + piece - 1) / piece
    concurrently(units: pieces, workers: ProcessInfo.processInfo.activeProcessorCount) { _, k in
      let start = range.lowerBound + k * piece
      let end = min(range.upperBound, start + piece)
      var noise = [Double](repeating: 0, count: dimension)
      var subject = people.subject(ofRow: start)
      var centroid = vectors.centroid(of: subject, isMale: people.isMale[subject])
      for row in start..<end {
        if row >= people.offsets[subject + 1] {
          subject += 1
          centroid = vectors.centroid(of: subject, isMale: people.isMale[subject])
        }
        vectors.write(
          row: row, centroid: centroid, isMale: people.isMale[subject], noise: &noise,
          to: target.base + (row - range.lowerBound) * target.stride)
      }
    }
  }

  private func gender(of subject: Int, _ people: SyntheticSubjects) -> Gender {
    people.isUnlabelled[subject] ? .unlabelled : people.isMale[subject] ? .male : .female
  }

  private func identifier(_ subject: Int) -> String {
    "\(name)_\(padded(subject + 1, to: String(subjects).count))"
  }

  /// One label column of a range of rows.
  private func labels(_ column: String, _ range: Range<Int>, _ people: SyntheticSubjects)
    -> [String]
  {
    var subject = people.subject(ofRow: range.lowerBound)
    return range.map { row in
      while row >= people.offsets[subject + 1] { subject += 1 }
      switch column {
      case "identity": return identifier(subject)
      case "gender":
        return switch gender(of: subject, people) {
        case .male: "M"
        case .female: "F"
        case .unlabelled: "U"
        }
      case "filename":
        return "\(identifier(subject))_\(padded(row - people.offsets[subject] + 1, to: 4)).jpg"
      case "age_group":
        return SyntheticLabels.ageGroups[SyntheticLabels.classes(self, subject: subject).age]
      default:
        return SyntheticLabels.ethnicities[
          SyntheticLabels.classes(self, subject: subject).ethnicity]
      }
    }
  }

  /// All parameters as JSON.
  private var parameters: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// Refuses to write the dataset over a file that is not this dataset.
  ///
  /// - Parameter replaces: any regular file may be replaced.
  /// - Throws: `OutputError`.
  package func protect(_ path: String, replaces: Bool) throws {
    // A link or a pipe is refused before it is read.
    try OutputFile.check(path, replaces: true)
    let attributes = (try? HDF5File(path: path).attributes()) ?? [:]
    let parameters = try parameters
    let isOwn = attributes["synthetic"] == "true" && attributes["parameters"] == parameters
    try OutputFile.check(path, replaces: replaces || isOwn)
  }

  /// What the file is and how it was made.
  private func writeAttributes(_ writer: HDF5Writer, _ vectors: SyntheticVectors) throws {
    try writer.setAttribute("synthetic", "true")
    try writer.setAttribute("dataset", "SYNTHETIC \(name)")
    try writer.setAttribute("model", "SYNTHETIC \(extractor.name)")
    try writer.setAttribute("source", "Harness synthesize; no image of a person is behind it")
    try writer.setAttribute("parameters", try parameters)
    for (gender, isMale) in [("male", true), ("female", false)] {
      try writer.setAttribute(
        "expected_mated_cosine_\(gender)", String(vectors.expectedMatedCosine(isMale: isMale)))
    }
    // Phi(sqrt(2) delta) = erfc(-delta) / 2
    try writer.setAttribute("gender_auc_of_centroids", String(erfc(-genderStrength) / 2))
  }
}

/// A number with leading zeros.
private func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
