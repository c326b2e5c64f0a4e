import Configurations
import Files
import Kernels

/// Raise when loading the same file gives other vectors, labels or order; enters record hashes.
package let datasetsStageVersion = 1

extension EmbeddingSet {
  /// Reads and checks one file of embeddings.
  ///
  /// Rows keep file order; subjects are numbered by first appearance. Vectors are divided by their
  /// L2 norm (float64) unless the source switches that off; `norms` keeps the norms as read.
  ///
  /// - Parameters:
  ///   - dataset: name in records and tables; published counts are known for some names.
  ///   - extractor: name in records and tables.
  /// - Returns: the set, and warnings and information for the run record.
  /// - Throws: `DatasetError` with every problem of the file.
  package static func load(
    _ source: EmbeddingSource, dataset: String, extractor: String
  ) throws -> (set: EmbeddingSet, findings: DatasetFindings) {
    let contents = DatasetContents(reading: source)
    let checked = CheckedDataset(checking: contents, dataset: dataset)
    var findings = checked.findings
    guard findings.problems.isEmpty, let embeddings = contents.embeddings else {
      throw DatasetError(problems: findings.problems)
    }
    let sha256 = try SHA256.hex(ofFile: source.path)

    // Unusable rows go; subjects stay, so that one without rows counts as failure to enrol.
    let unusable = Set(checked.unusableRows)
    var kept = (0..<embeddings.rows).filter { !unusable.contains($0) }
    var subjects = SubjectColumns(checked)
    if let subset = source.subset {
      subjects.keep(subset, rows: &kept)
      findings.information.append(
        "\(grouped(subjects.identifiers.count)) of \(counted(checked.subjects.count, "person", "people"))"
          + " drawn (seed \(subset.seed)), \(counted(kept.count, "image"))")
    }
    let vectors = usableVectors(
      embeddings, rows: kept, norms: checked.norms, normalise: source.normalise)
    func keptLabels(_ labels: [String]) -> [String] {
      kept.count == embeddings.rows || labels.isEmpty ? labels : kept.map { labels[$0] }
    }
    let set = EmbeddingSet(
      dataset: dataset, extractor: extractor, path: source.path, sha256: sha256,
      model: contents.fileAttributes["model"] ?? "", isSynthetic: contents.isSynthetic,
      vectors: vectors, isNormalised: source.normalise, norms: kept.map { checked.norms[$0] },
      subjectOfRow: kept.map { subjects.ofRow[$0] }, subjects: subjects.identifiers,
      genderOfSubject: subjects.genders,
      attributes: contents.attributes.mapValues(keptLabels),
      filenames: keptLabels(contents.filenames),
      keptRows: kept.count == embeddings.rows ? [] : kept.map { Int32($0) })
    findings.warnings += findings.doubts
    return (set, findings)
  }

  /// The kept rows (the matrix itself where all are kept), normalised if asked for.
  private static func usableVectors(
    _ embeddings: FloatMatrix, rows: [Int], norms: [Float], normalise: Bool
  ) -> FloatMatrix {
    var vectors = embeddings
    if rows.count < embeddings.rows {
      vectors = FloatMatrix(rows: rows.count, columns: embeddings.columns)
      for (i, row) in rows.enumerated() {
        (vectors.base + i * vectors.stride).update(
          from: embeddings.base + row * embeddings.stride, count: embeddings.columns)
      }
    }
    if normalise { normaliseRows(of: vectors, norms: rows.map { norms[$0] }) }
    return vectors
  }
}

/// The people of a file: who they are, and whose each row is.
private struct SubjectColumns {
  var identifiers: [String]
  var genders: [Gender]
  /// Of every row of the file; -1 where the person was not drawn.
  var ofRow: [Int32]

  init(_ checked: CheckedDataset) {
    (identifiers, genders) = (checked.subjects, checked.genderOfSubject)
    ofRow = checked.subjectOfRow
  }

  /// Leaves the drawn people and their rows.
  mutating func keep(_ subset: SubjectSubset, rows: inout [Int]) {
    var images = [Int](repeating: 0, count: identifiers.count)
    for row in rows { images[Int(ofRow[row])] += 1 }
    let drawn = subset.subjects(identifiers, genders: genders, images: images)
    var number = [Int32](repeating: -1, count: identifiers.count)
    for (new, old) in drawn.enumerated() { number[old] = Int32(new) }
    ofRow = ofRow.map { number[Int($0)] }
    rows = rows.filter { ofRow[$0] >= 0 }
    identifiers = drawn.map { identifiers[$0] }
    genders = drawn.map { genders[$0] }
  }
}
