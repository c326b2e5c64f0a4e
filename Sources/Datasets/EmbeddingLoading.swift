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
    let kept = (0..<embeddings.rows).filter { !unusable.contains($0) }
    let vectors = usableVectors(
      embeddings, rows: kept, norms: checked.norms, normalise: source.normalise)
    func keptLabels(_ labels: [String]) -> [String] {
      unusable.isEmpty || labels.isEmpty ? labels : kept.map { labels[$0] }
    }
    let set = EmbeddingSet(
      dataset: dataset, extractor: extractor, path: source.path, sha256: sha256,
      model: contents.fileAttributes["model"] ?? "", isSynthetic: contents.isSynthetic,
      vectors: vectors, isNormalised: source.normalise, norms: kept.map { checked.norms[$0] },
      subjectOfRow: kept.map { checked.subjectOfRow[$0] }, subjects: checked.subjects,
      genderOfSubject: checked.genderOfSubject,
      attributes: contents.attributes.mapValues(keptLabels),
      filenames: keptLabels(contents.filenames),
      keptRows: unusable.isEmpty ? [] : kept.map { Int32($0) })
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
