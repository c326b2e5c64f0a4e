// The samples of definitions 14: differences from the reference of people whom a density has not seen.
import Configurations
import Datasets
import Kernels
import Likeness
import MOTE
import Privacy
import Records

/// Evaluated people of one gender with two images or more, and the samples that are made of them.
struct ComparedPeople {
  /// Most samples of a kind from one person, so that few do not stand for all.
  static let mostSamplesOfPerson = 4
  /// Most pairs: distances of all samples to each other take 32 MB then.
  static let mostPairs = 1_000

  private struct Person {
    /// Its draws are keyed by this.
    let key: UInt32
    let reference: Int32
    /// Rows of the other images in random order.
    let others: [Int32]
  }

  private let set: EmbeddingSet
  private let people: [Person]
  private let seed: UInt64

  /// - Parameter seen: identifiers of the people whose images the density was made from.
  init(_ data: BatchData, gender: Gender, seen: Set<String>) {
    let comparison = data.comparisons[0]
    set = comparison.set
    seed = data.seed
    var rowsOf: [Int32: [Int32]] = [:]
    for (row, subject) in zip(comparison.probeRows, comparison.probeSubjects) {
      rowsOf[subject, default: []].append(row)
    }
    var found: [Person] = []
    for (reference, subject) in zip(comparison.referenceRows, comparison.referenceSubjects)
    where set.genderOfSubject[Int(subject)] == gender && !seen.contains(set.subjects[Int(subject)])
    {
      var others = (rowsOf[subject] ?? []).filter { $0 != reference }.sorted()
      guard !others.isEmpty else { continue }
      let key = data.subjectKeys[Int(subject)]
      var rng = CounterRNG(seed: seed, purpose: .comparedImages, subject: key)
      rng.shuffle(&others)
      found.append(Person(key: key, reference: reference, others: others))
    }
    people = found.sorted { $0.key < $1.key }
  }

  var count: Int { people.count }

  /// Real differences beside samples of a density.
  ///
  /// - Returns: components along the axes.
  func besideSynthetic(_ density: IntraSubjectKDE, axes: PrincipalAxes) -> PairedSamples {
    let counts = dealt(people.map(\.others.count))
    var pairs = Pairs(dimension: set.dimension)
    for (person, count) in zip(people, counts) where count > 0 {
      let reference = set.vectors[row: Int(person.reference)]
      let drawn = samples(of: density, person, count)
      for i in 0..<count {
        pairs.add(
          set.vectors[row: Int(person.others[i])], from: reference, beside: drawn[row: i],
          from: reference)
      }
      pairs.people += 1
    }
    return pairs.samples(axes)
  }

  /// The differences of the same images from the reference and from another image of the person, of
  /// people with three images or more.
  func besideOtherReference(axes: PrincipalAxes) -> PairedSamples {
    let counts = dealt(people.map { $0.others.count - 1 })
    var pairs = Pairs(dimension: set.dimension)
    for (person, count) in zip(people, counts) where count > 0 {
      let reference = set.vectors[row: Int(person.reference)]
      let other = set.vectors[row: Int(person.others.last!)]
      for i in 0..<count {
        let image = set.vectors[row: Int(person.others[i])]
        pairs.add(image, from: reference, beside: image, from: other)
      }
      pairs.people += 1
    }
    return pairs.samples(axes)
  }

  /// Pairs that each person gives: one of everybody, then another one, while there are samples and room.
  private func dealt(_ available: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: available.count)
    var left = Self.mostPairs
    for round in 0..<Self.mostSamplesOfPerson {
      for i in counts.indices where available[i] > round && left > 0 {
        counts[i] += 1
        left -= 1
      }
    }
    return counts
  }

  /// Samples as enrolment draws them, of one gender's density: reference + residual + h z.
  private func samples(of density: IntraSubjectKDE, _ person: Person, _ count: Int) -> FloatMatrix {
    let isMale = density.gender == .male
    let split = MatedSplit(slots: count, balancingFactor: isMale ? 1 : 0)
    let drawing = SyntheticMated.compared(
      GenderKDEs(male: isMale ? density : nil, female: isMale ? nil : density))
    let d = set.dimension
    let out = FloatMatrix(rows: count, columns: d)
    let chunk = RandomFill.chunk
    var words = [UInt32](repeating: 0, count: (count + chunk - 1) / chunk * chunk)
    var noise = [Float](repeating: 0, count: (d + chunk - 1) / chunk * chunk)
    drawing.fill(
      out.base, stride: out.stride, split: split,
      reference: set.vectors[row: Int(person.reference)].baseAddress!, dimension: d, seed: seed,
      subject: person.key, words: &words, noise: &noise, path: .current)
    return out
  }
}

/// Differences while they are collected.
private struct Pairs {
  let dimension: Int
  /// People so far: number of the person whose pairs are added.
  var people = 0
  private var first: [Double] = []
  private var second: [Double] = []
  private var firstCosines: [Double] = []
  private var secondCosines: [Double] = []
  private var person: [Int] = []

  init(dimension: Int) { self.dimension = dimension }

  mutating func add(
    _ a: UnsafeMutableBufferPointer<Float>, from r: UnsafeMutableBufferPointer<Float>,
    beside b: UnsafeMutableBufferPointer<Float>, from t: UnsafeMutableBufferPointer<Float>
  ) {
    for j in 0..<dimension { first.append(Double(a[j]) - Double(r[j])) }
    for j in 0..<dimension { second.append(Double(b[j]) - Double(t[j])) }
    firstCosines.append(cosine(a, r))
    secondCosines.append(cosine(b, t))
    person.append(people)
  }

  private func cosine(
    _ a: UnsafeMutableBufferPointer<Float>, _ b: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    var (product, x, y) = (0.0, 0.0, 0.0)
    for j in 0..<dimension {
      product += Double(a[j]) * Double(b[j])
      x += Double(a[j]) * Double(a[j])
      y += Double(b[j]) * Double(b[j])
    }
    return x * y > 0 ? product / (x * y).squareRoot() : 0
  }

  func samples(_ axes: PrincipalAxes) -> PairedSamples {
    func components(_ values: [Double]) -> Matrix64 {
      axes.components(
        of: Matrix64(rows: person.count, columns: dimension, values: values))
    }
    return PairedSamples(
      first: components(first), second: components(second), firstCosines: firstCosines,
      secondCosines: secondCosines, person: person)
  }
}
