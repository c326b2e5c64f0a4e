/// Identifiers that stand in two parts of a partition.
///
/// Within a dataset an identifier is a person. In another spelling (`spellingKey`), or in another
/// dataset (`comparisonKey`), it is the same person where it is a word, however its embeddings look; numbers ("17" is a
/// person in each dataset) are the same people where most of them have similar embeddings.
struct SharedIdentifiers {
  /// Identifiers of one dataset in both parts, sorted.
  private(set) var same: [String] = []
  /// "a = b", or "a" where both are spelt alike, sorted.
  private(set) var names: [String] = []
  /// How many of `names` have similar embeddings.
  private(set) var alike = 0
  /// Numbers in both that are taken for different people.
  private(set) var numbers = 0
  private let isSameDataset: Bool
  private var pairs: Set<[Int32]> = []

  /// - Parameter likeness: cosine from which embeddings are similar.
  init(_ a: EmbeddingRows, _ b: EmbeddingRows, likeness: Float) {
    isSameDataset = a.set.dataset == b.set.dataset
    let key = isSameDataset ? spellingKey : comparisonKey
    var subjectsOfKey: [String: [Int32]] = [:]
    for s in a.subjects {
      subjectsOfKey[key(a.set.subjects[Int(s)]), default: []].append(s)
    }
    var found: [(first: Int32, second: Int32, isNumber: Bool)] = []
    for second in b.subjects {
      let word = key(b.set.subjects[Int(second)])
      let isNumber = !word.unicodeScalars.contains { $0.properties.isAlphabetic }
      for first in subjectsOfKey[word] ?? [] { found.append((first, second, isNumber)) }
    }
    var (numbers, alikeNumbers): ([String], Int) = ([], 0)
    var numberPairs: Set<[Int32]> = []
    for (first, second, isNumber) in found {
      let (x, y) = (a.set.subjects[Int(first)], b.set.subjects[Int(second)])
      if isSameDataset && x == y {
        same.append(x)
        pairs.insert([first, second])
        continue
      }
      let isAlike = Self.areSimilar(a, first, b, second, likeness)
      let text = x == y ? x : "\(x) = \(y)"
      if isNumber && !isSameDataset {
        numbers.append(text)
        alikeNumbers += isAlike ? 1 : 0
        numberPairs.insert([first, second])
      } else {
        names.append(text)
        alike += isAlike ? 1 : 0
        pairs.insert([first, second])
      }
    }
    if 2 * alikeNumbers > numbers.count {
      names += numbers
      alike += alikeNumbers
      pairs.formUnion(numberPairs)
    } else {
      self.numbers = numbers.count
    }
    same.sort()
    names.sort()
  }

  /// True for pairs that are reported as the same person.
  func isKnown(_ first: Int32, _ second: Int32) -> Bool { pairs.contains([first, second]) }

  /// Whether one of the first eight rows of a subject is similar to one of another.
  private static func areSimilar(
    _ a: EmbeddingRows, _ first: Int32, _ b: EmbeddingRows, _ second: Int32, _ likeness: Float
  ) -> Bool {
    guard a.set.dimension == b.set.dimension else { return false }
    for x in a.set.rows(of: Int(first)).prefix(8) {
      for y in b.set.rows(of: Int(second)).prefix(8) {
        let (u, v) = (a.set.vectors[row: Int(x)], b.set.vectors[row: Int(y)])
        var (product, uu, vv) = (0.0, 0.0, 0.0)
        for j in 0..<a.set.dimension {
          product += Double(u[j]) * Double(v[j])
          uu += Double(u[j]) * Double(u[j])
          vv += Double(v[j]) * Double(v[j])
        }
        if product >= Double(likeness) * (uu * vv).squareRoot() { return true }
      }
    }
    return false
  }
}

/// Pairs of subjects with equal rows: for each row of `a` its subject and the first other subject of `b`
/// with such a row, leaving out the same identifiers of one dataset (they are reported as subjects).
func sharedEmbeddings(
  _ a: EmbeddingRows, _ b: EmbeddingRows, _ aHashes: [UInt64], _ bHashes: [UInt64]
) -> [(first: Int32, second: Int32)] {
  // Only rows whose hash occurs on the other side can be equal.
  let present = Set(b.rows.map { bHashes[Int($0)] })
  let aRows = a.rows.filter { present.contains(aHashes[Int($0)]) }
  if aRows.isEmpty { return [] }
  let wanted = Set(aRows.map { aHashes[Int($0)] })
  let bRows = b.rows.filter { wanted.contains(bHashes[Int($0)]) }
  let groups = duplicateRows(
    aRows.map { RowLocation(matrix: 0, row: Int($0)) }
      + bRows.map { RowLocation(matrix: 1, row: Int($0)) },
    in: [a.set.vectors, b.set.vectors], hashes: [aHashes, bHashes])
  let isSameDataset = a.set.dataset == b.set.dataset
  var pairs: [(first: Int32, second: Int32)] = []
  for group in groups {
    let left = group.filter { $0.matrix == 0 }.map { a.set.subjectOfRow[$0.row] }
    let right = group.filter { $0.matrix == 1 }.map { b.set.subjectOfRow[$0.row] }
    for x in left {
      let other = right.first {
        !(isSameDataset && a.set.subjects[Int(x)] == b.set.subjects[Int($0)])
      }
      if let other { pairs.append((x, other)) }
    }
  }
  return pairs
}
