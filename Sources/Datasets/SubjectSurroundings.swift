import Configurations
import Kernels
import Workers

/// What the data show of an enrolled person, whatever is made of them.
package struct SubjectSurroundings: Sendable, Hashable {
  /// Evaluated images, the reference among them.
  package var images = 0
  /// 1 - cosine of the reference with the mean of the person's other evaluated images, each brought
  /// to length 1; nil where there are none.
  package var referenceDistance: Float?
  /// The evaluated person of another name with the image most similar to the reference; nil where
  /// there is nobody else.
  package var nearest: SimilarPerson?
  /// People of other names, of any part, with a row as similar as two images of one person
  /// (`SubjectPartition.likeness`): one person under two names, perhaps. Most similar first, at most
  /// five.
  package var secondNames: [SimilarPerson] = []

  package init() {}

  static let mostSecondNames = 5
}

extension SubjectPartition {
  /// The cosine from which people of different names count as similar: the level of definitions 1.8,
  /// here from the evaluated rows.
  package var likeness: Float { CosineSample([evaluation]).likeness }

  /// What the data show of each reference's person, in the order of the references.
  ///
  /// All rows of all parts meet all references in blocks of fixed size: memory is that of a block a
  /// worker, and results do not depend on their number.
  package func surroundings(
    of comparison: ComparisonProtocol, likeness level: Float, workers: Int
  ) -> [SubjectSurroundings] {
    let all: [(name: String, rows: EmbeddingRows)] = [
      ("evaluation", evaluation), ("cohort", cohort), ("development", development),
    ]
    let parts = all.filter { !$0.rows.rows.isEmpty }
    let block = 64
    let units = (comparison.referenceCount + block - 1) / block
    let searches = (0..<max(1, min(workers, units))).map { _ in
      NeighbourSearch(dimension: comparison.set.dimension, references: block)
    }
    var found = [SubjectSurroundings](repeating: .init(), count: comparison.referenceCount)
    found.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let found = buffer
      concurrently(units: units, workers: workers) { worker, unit in
        let range = unit * block..<min((unit + 1) * block, comparison.referenceCount)
        let neighbours = searches[worker].neighbours(
          of: range, comparison, among: parts, level: level)
        for (i, r) in range.enumerated() {
          found[r].nearest = neighbours[i].nearest
          found[r].secondNames = neighbours[i].similar
        }
      }
    }
    addOwnImages(comparison, to: &found)
    return found
  }

  /// Images of each person, and how far the reference stands from the others.
  private func addOwnImages(
    _ comparison: ComparisonProtocol, to found: inout [SubjectSurroundings]
  ) {
    let (set, d) = (comparison.set, comparison.set.dimension)
    var rowsOfSubject = [[Int32]](repeating: [], count: set.subjects.count)
    for (row, s) in zip(comparison.probeRows, comparison.probeSubjects) {
      rowsOfSubject[Int(s)].append(row)
    }
    let unit = FloatMatrix(rows: 1, columns: d)
    for (r, s) in comparison.referenceSubjects.enumerated() {
      let rows = rowsOfSubject[Int(s)]
      found[r].images = rows.count
      let others = rows.filter { $0 != comparison.referenceRows[r] }.sorted()
      if others.isEmpty { continue }
      var mean = [Double](repeating: 0, count: d)
      for row in others {
        copyUnitRow(set.vectors, Int(row), to: unit.base)
        for j in 0..<d { mean[j] += Double(unit.base[j]) }
      }
      copyUnitRow(set.vectors, Int(comparison.referenceRows[r]), to: unit.base)
      var (product, square) = (0.0, 0.0)
      for j in 0..<d {
        product += mean[j] * Double(unit.base[j])
        square += mean[j] * mean[j]
      }
      if square > 0 { found[r].referenceDistance = Float(1 - product / square.squareRoot()) }
    }
  }
}

/// Compares a block of references with blocks of rows; belongs to one thread.
private final class NeighbourSearch {
  private let products: DenseProducts
  private let left: FloatMatrix
  private let right: FloatMatrix
  private let cosines: FloatMatrix

  init(dimension d: Int, references: Int) {
    products = DenseProducts(dimension: d)
    left = FloatMatrix(rows: references, columns: d)
    right = FloatMatrix(rows: 256, columns: d)
    cosines = FloatMatrix(rows: references, columns: 256)
  }

  /// The neighbours of each reference of a range.
  func neighbours(
    of range: Range<Int>, _ comparison: ComparisonProtocol,
    among parts: [(name: String, rows: EmbeddingRows)], level: Float
  ) -> [(nearest: SimilarPerson?, similar: [SimilarPerson])] {
    let d = products.dimension
    for (i, r) in range.enumerated() {
      copyUnitRow(
        comparison.set.vectors, Int(comparison.referenceRows[r]), to: left.base + i * d)
    }
    var nearest = [(subject: Int32, cosine: Float)?](repeating: nil, count: range.count)
    var similar = [[Similar]](repeating: [], count: range.count)
    for (p, part) in parts.enumerated() {
      let set = part.rows.set
      // People of the evaluated dataset are known by number.
      let isOwn = set.dataset == comparison.set.dataset
      for start in stride(from: 0, to: part.rows.rows.count, by: right.rows) {
        let rows = part.rows.rows[start..<min(start + right.rows, part.rows.rows.count)]
        for (j, row) in rows.enumerated() {
          copyUnitRow(set.vectors, Int(row), to: right.base + j * d)
        }
        products.evaluate(
          rows: left, columns: right, into: cosines.base, stride: cosines.stride)
        for (i, r) in range.enumerated() {
          let line = cosines.base + i * cosines.stride
          let own = comparison.referenceSubjects[r]
          for (j, row) in rows.enumerated() {
            // Most rows are neither.
            let isNearer = p == 0 && line[j] > nearest[i]?.cosine ?? -.infinity
            if !isNearer && line[j] < level { continue }
            let subject = set.subjectOfRow[Int(row)]
            if isOwn && subject == own { continue }
            if isNearer { nearest[i] = (subject, line[j]) }
            if line[j] >= level {
              similar[i].insert(Similar(part: p, subject: subject, cosine: line[j]))
            }
          }
        }
      }
    }
    return range.indices.map { r in
      let i = r - range.lowerBound
      func neighbour(_ part: Int, _ subject: Int32, _ cosine: Float) -> SimilarPerson {
        SimilarPerson(
          name: parts[part].rows.set.subjects[Int(subject)], part: parts[part].name,
          cosine: cosine)
      }
      var names: [SimilarPerson] = []
      // A person of two parts is named once, by the first of them.
      for one in similar[i].sorted(by: Similar.isBefore) {
        let other = neighbour(one.part, one.subject, one.cosine)
        let set = parts[one.part].rows.set.dataset
        let isKnown = similar[i].contains {
          $0.part < one.part && $0.subject == one.subject && parts[$0.part].rows.set.dataset == set
        }
        if !isKnown { names.append(other) }
      }
      return (
        nearest[i].map { neighbour(0, $0.subject, $0.cosine) },
        Array(names.prefix(SubjectSurroundings.mostSecondNames))
      )
    }
  }
}

/// Somebody similar to a reference.
private struct Similar {
  var part: Int
  var subject: Int32
  var cosine: Float

  static func isBefore(_ a: Similar, _ b: Similar) -> Bool {
    (-a.cosine, a.part, a.subject) < (-b.cosine, b.part, b.subject)
  }
}

extension [Similar] {
  /// Adds a person, or raises the cosine of one who is there.
  fileprivate mutating func insert(_ new: Similar) {
    if let i = firstIndex(where: { $0.part == new.part && $0.subject == new.subject }) {
      self[i].cosine = Swift.max(self[i].cosine, new.cosine)
    } else {
      append(new)
    }
  }
}
