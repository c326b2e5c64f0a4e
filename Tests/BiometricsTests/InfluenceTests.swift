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
    #expect(found.fnmrWithoutOne == fnmr.min()!...fnmr.max()!)
    #expect(found.fmrWithoutOne == fmr.min()!...fmr.max()!)
  }

  @Test func onePersonCanCarryAResult() {
    var people = (0..<4).map { PersonErrors(subject: $0, mated: 10, nonMated: 100) }
    people[2].falseNonMatches = 9
    people[0].falseNonMatches = 1
    people[3].falseMatches = 2
    let found = Influence(people: people)
    #expect(found.peopleWithFalseNonMatches == 2 && found.peopleWithFalseMatches == 1)
    #expect(found.mostFalseNonMatches?.subject == 2 && found.mostFalseNonMatches?.share == 0.9)
    #expect(found.mostFalseMatches?.subject == 3 && found.mostFalseMatches?.share == 1)
    #expect(found.fnmrWithoutOne == (1.0 / 30)...(10.0 / 30))
    let none = Influence(people: [])
    #expect(none.mostFalseNonMatches == nil && none.fnmrWithoutOne == nil)
  }

  /// What records hold of every rate is what counting its own comparisons gives.
  @Test func everyRateGetsTheInfluenceOfItsOwnComparisons() throws {
    let trials = RandomTrials(seed: 5, subjects: 40).trials
    let names = trials.subjectGroup.indices.map { "person \($0)" }
    let joint = EvaluationConvention(name: "joint") { $0.denominator = .joint }
    let conventions = [EvaluationConvention.default, .paperCompatible, joint]
    let request = EvaluationRequest(conventions: conventions, targets: [0.05])
    var measurements = try evaluate(trials, request).measurements
    var counts = InfluenceCounts(trials)
    try counts.attach(to: &measurements, conventions: conventions, names: names)
    var counted = 0
    for value in measurements {
      guard value.quantity == .fnmr || value.quantity == .fmr else {
        #expect(value.influence == nil)
        continue
      }
      let convention = conventions.first { $0.name == value.convention }!
      let found = try #require(value.influence)
      let group = trials.groups.firstIndex(of: value.group)
      let people = naive(
        trials, at: value.threshold!, selfTrials: convention.selfTrials == .included, group: group,
        meetsAll: convention.nonMated == .reference)
      let errors = people.map { value.quantity == .fnmr ? $0.falseNonMatches : $0.falseMatches }
      #expect(errors.reduce(0, +) == value.numerator, "\(value.convention) \(value.group)")
      #expect(found.people == errors.count { $0 > 0 })
      if let most = errors.max(), most > 0 {
        #expect(found.largestShare == Double(most) / Double(value.numerator!))
        #expect(found.largestSubject == names[people[errors.firstIndex(of: most)!].subject])
        counted += 1
      } else {
        #expect(found.largestShare == nil && !found.isNotable)
      }
      let hasRange = found.lowestWithoutOne != nil
      #expect(hasRange == (convention.denominator == .conditional || group == nil))
      if hasRange { #expect(found.lowestWithoutOne! <= found.highestWithoutOne!) }
    }
    #expect(counted > 6)
    let text = try JSONEncoder().encode(measurements)
    #expect(
      try JSONDecoder().decode([MetricValue].self, from: text).map(\.influence)
        == measurements.map(\.influence))
  }
}
