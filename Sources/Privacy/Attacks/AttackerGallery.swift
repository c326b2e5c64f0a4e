import AttackReports
import Configurations
import Datasets
import Kernels

/// The attacker's own samples with known attribute: one image per subject, balanced over the
/// groups, of subjects that are neither targets nor in training (definitions 3.2).
package struct AttackerGallery: Sendable {
  /// Where the samples come from.
  package let dataset: String
  package let attribute: String
  package let groups: [String]
  /// Ordinary (unprotected) embeddings, [p, d].
  package let vectors: FloatMatrix
  /// Group of each sample, an index into `groups`.
  package let groupOfSample: [Int]
  /// Rows of the dataset that were drawn.
  package let rows: [Int32]

  package init(
    dataset: String, attribute: String, groups: [String], vectors: FloatMatrix,
    groupOfSample: [Int], rows: [Int32] = []
  ) {
    precondition(groupOfSample.count == vectors.rows)
    self.dataset = dataset
    self.attribute = attribute
    self.groups = groups
    self.vectors = vectors
    self.groupOfSample = groupOfSample
    self.rows = rows
  }

  package var count: Int { vectors.rows }

  /// Draws a gallery.
  ///
  /// Samples are ordered in rounds, one of each group, in random order of the subjects: the first
  /// k rounds are a balanced gallery of k per group.
  ///
  /// - Parameters:
  ///   - set: the attacker's data.
  ///   - labels: the attribute's labels of that set.
  ///   - excluded: names of subjects that must not occur (targets and training subjects).
  ///   - size: subjects per group.
  ///   - seed: chooses subjects and images.
  /// - Throws: `PrivacyError.galleryTooLarge` or `.galleryEmpty`.
  package static func draw(
    from set: EmbeddingSet, labels: AttributeLabels, excluding excluded: Set<String>,
    size: GallerySize,
    seed: UInt64
  ) throws -> AttackerGallery {
    precondition(labels.groupOfRow.count == set.count)
    var rng = CounterRNG(seed: seed, purpose: .attackerGallery)
    var rowsOfGroup = labels.groups.map { _ in [Int32]() }
    for subject in set.subjects.indices where !excluded.contains(set.subjects[subject]) {
      let labelled = set.rows(of: subject).filter { labels.groupOfRow[Int($0)] >= 0 }
      guard !labelled.isEmpty else { continue }
      let row = labelled[rng.index(below: labelled.count)]
      rowsOfGroup[labels.groupOfRow[Int(row)]].append(row)
    }
    for group in rowsOfGroup.indices { rng.shuffle(&rowsOfGroup[group]) }
    let smallest = rowsOfGroup.indices.min { rowsOfGroup[$0].count < rowsOfGroup[$1].count }!
    let available = rowsOfGroup[smallest].count
    if available == 0 {
      throw PrivacyError.galleryEmpty(dataset: set.dataset, group: labels.groups[smallest])
    }
    let perGroup: Int
    switch size {
    case .available(let limit): perGroup = min(available, limit)
    case .exactly(let count):
      guard count <= available else {
        throw PrivacyError.galleryTooLarge(
          dataset: set.dataset, group: labels.groups[smallest], requested: count,
          available: available)
      }
      perGroup = count
    }
    var rows: [Int32] = []
    var groupOfSample: [Int] = []
    for round in 0..<perGroup {
      for group in rowsOfGroup.indices {
        rows.append(rowsOfGroup[group][round])
        groupOfSample.append(group)
      }
    }
    return AttackerGallery(
      dataset: set.dataset, attribute: labels.attribute, groups: labels.groups,
      vectors: set.vectors.selecting(rows: rows), groupOfSample: groupOfSample, rows: rows)
  }

  /// Whether each sample belongs to the question's first group.
  package func isFirst(_ question: BinaryQuestion) -> [Bool] {
    groupOfSample.map { $0 == question.firstGroup }
  }

  /// Indices of the first `perGroup` samples of every group, in gallery order.
  package func prefix(perGroup: Int) -> [Int] {
    var taken = groups.map { _ in 0 }
    return groupOfSample.indices.filter {
      taken[groupOfSample[$0]] += 1
      return taken[groupOfSample[$0]] <= perGroup
    }
  }
}
