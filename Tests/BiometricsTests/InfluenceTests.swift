import Biometrics
import Foundation
import Testing

@Suite struct InfluenceTests {
  /// Errors and trials counted one comparison at a time, without one person if asked.
  private func naive(
    _ trials: TrialSet, at threshold: Double, selfTrials: Bool, group: Int?, meetsAll: Bool,
    without left: Int? = nil
  ) -> [PersonErrors] {
    var people = trials.subjectGroup.indices.map { PersonErrors(subject: $0) }
    for stratum in trials.strata {
      var row = 0
      for block in stratum.blocks {
        for i in 0..<block.rows {
          let reference = Int(stratum.referenceSubject[row])
          for column in 0..<block.columns {
            let probe = Int(stratum.probeSubject[column])
            let isSelf = Int(stratum.ownColumn[row]) == column
            if left == reference || left == probe { continue }
            if isSelf && !selfTrials { continue }
            if let group {
              if Int(trials.subjectGroup[reference]) != group { continue }
              if !meetsAll && Int(trials.subjectGroup[probe]) != group { continue }
            }
            let score = Double(block.base[i * block.stride + column])
            if reference == probe {
              people[reference].mated += 1
              if score < threshold { people[reference].falseNonMatches += 1 }
            } else {
              people[reference].nonMated += 1
              people[probe].nonMatedAsProbe += 1
              if score >= threshold {
                people[reference].falseMatches += 1
                people[probe].falseMatchesAsProbe += 1
              }
            }
          }
          row += 1
        }
      }
    }
    return people.filter { $0.mated + $0.nonMated + $0.nonMatedAsProbe > 0 }
  }

  @Test(arguments: [nil, 0, 1], [false, true])
  func streamingCountsAreTheNaiveOnes(group: Int?, meetsAll: Bool) throws {
    for (seed, folds) in [(1, 1), (2, 2), (3, 3)] {
      let trials = RandomTrials(seed: UInt64(seed), subjects: 23, folds: folds).trials
      for selfTrials in [false, true] {
        for threshold in [-Double.infinity, 1.1, 2.005, 9.0] as [Double] {
          let found = try trials.influence(
            at: threshold, selfTrials: selfTrials ? .included : .excluded, group: group,
            probes: meetsAll ? .reference : .same)
          let expected = naive(
            trials, at: threshold, selfTrials: selfTrials, group: group, meetsAll: meetsAll)
          #expect(found.people == expected)
          #expect(
            trials.matedErrors(
              at: threshold, selfTrials: selfTrials ? .included : .excluded, group: group
            ).totalErrors == found.falseNonMatches)
        }
      }
    }
  }

  @Test func leavingOneOutIsCountingWithoutThem() throws {
    let trials = RandomTrials(seed: 8, subjects: 15).trials
    let found = try trials.influence(at: 1.5)
    func rates(_ rate: ([PersonErrors]) -> Double) -> [Double] {
      found.people.map {
        rate(
          naive(
            trials, at: 1.5, selfTrials: false, group: nil, meetsAll: true, without: $0.subject))
      }
    }
    let fnmr = rates { people in
      Double(people.reduce(0) { $0 + $1.falseNonMatches })
        / Double(people.reduce(0) { $0 + $1.mated })
    }
    let fmr = rates { people in
      Double(people.reduce(0) { $0 + $1.falseMatches })
        / Double(people.reduce(0) { $0 + $1.nonMated })
    }
    func range(_ quantity: Quantity) -> ClosedRange<Double>? {
      PersonInfluence(repeats: [found.shares(quantity, isConditional: true)])?.withoutOne
    }
    #expect(range(.fnmr) == fnmr.min()!...fnmr.max()!)
    #expect(range(.fmr) == fmr.min()!...fmr.max()!)
  }

  @Test func onePersonCanCarryAResult() {
    var people = (0..<4).map { PersonErrors(subject: $0, mated: 10, nonMated: 100) }
    people[2].falseNonMatches = 9
    people[0].falseNonMatches = 1
    people[3].falseMatches = 2
    let found = Influence(people: people)
    let mated = PersonInfluence(repeats: [found.shares(.fnmr, isConditional: true)])
    let nonMated = PersonInfluence(repeats: [found.shares(.fmr, isConditional: true)])
    #expect(mated?.people == 2 && mated?.largestShare == 0.9)
    #expect(nonMated?.people == 1 && nonMated?.largestShare == 1)
    #expect(mated?.withoutOne == (1.0 / 30)...(10.0 / 30))
    let none = PersonInfluence(
      repeats: [Influence(people: []).shares(.fnmr, isConditional: true)])
    #expect(none?.largestShare == nil && none?.withoutOne == nil && none?.people == 0)
    #expect(PersonInfluence(repeats: []) == nil)
  }

  /// The range over repeats is that of the mean rate without the same person in each.
  @Test func leavingOneOutTakesTheModelsOfAllRepeats() throws {
    let repeats: [(Double, TrialSet)] = [1.3, 1.5, 1.7].map { threshold in
      (threshold, RandomTrials(seed: 8, subjects: 15).trials)
    }
    let shares = try repeats.map { threshold, trials in
      try trials.influence(at: threshold).shares(.fmr, isConditional: true)
    }
    var rates: [Double] = []
    for left in 0..<15 {
      var sum = 0.0
      for (threshold, trials) in repeats {
        let people: [PersonErrors] = naive(
          trials, at: threshold, selfTrials: false, group: nil, meetsAll: true, without: left)
        let errors = people.reduce(0) { $0 + $1.falseMatches }
        let count = people.reduce(0) { $0 + $1.nonMated }
        sum += Double(errors) / Double(count)
      }
      rates.append(sum / 3)
    }
    let found = try #require(PersonInfluence(repeats: shares)?.withoutOne)
    #expect(abs(found.lowerBound - rates.min()!) < 1e-12)
    #expect(abs(found.upperBound - rates.max()!) < 1e-12)
  }

  /// What records hold of every rate is what counting its own comparisons gives.
  @Test func everyRateGetsTheInfluenceOfItsOwnComparisons() throws {
    let trials = RandomTrials(seed: 5, subjects: 40).trials
    let joint = EvaluationConvention(name: "joint") { $0.denominator = .joint }
    let conventions = [EvaluationConvention.default, .paperCompatible, joint]
    let request = EvaluationRequest(conventions: conventions, targets: [0.05])
    var measurements = try evaluate(trials, request).measurements
    var counts = InfluenceCounts(trials)
    try counts.attach(to: &measurements, conventions: conventions)
    var counted = 0
    for value in measurements {
      guard value.quantity == .fnmr || value.quantity == .fmr else {
        #expect(value.errorShares == nil)
        continue
      }
      let convention = conventions.first { $0.name == value.convention }!
      let found = try #require(PersonInfluence(repeats: [value.errorShares]))
      let group = trials.groups.firstIndex(of: value.group)
      let people = naive(
        trials, at: value.threshold!, selfTrials: convention.selfTrials == .included, group: group,
        meetsAll: convention.nonMated == .reference)
      let errors = people.map { value.quantity == .fnmr ? $0.falseNonMatches : $0.falseMatches }
      #expect(errors.reduce(0, +) == value.numerator, "\(value.convention) \(value.group)")
      #expect(found.people == errors.count { $0 > 0 })
      if let most = errors.max(), most > 0 {
        #expect(found.largestShare == Double(most) / Double(value.numerator!))
        counted += 1
      } else {
        #expect(found.largestShare == nil && !found.isNotable)
      }
      let hasRange = found.withoutOne != nil
      #expect(hasRange == (convention.denominator == .conditional || group == nil))
    }
    #expect(counted > 6)
    let text = try JSONEncoder().encode(measurements)
    #expect(
      try JSONDecoder().decode([MetricValue].self, from: text).map(\.errorShares)
        == measurements.map(\.errorShares))
  }
}
