import Foundation
import Kernels

/// Subjects of a synthetic dataset: images, gender and labels of each. The same for all extractors.
struct SyntheticSubjects {
  /// First row of each subject, [s + 1].
  let offsets: [Int]
  /// True gender of each subject; labels may be withheld.
  let isMale: [Bool]
  let isUnlabelled: [Bool]

  /// Number of subjects with one image.
  static func singles(_ parameters: SyntheticDataset) -> Int {
    Int((parameters.singleImageShare * Double(parameters.subjects)).rounded())
  }

  /// Shares are met exactly (rounded); who gets what is random.
  init(_ parameters: SyntheticDataset) {
    let count = parameters.subjects
    func chosen(_ number: Int, step: SyntheticStream) -> [Bool] {
      var order = Array(0..<count)
      var rng = step.rng(parameters, unit: 0)
      rng.shuffle(&order)
      var marks = [Bool](repeating: false, count: count)
      for s in order.prefix(number) { marks[s] = true }
      return marks
    }
    isMale = chosen(Int((parameters.maleShare * Double(count)).rounded()), step: .gender)
    isUnlabelled = chosen(
      Int((parameters.unlabelledShare * Double(count)).rounded()), step: .unlabelled)
    let isSingle = chosen(Self.singles(parameters), step: .singles)
    offsets = Self.offsets(parameters, isSingle: isSingle)
  }

  /// Rows of the subjects with several images: two each, the others in proportion to log-normal
  /// weights by largest remainder, so that the total is exact.
  private static func offsets(_ parameters: SyntheticDataset, isSingle: [Bool]) -> [Int] {
    var images = isSingle.map { $0 ? 1 : 2 }
    let extra = parameters.rows - images.reduce(0, +)
    let several = images.indices.filter { !isSingle[$0] }
    if extra > 0 && !several.isEmpty {
      var normals = NormalStream(SyntheticStream.imageCounts.rng(parameters, unit: 0))
      let weights = several.map { _ in exp(parameters.imageCountSpread * normals.next()) }
      let total = weights.reduce(0, +)
      let exact = weights.map { Double(extra) * $0 / total }
      for (s, value) in zip(several, exact) { images[s] += Int(value) }
      let missing = extra - exact.reduce(0) { $0 + Int($1) }
      let byRemainder = several.indices.sorted {
        let (a, b) = (exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down))
        return (b, $0) < (a, $1)
      }
      for k in byRemainder.prefix(missing) { images[several[k]] += 1 }
    }
    var offsets = [0]
    offsets.reserveCapacity(images.count + 1)
    for n in images { offsets.append(offsets[offsets.count - 1] + n) }
    return offsets
  }

  /// Subject of a row.
  func subject(ofRow row: Int) -> Int {
    var (low, high) = (0, offsets.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if offsets[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }
}

/// Classes of the optional labels.
enum SyntheticLabels {
  static let ageGroups = ["(15, 20)", "(25, 32)", "(38, 43)", "(48, 53)"]
  static let ethnicities = ["A", "B", "C", "D"]
  /// Latent coordinates that gender and labels shift: gender 0, age groups 1-4, ethnicities 5-8.
  static let dimensions = 1 + ageGroups.count + ethnicities.count

  /// Classes of a subject: uniform age group, ethnicities 40, 30, 20, 10 %.
  static func classes(_ parameters: SyntheticDataset, subject: Int) -> (age: Int, ethnicity: Int) {
    var rng = SyntheticStream.labels.rng(parameters, unit: subject)
    let age = rng.index(below: ageGroups.count)
    let u = rng.uniform()
    return (age, u < 0.4 ? 0 : u < 0.7 ? 1 : u < 0.9 ? 2 : 3)
  }
}

/// Random streams of the generator. Values are part of the results.
enum SyntheticStream: UInt32 {
  case gender = 1
  case unlabelled = 2
  case singles = 3
  case imageCounts = 4
  case labels = 5
  case sharedLatent = 6
  case extractorLatent = 7
  case quality = 8
  case noise = 9
  case magnitude = 10
  case basis = 11

  /// The stream of a subject or row of a dataset; with an extractor, one of its own for each.
  func rng(_ parameters: SyntheticDataset, extractor: SyntheticExtractor? = nil, unit: Int)
    -> CounterRNG
  {
    rng(
      seed: parameters.seed,
      owner: parameters.name + (extractor.map { "/" + $0.name } ?? ""), unit: unit)
  }

  /// The stream of whatever has that name.
  func rng(seed: UInt64, owner: String, unit: Int) -> CounterRNG {
    CounterRNG(
      seed: seed ^ fnv1a(owner), purpose: .syntheticDataset, subject: UInt32(unit), step: rawValue)
  }
}
