import Configurations
import Kernels

/// The embeddings of one dataset by one extractor, with their labels: n rows of dimension d.
///
/// Row order is file order. Subjects are numbered by first appearance. Immutable once made; the
/// vectors are shared by reference.
package struct EmbeddingSet: Sendable {
  /// Dataset name as the spec gives it, e.g. "LFW".
  package let dataset: String
  /// Extractor name as the spec gives it, e.g. "ArcFace".
  package let extractor: String
  /// File read, and the SHA-256 (hex) of its bytes; empty for data made in memory.
  package let path: String
  package let sha256: String
  /// What the file says about the network that made the vectors (attribute `model`); empty: nothing.
  package let model: String
  /// True when the file says that it was made by `Harness synthesize`.
  package let isSynthetic: Bool
  /// [n, d], divided by `norms` where `isNormalised`.
  package let vectors: FloatMatrix
  /// Whether the vectors were brought to length 1; a source may switch that off.
  package let isNormalised: Bool
  /// L2 norm of each row as read, [n] (MagFace: sample quality).
  package let norms: [Float]
  /// Subject of each row, [n].
  package let subjectOfRow: [Int32]
  /// Subject identifiers as published, [s].
  package let subjects: [String]
  /// Gender of each subject, [s].
  package let genderOfSubject: [Gender]
  /// Further label columns (age, ethnicity, …), each [n], as published.
  package let attributes: [String: [String]]
  /// Image names where the file has them, [n], else empty.
  package let filenames: [String]
  /// Row of the file that each row was, [n]; empty where none was left out.
  package let keptRows: [Int32]
  /// Rows of all subjects, grouped by subject in file order, and where each subject's begin, [s+1].
  package let rowsBySubject: [Int32]
  package let subjectOffsets: [Int]

  package var count: Int { vectors.rows }
  package var dimension: Int { vectors.columns }

  /// Rows of subject `s` in file order.
  package func rows(of s: Int) -> ArraySlice<Int32> {
    rowsBySubject[subjectOffsets[s]..<subjectOffsets[s + 1]]
  }

  /// The file's row that row `i` was.
  package func fileRow(_ i: Int32) -> Int32 { keptRows.isEmpty ? i : keptRows[Int(i)] }

  package init(
    dataset: String, extractor: String, path: String = "", sha256: String = "",
    model: String = "", isSynthetic: Bool = false, vectors: FloatMatrix,
    isNormalised: Bool = true, norms: [Float], subjectOfRow: [Int32],
    subjects: [String], genderOfSubject: [Gender], attributes: [String: [String]] = [:],
    filenames: [String] = [], keptRows: [Int32] = []
  ) {
    precondition(subjectOfRow.count == vectors.rows && norms.count == vectors.rows)
    precondition(genderOfSubject.count == subjects.count)
    self.dataset = dataset
    self.extractor = extractor
    self.path = path
    self.sha256 = sha256
    self.model = model
    self.keptRows = keptRows
    self.isSynthetic = isSynthetic
    self.vectors = vectors
    self.isNormalised = isNormalised
    self.norms = norms
    self.subjectOfRow = subjectOfRow
    self.subjects = subjects
    self.genderOfSubject = genderOfSubject
    self.attributes = attributes
    self.filenames = filenames
    // Counting sort of the rows by subject keeps file order within a subject.
    var offsets = [Int](repeating: 0, count: subjects.count + 1)
    for s in subjectOfRow { offsets[Int(s) + 1] += 1 }
    for s in 0..<subjects.count { offsets[s + 1] += offsets[s] }
    var next = offsets
    var order = [Int32](repeating: 0, count: subjectOfRow.count)
    for (row, s) in subjectOfRow.enumerated() {
      order[next[Int(s)]] = Int32(row)
      next[Int(s)] += 1
    }
    rowsBySubject = order
    subjectOffsets = offsets
  }
}

/// Some rows of an embedding set, in a stated order.
package struct EmbeddingRows: Sendable {
  package let set: EmbeddingSet
  package let rows: [Int32]

  package init(set: EmbeddingSet, rows: [Int32]) {
    self.set = set
    self.rows = rows
  }
}
