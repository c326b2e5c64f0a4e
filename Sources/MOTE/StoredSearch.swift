import Configurations
import Files
import Kernels
import Workers

/// Identification from a stored file that need not fit in memory: every thread reads a block of
/// templates by their place, compares it and forgets it. Belongs to one thread.
package final class StoredSearch {
  /// What a thread owns.
  private struct Member {
    let rows: TemplateRows
    let block: MoteGallery
    let search: MoteSearch
  }
  private let members: [Member]

  /// Bytes of templates that a thread reads at a time.
  private static let bytesPerBlock = 4 << 20

  /// - Throws: as `TemplateRows`; `NetworkGalleryError`.
  package init(_ templates: ModelTemplates, way: TemplateRows.Way, workers: Int) throws {
    members = try (0..<max(1, workers)).map { _ in
      let rows = try TemplateRows(templates, way: way)
      return Member(
        rows: rows,
        block: try MoteGallery(
          shape: templates.shape, precision: templates.precision,
          count: max(1, Self.bytesPerBlock / rows.bytesEach)),
        search: MoteSearch(shape: templates.shape, workers: 1))
    }
  }

  /// Writes the score of every pair of the first `people` templates and the probes: template r against
  /// probe p to `scores[r * stride + p]`, the same bits as from memory.
  ///
  /// - Throws: `FileError`.
  package func score(
    people: Int, probes: FloatMatrix, into scores: UnsafeMutablePointer<Float>, stride: Int
  ) throws(FileError) {
    let size = members[0].block.count
    try concurrently(units: (people + size - 1) / size, workers: members.count) {
      (worker, unit) throws(FileError) in
      let member = members[worker]
      let range = unit * size..<min((unit + 1) * size, people)
      try member.rows.load(range, into: member.block, at: 0)
      member.search.score(
        member.block, 0..<range.count, probes: probes, into: scores + range.lowerBound * stride,
        stride: stride)
    }
  }

  /// As `TemplateRows.forgetPages`, for all threads.
  package func forgetPages() {
    for member in members { member.rows.forgetPages() }
  }
}
