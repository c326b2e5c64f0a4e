import Configurations
import Datasets
import HDF5
import HDF5Library
import Kernels
import Workers

/// Scores of stored model-templates against the rows of an embedding file.
package struct TemplateScores {
  /// Logits, [templates, probes].
  package let scores: FloatMatrix
  package let templates: ModelTemplates
  package let probes: EmbeddingSet

  /// Reads both files and compares all pairs; the number of workers does not affect the scores.
  ///
  /// Probes are brought to length 1 where the templates were enrolled that way.
  ///
  /// - Throws: `HDF5Error`, `DatasetError`, `ModelTemplateError`.
  package init(templates path: String, probes file: String, workers: Int) throws {
    let templates = try ModelTemplates(path: path)
    let normalise = templates.attributes["normalise"] != "false"
    let (probes, _) = try EmbeddingSet.load(
      EmbeddingSource(path: file, normalise: normalise), dataset: "probes",
      extractor: templates.attributes["extractor"] ?? "")
    guard probes.dimension == templates.shape.inputs else {
      throw ModelTemplateError.bad(
        path: path,
        reason: "its networks take \(templates.shape.inputs) inputs, the probes in '\(file)' have "
          + "dimension \(probes.dimension)")
    }
    try self.init(templates, probes, workers: workers)
  }

  /// From what is open already.
  package init(_ templates: ModelTemplates, _ probes: EmbeddingSet, workers: Int) throws {
    let scores = FloatMatrix(rows: templates.count, columns: probes.count)
    let block = 16
    let blocks = (templates.count + block - 1) / block
    let comparators = (0..<max(1, min(workers, blocks))).map { _ in MoteComparator() }
    try concurrently(units: blocks, workers: workers) { worker, unit in
      let rows = unit * block..<min((unit + 1) * block, templates.count)
      comparators[worker].score(
        try templates.references(rows), probes: probes.vectors,
        into: scores.base + rows.lowerBound * scores.stride, stride: scores.stride)
    }
    self.scores = scores
    self.templates = templates
    self.probes = probes
  }

  /// Counts and mean scores of mated and non-mated pairs.
  package var summary: String {
    var sums = [0.0, 0.0]
    var counts = [0, 0]
    for (r, identity) in templates.identities.enumerated() {
      for p in 0..<probes.count {
        let isMated = probes.subjects[Int(probes.subjectOfRow[p])] == identity
        sums[isMated ? 0 : 1] += Double(scores[row: r][p])
        counts[isMated ? 0 : 1] += 1
      }
    }
    func text(_ k: Int) -> String {
      counts[k] == 0 ? "none" : "\(counts[k]), mean logit \(sums[k] / Double(counts[k]))"
    }
    return """
      \(templates.count) templates (\(templates.precision.rawValue)) against \(probes.count) probes
      mated (own reference sample included): \(text(0))
      non-mated: \(text(1))
      """
  }

  /// Writes scores and the identities of both sides.
  ///
  /// - Parameter keepsOther: a file at `path` that has another content stays.
  /// - Throws: `HDF5Error`, `FileError`.
  package func write(to path: String, keepsOther: Bool) throws {
    let writer = try HDF5Writer(path: path, keepsOther: keepsOther)
    try writer.create("scores", .float32, shape: [scores.rows, scores.columns])
    try writer.write("scores", rows: 0..<scores.rows, from: scores.base)
    try writer.writeStrings("reference", templates.identities)
    try writer.writeStrings(
      "probe", probes.subjectOfRow.map { probes.subjects[Int($0)] })
    if !probes.filenames.isEmpty { try writer.writeStrings("filename", probes.filenames) }
    try writer.setAttribute("templates_precision", templates.precision.rawValue)
    try writer.setAttribute("format", Self.format)
    try writer.setAttribute("templates", templates.path)
    try writer.setAttribute("probes", probes.path)
    try writer.finish()
  }

  /// Value of the attribute `format`.
  static let format = "mote-scores 1"

  /// Whether a file holds scores of files of these names.
  package static func wrote(_ path: String, templates: String, probes: String) -> Bool {
    guard let attributes = try? HDF5File(path: path).attributes() else { return false }
    return attributes["format"] == format && attributes["templates"] == templates
      && attributes["probes"] == probes
  }
}

extension ModelTemplates {
  /// Reads every weight and says what the file holds.
  ///
  /// - Throws: `ModelTemplateError` for weights that are no numbers and identities that repeat
  ///   within a fold.
  package func verified() throws -> String {
    var norm = 0.0
    for start in stride(from: 0, to: count, by: 64) {
      for reference in try references(start..<min(start + 64, count)) {
        norm += reference.weights.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
    }
    if Set(identities).count != count {
      throw ModelTemplateError.bad(
        path: path,
        reason: "\(count) templates of \(Set(identities).count) subjects, expected one each")
    }
    var lines = [
      "\(path): \(count) model-templates, "
        + shape.dims.map(String.init).joined(separator: "-")
        + ", \(precision.rawValue), \(precision.bytes(of: shape)) bytes each",
      "  mean L2 norm of the weights: \(count == 0 ? 0 : norm / Double(count))",
    ]
    for (name, value) in attributes.sorted(by: { $0.key < $1.key })
    where !["format", "precision", "layers"].contains(name) {
      lines.append("  \(name): \(value.split(separator: "\n").joined(separator: "; "))")
    }
    return lines.joined(separator: "\n")
  }
}
