import Configurations
import Kernels
import Workers

/// What nearest neighbours say of the labels of a file: second names, images under a wrong name, repeated
/// images. A judgement for a person to look at; nothing is left out because of it.
package struct NeighbourAudit: Sendable, Codable, Equatable {
  /// Two people with a row each that are alike.
  package struct Names: Sendable, Codable, Equatable {
    package let first: String
    package let second: String
    /// Rows of the file, from 0.
    package let firstRow: Int
    package let secondRow: Int
    package let cosine: Float
    /// One is labelled male and the other female.
    package let gendersDiffer: Bool
  }

  /// A row that is nearer to somebody else than to every other row of its own person.
  package struct Stray: Sendable, Codable, Equatable {
    package let row: Int
    package let identity: String
    /// Cosine with the nearest row of the same person.
    package let ownCosine: Float
    package let nearest: String
    package let nearestRow: Int
    package let cosine: Float
  }

  /// The cosine from which two rows of different names are more likely one person than two (definitions
  /// 1.8).
  package let level: Float
  /// Pairs of names with rows at least that alike, most alike first.
  package let secondNames: [Names]
  /// Most conspicuous first.
  package let strays: [Stray]
  /// Rows of a person with a cosine of at least `repeatLevel` to another one of the same person, equal ones
  /// among them.
  package let repeatedRows: Int
  /// Rows whose norm is further from the median than six robust deviations.
  package let unusualNorms: [Int]

  /// A level for repeated images that is a judgement: the same picture cut or stored in another way.
  package static let repeatLevel: Float = 0.99

  /// All rows meet all rows in blocks; memory is that of a block a worker and two neighbours a row. The
  /// number of workers does not matter.
  ///
  /// - Precondition: rows are finite and none is 0.
  package init(_ set: EmbeddingSet, workers: Int) {
    level = CosineSample([EmbeddingRows(all: set)]).likeness
    let neighbours = Neighbours.all(of: set, workers: workers)
    var best: [[Int32]: Names] = [:]
    var strays: [Stray] = []
    var repeated = 0
    for row in 0..<set.count {
      let subject = set.subjectOfRow[row]
      let (own, other) = (neighbours[row].own, neighbours[row].other)
      if own.row >= 0, own.cosine >= Self.repeatLevel { repeated += 1 }
      guard other.row >= 0 else { continue }
      let another = set.subjectOfRow[Int(other.row)]
      if own.row >= 0, own.cosine < other.cosine {
        strays.append(
          Stray(
            row: row, identity: set.subjects[Int(subject)], ownCosine: own.cosine,
            nearest: set.subjects[Int(another)], nearestRow: Int(other.row), cosine: other.cosine))
      }
      guard other.cosine >= level else { continue }
      let key = [min(subject, another), max(subject, another)]
      if let known = best[key], known.cosine >= other.cosine { continue }
      let rows = subject < another ? (row, Int(other.row)) : (Int(other.row), row)
      let genders = key.map { set.genderOfSubject[Int($0)] }
      best[key] = Names(
        first: set.subjects[Int(key[0])], second: set.subjects[Int(key[1])], firstRow: rows.0,
        secondRow: rows.1, cosine: other.cosine,
        gendersDiffer: genders[0] != genders[1] && !genders.contains(.unlabelled))
    }
    secondNames = best.values.sorted {
      (-$0.cosine, $0.firstRow, $0.secondRow) < (-$1.cosine, $1.firstRow, $1.secondRow)
    }
    self.strays = strays.sorted {
      ($0.ownCosine - $0.cosine, $0.row) < ($1.ownCosine - $1.cosine, $1.row)
    }
    repeatedRows = repeated
    unusualNorms = Self.unusual(set.norms)
  }

  /// Places of values further from the median than six times 1.4826 times the median deviation.
  private static func unusual(_ norms: [Float]) -> [Int] {
    guard !norms.isEmpty else { return [] }
    func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }
    let middle = median(norms)
    let deviation = 1.4826 * median(norms.map { abs($0 - middle) })
    guard deviation > 1e-6 * middle else { return [] }
    return norms.indices.filter { abs(norms[$0] - middle) > 6 * deviation }
  }
}

/// The nearest rows of a row.
private struct Neighbours {
  struct Nearest {
    var row: Int32 = -1
    var cosine: Float = -.infinity

    /// Takes a row that is nearer; of equal ones the first of the file.
    mutating func meet(_ other: Int32, _ cosine: Float) {
      if cosine > self.cosine || cosine == self.cosine && other < row {
        (row, self.cosine) = (other, cosine)
      }
    }
  }

  /// Of the same person, another row; and of anybody else.
  var own = Nearest()
  var other = Nearest()

  private static let block = 512

  /// Of every row: blocks on and above the diagonal serve both of their sides.
  static func all(of set: EmbeddingSet, workers: Int) -> [Neighbours] {
    let (n, d) = (set.count, set.dimension)
    let blocks = (n + block - 1) / block
    let pairs = (0..<blocks).flatMap { i in (i..<blocks).map { (i, $0) } }
    let crew = max(1, min(workers, pairs.count))
    let matrices = (0..<crew).map { _ in
      (
        left: FloatMatrix(rows: block, columns: d), right: FloatMatrix(rows: block, columns: d),
        cosines: FloatMatrix(rows: block, columns: block)
      )
    }
    var found = [[Neighbours]](
      repeating: [Neighbours](repeating: Neighbours(), count: n), count: crew)
    found.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let found = buffer
      concurrently(units: pairs.count, workers: crew) { worker, unit in
        let (i, j) = pairs[unit]
        let (left, right, cosines) = matrices[worker]
        let rows = i * block..<min((i + 1) * block, n)
        let columns = j * block..<min((j + 1) * block, n)
        for row in rows {
          copyUnitRow(set.vectors, row, to: left.base + (row - rows.lowerBound) * d)
        }
        for row in columns {
          copyUnitRow(set.vectors, row, to: right.base + (row - columns.lowerBound) * d)
        }
        BLAS.multiply(
          m: rows.count, n: columns.count, k: d, a: left.base, aStride: d, b: right.base,
          bStride: d, transposesB: true, c: cosines.base, cStride: block)
        for a in rows {
          let products = cosines.base + (a - rows.lowerBound) * block
          let subject = set.subjectOfRow[a]
          for b in columns where b > a {
            let cosine = products[b - columns.lowerBound]
            if set.subjectOfRow[b] == subject {
              found[worker][a].own.meet(Int32(b), cosine)
              found[worker][b].own.meet(Int32(a), cosine)
            } else {
              found[worker][a].other.meet(Int32(b), cosine)
              found[worker][b].other.meet(Int32(a), cosine)
            }
          }
        }
      }
    }
    var all = found[0]
    for part in found.dropFirst() {
      for row in 0..<n {
        all[row].own.meet(part[row].own.row, part[row].own.cosine)
        all[row].other.meet(part[row].other.row, part[row].other.cosine)
      }
    }
    return all
  }
}

/// People of two files who look alike.
package struct SharedPeople: Sendable, Codable, Equatable {
  package struct Pair: Sendable, Codable, Equatable {
    package let first: String
    package let second: String
    package let cosine: Float
  }

  package let first: String
  package let second: String
  /// The cosine from which rows count as alike: the larger one of the two files.
  package let level: Float
  /// Everybody of the first file with the most similar one of the second, most alike first; the same name
  /// or not.
  package let pairs: [Pair]
  /// Names that are in both files, whoever bears them.
  package let sharedNames: Int

  /// Nil where the files have different dimensions.
  package init?(_ a: EmbeddingSet, _ b: EmbeddingSet) {
    guard a.dimension == b.dimension else { return nil }
    (first, second) = (a.path, b.path)
    let (left, right) = (EmbeddingRows(all: a), EmbeddingRows(all: b))
    level = max(CosineSample([left]).likeness, CosineSample([right]).likeness)
    pairs = similarSubjects(left, right, atLeast: level) { _, _ in false }.pairs.map {
      Pair(
        first: a.subjects[Int($0.first)], second: b.subjects[Int($0.second)], cosine: $0.cosine)
    }
    sharedNames = Set(a.subjects).intersection(b.subjects).count
  }
}
