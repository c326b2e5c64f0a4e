import Biometrics
import Kernels

/// One-to-many searches in the plainest way: every search sorts out its gallery anew.
struct NaiveIdentification {
  var mated = 0
  var nonMated = 0
  var galleries: [Int] = []
  /// Best score of everybody else by search, with its weight.
  private var others: [(score: Float, weight: Int)] = []
  private var mates: [(score: Float, other: Float, weight: Int)] = []

  /// - Parameter m: multiplicity of each subject.
  init(_ trials: TrialSet, _ m: [Int]) {
    for stratum in trials.strata {
      let rows = stratum.blocks.flatMap { block in (0..<block.rows).map { Array(block[row: $0]) } }
      galleries.append(Set(stratum.referenceSubject).count)
      for (column, probe) in stratum.probeSubject.enumerated() where m[Int(probe)] > 0 {
        var own: [Float] = []
        var other: [Float] = []
        for (row, reference) in stratum.referenceSubject.enumerated() where m[Int(reference)] > 0 {
          if reference != probe {
            other.append(rows[row][column])
          } else if stratum.ownColumn[row] != Int32(column) {
            own.append(rows[row][column])
          }
        }
        let weight = m[Int(probe)]
        if let best = other.max() {
          nonMated += weight
          others.append((best, weight))
        }
        if let mate = own.max() {
          mated += weight
          mates.append((mate, other.max() ?? -.infinity, weight))
        }
      }
    }
  }

  /// Weight of the non-mated searches that return anybody.
  private func falsePositives(_ threshold: Float) -> Int {
    others.reduce(0) { $0 + ($1.score >= threshold ? $1.weight : 0) }
  }

  struct Rates: Equatable {
    var threshold: Float
    var falsePositives: Int
    var missesAtRank1: Int
    var missesAtAnyRank: Int
  }

  func rates(atFPIR target: Double) -> Rates {
    let observed = (others.map(\.score) + mates.map(\.score) + [.infinity]).sorted()
    let t = observed.first { Double(falsePositives($0)) / Double(nonMated) <= target }!
    func misses(_ isHit: ((score: Float, other: Float, weight: Int)) -> Bool) -> Int {
      mates.reduce(0) { $0 + (isHit($1) ? 0 : $1.weight) }
    }
    return Rates(
      threshold: t, falsePositives: falsePositives(t),
      missesAtRank1: misses { $0.score >= t && $0.score > $0.other },
      missesAtAnyRank: misses { $0.score >= t })
  }
}

/// Small random searches with everything that can go wrong: ties, people with no, one or several references
/// and probes, references without an own column, folds, padding between rows.
struct RandomSearches {
  let trials: TrialSet
  let subjects: Int

  /// - Parameters:
  ///   - step: scores are multiples of it; a coarse step makes ties.
  init(seed: UInt64, subjects: Int, folds: Int = 1, step: Double = 0.01, separation: Double = 2.5) {
    var random = CounterRNG(seed: seed, purpose: .syntheticDataset)
    var strata: [TrialStratum] = []
    for fold in 0..<folds {
      let own = (0..<subjects).filter { $0 % folds == fold }
      var references: [Int32] = []
      var probes: [Int32] = []
      for s in own {
        for _ in 0..<[0, 1, 1, 1, 2, 3][random.index(below: 6)] { references.append(Int32(s)) }
        for _ in 0..<[0, 1, 1, 2, 4][random.index(below: 5)] { probes.append(Int32(s)) }
      }
      random.shuffle(&references)
      random.shuffle(&probes)
      let columns = probes.count
      var scores: [Float] = []
      for reference in references {
        for probe in probes {
          // Four uniforms have a variance of a third.
          let noise = (0..<4).reduce(-2.0) { sum, _ in sum + random.uniform() } * 1.732
          let mean = reference == probe ? separation : 0
          scores.append(Float(((noise + mean) / step).rounded() * step))
        }
      }
      let cut = references.count / 3
      let matrix = ScoreMatrix(scores: scores, rows: references.count, columns: columns)
      let blocks = [0..<cut, cut..<references.count].map { rows in
        ScoreMatrix(
          scores: rows.flatMap { Array(matrix[row: $0]) }, rows: rows.count, columns: columns)
      }
      let ownColumn = references.map { reference -> Int32 in
        let mine = probes.indices.filter { probes[$0] == reference }
        if mine.isEmpty || random.index(below: 3) == 0 { return -1 }
        return Int32(mine[random.index(below: mine.count)])
      }
      strata.append(
        TrialStratum(
          blocks: blocks, referenceSubject: references, probeSubject: probes, ownColumn: ownColumn))
    }
    trials = TrialSet(strata: strata, subjectGroup: [UInt8](repeating: 0, count: subjects))
    self.subjects = subjects
  }
}
