import Datasets
import Kernels
import Privacy
import Records
import Specs

/// The people whom the attacker enrols himself through the attacked system, to learn from their
/// references (definitions 3.4, A3): the first of his gallery, so neither targets nor in training.
/// Where systems are trained anew per fold they are dealt over the folds, as the targets are.
struct OwnEnrolments {
  /// The people of each fold; nil: none.
  let comparisons: [ComparisonProtocol?]
  /// Units of work by fold.
  let units: [[UnitOfWork]]
  /// Key of each person's random draws, by subject of the attacker's set; no target has one of them.
  let keys: [UInt32]
  /// Subject of each own reference, folds one after the other.
  var subjects: [Int32] { comparisons.flatMap { $0?.referenceSubjects ?? [] } }
  var count: Int { comparisons.reduce(0) { $0 + ($1?.referenceCount ?? 0) } }

  /// - Parameters:
  ///   - gallery: rows of `set`.
  ///   - perGroup: people of each group, or fewer where the gallery is smaller.
  init(
    gallery: AttackerGallery, of set: EmbeddingSet, perGroup: Int, folds: Int, seed: UInt64
  ) throws {
    let rows = gallery.prefix(perGroup: perGroup).map { gallery.rows[$0] }
    let none = EmbeddingRows(set: set, rows: [])
    comparisons = try (0..<folds).map { fold in
      // The gallery goes round the groups: each fold gets people of all of them.
      let dealt = rows.indices.filter { $0 / gallery.groups.count % folds == fold }
      guard !dealt.isEmpty else { return nil }
      return try ComparisonProtocol(
        partition: SubjectPartition(
          fold: fold, cohort: none, development: none,
          evaluation: EmbeddingRows(set: set, rows: dealt.map { rows[$0] }.sorted())),
        seed: seed)
    }
    units = comparisons.map { $0.map { UnitOfWork.units(of: [$0])[0] } ?? [] }
    var keys = [UInt32](repeating: 0, count: set.subjects.count)
    for (place, s) in set.subjects.indices.sorted(by: { set.subjects[$0] < set.subjects[$1] })
      .enumerated()
    {
      keys[s] = 0x4000_0000 | UInt32(place)
    }
    self.keys = keys
  }
}

extension AttackerGallery {
  /// The sample of each subject of the attacker's set; nil: not in the gallery.
  func sampleOfSubject(in set: EmbeddingSet) -> [Int?] {
    var samples = [Int?](repeating: nil, count: set.subjects.count)
    for (sample, row) in rows.enumerated() {
      samples[Int(set.subjectOfRow[Int(row)])] = sample
    }
    return samples
  }
}
