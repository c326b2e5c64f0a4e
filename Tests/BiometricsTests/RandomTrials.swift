import Biometrics
import Kernels

/// Small random trial sets with everything that can go wrong: ties, several folds, subjects with one
/// image, unlabelled subjects, an empty group, padding between rows.
struct RandomTrials {
  let trials: TrialSet
  let subjects: Int

  /// - Parameters:
  ///   - step: scores are multiples of it; a coarse step makes ties.
  ///   - separation: distance of mated from non-mated scores in standard deviations.
  init(
    seed: UInt64, subjects: Int, folds: Int = 1, step: Double = 0.01, separation: Double = 2,
    groups: [String] = ["male", "female"], emptyGroup: Int? = nil, unlabelled: Bool = true,
    hasReferences: Bool = true
  ) {
    var random = CounterRNG(seed: seed, purpose: .syntheticDataset)
    func normal() -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + random.uniform() }
    }
    let codes = groups.count + (unlabelled ? 1 : 0)
    var subjectGroup = (0..<subjects).map { _ in UInt8(random.index(below: max(codes, 1))) }
    for s in subjectGroup.indices where emptyGroup == Int(subjectGroup[s]) { subjectGroup[s] = 0 }
    var strata: [TrialStratum] = []
    for fold in 0..<folds {
      let own = (0..<subjects).filter { $0 % folds == fold }
      var probes: [Int32] = []
      for s in own { for _ in 0..<(1 + random.index(below: 4)) { probes.append(Int32(s)) } }
      random.shuffle(&probes)
      let references = hasReferences ? own.map { Int32($0) } : []
      let stride = probes.count + 3
      var blocks: [ScoreMatrix] = []
      var row = 0
      while row < references.count {
        let rows = min(references.count - row, 1 + random.index(below: 5))
        var scores = [Float](repeating: .nan, count: rows * stride)
        for i in 0..<rows {
          for (j, probe) in probes.enumerated() {
            let mean = probe == references[row + i] ? separation : 0
            scores[i * stride + j] = Float(((normal() + mean) / step).rounded() * step)
          }
        }
        let whole = ScoreMatrix(scores: scores, rows: rows, columns: stride)
        blocks.append(
          ScoreMatrix(
            base: whole.base, rows: rows, columns: probes.count, stride: stride,
            owner: Keeper(whole)))
        row += rows
      }
      // Some references have no own column.
      let ownColumn = references.map { subject in
        random.index(below: 5) == 0 ? -1 : Int32(probes.firstIndex(of: subject)!)
      }
      strata.append(
        TrialStratum(
          blocks: blocks, referenceSubject: references, probeSubject: probes,
          ownColumn: ownColumn))
    }
    trials = TrialSet(strata: strata, subjectGroup: subjectGroup, groups: groups)
    self.subjects = subjects
  }

  private final class Keeper {
    let block: ScoreMatrix
    init(_ block: ScoreMatrix) { self.block = block }
  }

  /// Draws of n subjects with replacement, each `scale` times.
  static func draws(seed: UInt64, replicates: Int, scale: Int32 = 1) -> BootstrapDraws {
    BootstrapDraws(replicates: replicates) { replicate, m in
      m.update(repeating: 0)
      var random = CounterRNG(seed: seed, purpose: .bootstrap, step: UInt32(replicate))
      for _ in 0..<m.count { m[random.index(below: m.count)] += scale }
    }
  }

  func multiplicities(_ draws: BootstrapDraws, _ replicate: Int) -> [Int] {
    var m = [Int32](repeating: 0, count: subjects)
    m.withUnsafeMutableBufferPointer { draws.multiplicities(replicate, $0) }
    return m.map(Int.init)
  }
}
