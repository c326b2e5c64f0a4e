import Configurations
import Foundation
import Kernels

/// What an embedding file holds, in numbers.
package struct DatasetSummary: Sendable, Codable, Equatable {
  package struct GenderCounts: Sendable, Codable, Equatable {
    package let people: Int
    package let images: Int
  }

  /// Of the rows' L2 norms; the deviation is that of a sample.
  package struct Norms: Sendable, Codable, Equatable {
    package let mean: Double
    package let deviation: Double
    package let least: Double
    package let most: Double
  }

  /// Mean cosine of pairs of rows; nil: there is no such pair.
  package struct Cosines: Sendable, Codable, Equatable {
    package let mated: Double?
    package let nonMated: Double?
  }

  package var file: String
  package var sha256: String?
  package var synthetic: Bool
  /// The file's own words: dataset, model, source, license.
  package var attributes: [String: String]
  /// "float32, 6570 x 512, contiguous".
  package var storage: String
  package var images: Int
  package var mostImagesOfOne: Int
  /// [people, people with 2, 5 and 10 images or more].
  package var people: Int
  package var peopleWith2: Int
  package var peopleWith5: Int
  package var peopleWith10: Int
  /// By name of the gender; empty: the file has no such column.
  package var genders: [String: GenderCounts]
  package var norms: Norms?
  package var cosines: Cosines?
  /// Rows equal to an earlier one, and groups of equal rows; nil: no vectors were read.
  package var equalRows: Int?
  package var equalGroups: Int?
  /// Distinct labels by name of the column.
  package var labels: [String: [String]]

  /// Of a file as it was read and checked.
  init(_ checked: CheckedDataset) {
    let contents = checked.contents
    let images = checked.imagesOfSubject
    file = contents.source.path
    sha256 = nil
    synthetic = contents.isSynthetic
    attributes = contents.fileAttributes.filter {
      ["dataset", "model", "source", "license"].contains($0.key)
    }
    storage = contents.storage
    self.images = checked.subjectOfRow.count
    mostImagesOfOne = images.max() ?? 0
    people = images.count
    (peopleWith2, peopleWith5, peopleWith10) = (
      images.count { $0 >= 2 }, images.count { $0 >= 5 }, images.count { $0 >= 10 }
    )
    genders = [:]
    if contents.genders != nil {
      for gender in Gender.allCases {
        genders[gender.name] = GenderCounts(
          people: checked.genderOfSubject.count { $0 == gender },
          images: checked.subjectOfRow.count { checked.genderOfSubject[Int($0)] == gender })
      }
    }
    labels = contents.attributes.mapValues { Set($0).sorted() }
    guard let embeddings = contents.embeddings else { return }
    norms = Self.norms(checked.norms)
    if people > 0, checked.unusableRows.isEmpty {
      cosines = Self.cosines(embeddings, checked, images)
    }
    equalRows = checked.duplicates.reduce(0) { $0 + $1.count - 1 }
    equalGroups = checked.duplicates.count
  }

  private static func norms(_ norms: [Float]) -> Norms? {
    let finite = norms.filter(\.isFinite).map(Double.init)
    guard let least = finite.min(), let most = finite.max() else { return nil }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let square = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Norms(
      mean: mean, deviation: (square / Double(max(1, finite.count - 1))).squareRoot(),
      least: least, most: most)
  }

  /// Means over all mated and all non-mated pairs of rows.
  ///
  /// For unit rows x with subject sums S_s and total S, the sum over ordered pairs of distinct rows
  /// of one subject is sum_s (|S_s|^2 - n_s), over pairs of different subjects |S|^2 - sum_s |S_s|^2.
  private static func cosines(
    _ embeddings: FloatMatrix, _ checked: CheckedDataset, _ images: [Int]
  ) -> Cosines {
    let d = embeddings.columns
    var order = Array(0..<embeddings.rows)
    order.sort { (checked.subjectOfRow[$0], $0) < (checked.subjectOfRow[$1], $1) }
    var total = [Double](repeating: 0, count: d)
    var subjectSum = total
    var (subjectSquares, matedPairs) = (0.0, 0.0)
    for (position, row) in order.enumerated() {
      let subject = checked.subjectOfRow[row]
      let scale = 1 / Double(checked.norms[row])
      let vector = embeddings.base + row * embeddings.stride
      for j in 0..<d { subjectSum[j] += Double(vector[j]) * scale }
      if position + 1 == order.count || checked.subjectOfRow[order[position + 1]] != subject {
        for j in 0..<d {
          subjectSquares += subjectSum[j] * subjectSum[j]
          total[j] += subjectSum[j]
          subjectSum[j] = 0
        }
        let n = Double(images[Int(subject)])
        matedPairs += n * (n - 1)
      }
    }
    let n = Double(embeddings.rows)
    let nonMatedPairs = n * (n - 1) - matedPairs
    let all = total.reduce(0) { $0 + $1 * $1 }
    return Cosines(
      mated: matedPairs > 0 ? (subjectSquares - n) / matedPairs : nil,
      nonMated: nonMatedPairs > 0 ? (all - subjectSquares) / nonMatedPairs : nil)
  }
}
