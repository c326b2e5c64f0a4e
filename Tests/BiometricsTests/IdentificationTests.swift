import Biometrics
import Kernels
import Testing

@Suite struct IdentificationTests {
  private static let targets = [0.02, 0.1, 0.4]

  private func measured(
    _ trials: TrialSet, targets: [Double] = targets, draws: BootstrapDraws? = nil, workers: Int = 1,
    kept: Int? = nil
  ) throws -> Identification {
    try identification(
      trials, IdentificationRequest(targets: targets, bootstrap: draws, workers: workers),
      kept: kept)
  }

  private func value(
    _ found: Identification, _ quantity: Quantity = .fnir, _ rank: IdentificationRank? = nil,
    at target: Double
  ) throws -> MetricValue {
    try #require(
      found.measurements.first {
        $0.quantity == quantity && $0.target == target
          && (rank == nil || $0.rule == rank?.rawValue)
      })
  }

  /// One fold with these scores, [references][probes]; nobody's own sample is among the probes.
  private func trials(
    _ scores: [[Float]], references: [Int32], probes: [Int32], own: [Int32]? = nil
  )
    -> TrialSet
  {
    let subjects = Int((references + probes).max()!) + 1
    return TrialSet(
      strata: [
        TrialStratum(
          blocks: [
            ScoreMatrix(
              scores: scores.flatMap(\.self), rows: references.count, columns: probes.count)
          ], referenceSubject: references, probeSubject: probes,
          ownColumn: own ?? references.map { _ in -1 })
      ], subjectGroup: [UInt8](repeating: 0, count: subjects))
  }

  // MARK: - By hand

  /// Three enrolled people, 0 to 2, with a probe each, and one, 3, who is not enrolled.
  @Test func aSearchByHand() throws {
    let found = try measured(
      trials(
        [
          [0.9, 0.2, 0.7, 0.1],
          [0.3, 0.5, 0.6, 0.2],
          [0.1, 0.4, 0.65, 0.3],
        ], references: [0, 1, 2], probes: [0, 1, 2, 3]), targets: [0.25, 0.5])
    // Best of other people: 0.3, 0.4, 0.7, 0.3. One search of four is a quarter.
    let quarter = try value(found, .fnir, .first, at: 0.25)
    #expect(quarter.threshold.map { Float($0) } == 0.5)
    // Person 2 is found at 0.65, but person 0 stands above him.
    #expect(quarter.numerator == 1 && quarter.denominator == 3)
    #expect(try value(found, .fnir, .any, at: 0.25).numerator == 0)
    let reached = try value(found, .fpir, at: 0.25)
    #expect(reached.numerator == 1 && reached.denominator == 4 && reached.value == 0.25)
    // Half of the searches: those of 0.7 and 0.4, and 0.3 is in two at once.
    #expect(try value(found, .fpir, at: 0.5).value == 0.5)
    #expect(try value(found, at: 0.5).threshold.map { Float($0) } == 0.4)
    #expect(
      found.counts
        == IdentificationCounts(
          gallery: [3], matedSearches: 3, nonMatedSearches: 4, matedPeople: 3))
    #expect(quarter.errorShares?.people.map(\.subject) == [2])
    // The one false positive is a search of person 2.
    #expect(reached.errorShares?.people.map(\.subject) == [2])
    #expect(reached.errorShares?.errors == 1)
  }

  @Test func anEqualScoreOfSomebodyElseIsAMissAtRank1() throws {
    let found = try measured(
      trials([[0.9, 0.1], [0.9, 0.8]], references: [0, 1], probes: [0, 1]), targets: [0.5])
    #expect(try value(found, .fpir, at: 0.5).numerator == 1)
    #expect(try value(found, .fnir, .first, at: 0.5).numerator == 1)
    #expect(try value(found, .fnir, .any, at: 0.5).numerator == 0)
  }

  /// The image that a reference was enrolled from is no mated search, but one of a person taken out.
  @Test func theEnrolledSampleSearchesOthersAlone() throws {
    let found = try measured(
      trials(
        [[1, 0.6, 0.2], [0.3, 0.1, 0.7]], references: [0, 1], probes: [0, 0, 1], own: [0, -1]),
      targets: [0.4])
    #expect(found.counts.matedSearches == 2 && found.counts.nonMatedSearches == 3)
    #expect(try value(found, .fpir, at: 0.4).numerator == 1)
  }

  // MARK: - Against the plainest way

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func equalsTheNaiveSearchInEveryReplicate(seed: UInt64) throws {
    let data = RandomSearches(
      seed: seed, subjects: 40, folds: seed % 2 == 0 ? 2 : 1, step: seed > 3 ? 0.25 : 0.001)
    let draws = RandomTrials.draws(seed: seed, replicates: 60)
    let resampled = (0..<draws.replicates).map {
      NaiveIdentification(data.trials, multiplicities(draws, $0, data.subjects))
    }
    // One kept candidate leaves most replicates to the scores themselves.
    for kept in [1, 2, 24] {
      let found = try measured(data.trials, draws: draws, workers: 3, kept: kept)
      let naive = NaiveIdentification(data.trials, [Int](repeating: 1, count: data.subjects))
      #expect(found.counts.matedSearches == naive.mated)
      #expect(found.counts.nonMatedSearches == naive.nonMated)
      #expect(found.counts.gallery == naive.galleries)
      for target in Self.targets {
        let wanted = naive.rates(atFPIR: target)
        let first = try value(found, .fnir, .first, at: target)
        let any = try value(found, .fnir, .any, at: target)
        #expect(first.numerator == wanted.missesAtRank1)
        #expect(any.numerator == wanted.missesAtAnyRank)
        #expect(first.threshold.map { Float($0) } ?? .infinity == wanted.threshold)
        #expect(try value(found, .fpir, at: target).numerator == wanted.falsePositives)
        for b in 0..<draws.replicates {
          let naive = resampled[b]
          let rates = naive.rates(atFPIR: target)
          let mated = Double(naive.mated)
          #expect(first.replicates?.values[b] == Double(rates.missesAtRank1) / mated)
          #expect(any.replicates?.values[b] == Double(rates.missesAtAnyRank) / mated)
        }
      }
    }
  }

  private func multiplicities(_ draws: BootstrapDraws, _ b: Int, _ subjects: Int) -> [Int] {
    var m = [Int32](repeating: 0, count: subjects)
    m.withUnsafeMutableBufferPointer { draws.multiplicities(b, $0) }
    return m.map(Int.init)
  }

  /// More searches than one look at the ordered ones takes, and more columns than a stripe.
  @Test func equalsTheNaiveSearchOfManyPeople() throws {
    let data = RandomSearches(seed: 9, subjects: 900, step: 0.05)
    let draws = RandomTrials.draws(seed: 9, replicates: 3)
    let found = try measured(data.trials, draws: draws, workers: 2)
    for b in 0..<draws.replicates {
      let naive = NaiveIdentification(data.trials, multiplicities(draws, b, data.subjects))
      for target in Self.targets {
        #expect(
          try value(found, .fnir, .first, at: target).replicates?.values[b]
            == Double(naive.rates(atFPIR: target).missesAtRank1) / Double(naive.mated))
      }
    }
  }

  // MARK: - What must not matter

  private func sameNumbers(_ a: Identification, _ b: Identification) {
    #expect(a.counts == b.counts)
    #expect(a.measurements.count == b.measurements.count)
    for (x, y) in zip(a.measurements, b.measurements) {
      #expect(x.value == y.value && x.threshold == y.threshold && x.numerator == y.numerator)
      #expect(x.lower == y.lower && x.upper == y.upper && x.replicates == y.replicates)
      #expect(x.errorShares == y.errorShares)
    }
  }

  @Test func workersAndKeptCandidatesDoNotMatter() throws {
    let data = RandomSearches(seed: 12, subjects: 60, folds: 2)
    let draws = RandomTrials.draws(seed: 1, replicates: 80)
    let reference = try measured(data.trials, draws: draws)
    for (workers, kept) in [(2, 24), (4, 3), (7, 1)] {
      sameNumbers(try measured(data.trials, draws: draws, workers: workers, kept: kept), reference)
    }
  }

  @Test func theOrderOfPeopleProbesAndBlocksDoesNotMatter() throws {
    let data = RandomSearches(seed: 13, subjects: 50, step: 0.1)
    let draws = RandomTrials.draws(seed: 2, replicates: 50)
    let stratum = data.trials.strata[0]
    var random = CounterRNG(seed: 4, purpose: .bootstrap)
    var rows = Array(stratum.referenceSubject.indices)
    var columns = Array(stratum.probeSubject.indices)
    random.shuffle(&rows)
    random.shuffle(&columns)
    var shuffled = data.trials
    shuffled.strata = [stratum.selected(rows: rows, columns: columns)]
    sameNumbers(
      try measured(data.trials, draws: draws), try measured(shuffled, draws: draws))
  }

  @Test func aPersonLeftOutIsAPersonWhoIsNotThere() throws {
    let data = RandomSearches(seed: 14, subjects: 30, step: 0.05)
    let stratum = data.trials.strata[0]
    // Replicate b leaves out person b.
    let draws = BootstrapDraws(replicates: data.subjects) { b, m in
      m.update(repeating: 1)
      m[b] = 0
    }
    let found = try measured(data.trials, draws: draws)
    for b in 0..<data.subjects {
      var reduced = data.trials
      reduced.strata = [
        stratum.selected(
          rows: stratum.referenceSubject.indices.filter { stratum.referenceSubject[$0] != b },
          columns: stratum.probeSubject.indices.filter { stratum.probeSubject[$0] != b })
      ]
      let without = try measured(reduced)
      for target in Self.targets {
        for rank in IdentificationRank.allCases {
          let wanted = try value(without, .fnir, rank, at: target).value
          #expect(try value(found, .fnir, rank, at: target).replicates?.values[b] == wanted)
        }
      }
    }
  }

  // MARK: - What cannot be measured

  @Test func nobodyElseEnrolledIsNoNonMatedSearch() throws {
    let found = try measured(
      trials([[0.5, 0.6]], references: [0], probes: [0, 0]),
      draws: RandomTrials.draws(seed: 1, replicates: 50))
    #expect(found.counts.nonMatedSearches == 0 && found.counts.matedSearches == 2)
    for metric in found.measurements {
      #expect(metric.value == nil)
      #expect(metric.note == "no non-mated searches: nobody else is enrolled")
    }
  }

  @Test func peopleWithoutASecondImageLeaveNoMatedSearch() throws {
    let found = try measured(
      trials([[1, 0.2], [0.3, 1]], references: [0, 1], probes: [0, 1], own: [0, 1]),
      targets: [0.5], draws: RandomTrials.draws(seed: 1, replicates: 50))
    #expect(try value(found, .fnir, .first, at: 0.5).note == "no mated searches")
    #expect(try value(found, .fpir, at: 0.5).value == 0.5)
  }

  @Test func aTargetBelowOneFalsePositiveSaysSo() throws {
    let found = try measured(
      trials([[0.9, 0.1], [0.2, 0.8]], references: [0, 1], probes: [0, 1]), targets: [0.4])
    #expect(
      try value(found, .fnir, .first, at: 0.4).note == "FPIR 0.4 is below 1/2, one false positive")
    #expect(try value(found, .fpir, at: 0.4).value == nil)
  }

  @Test func noMissIsBoundedByTheRuleOf3() throws {
    let data = RandomSearches(seed: 15, subjects: 60, separation: 40)
    let found = try measured(
      data.trials, targets: [0.4], draws: RandomTrials.draws(seed: 1, replicates: 60))
    let metric = try value(found, .fnir, .first, at: 0.4)
    #expect(metric.value == 0 && metric.intervalMethod == "rule-of-3")
    #expect(metric.upper == 3 / Double(found.counts.matedPeople))
  }

  /// A pair of look-alikes more or less moves a threshold that few people set.
  @Test func aThresholdThatFewPeopleSetGivesNoInterval() throws {
    let data = RandomSearches(seed: 21, subjects: 100, separation: 3.6)
    let found = try measured(
      data.trials, targets: [0.02, 0.3], draws: RandomTrials.draws(seed: 1, replicates: 60))
    let few = try value(found, .fnir, .first, at: 0.02)
    #expect(few.value != nil && few.replicates != nil && few.lower == nil && few.upper == nil)
    #expect(
      few.intervalNote?.contains(
        #/^no interval: the threshold is set by false positives of \d (person|people), fewer than the 10/#
      ) == true)
    #expect(withheldInterval(of: [[few], [few]]) == few.intervalNote)
    let many = try value(found, .fnir, .first, at: 0.3)
    #expect(many.lower != nil && many.intervalNote == nil)
  }

  @Test func badInputIsAnError() {
    let good = trials([[0.9, 0.1], [0.2, 0.8]], references: [0, 1], probes: [0, 1])
    #expect(throws: MetricError.fpirTargetOutOfRange(1)) { try measured(good, targets: [1]) }
    for place in 0..<4 {
      var scores: [[Float]] = [[0.9, 0.1], [0.2, 0.8]]
      scores[place / 2][place % 2] = .nan
      let bad = trials(scores, references: [0, 1], probes: [0, 1])
      let error = MetricError.scoreIsNaN(
        position: "fold 0, reference \(place / 2), probe \(place % 2)")
      #expect(throws: error) { try measured(bad, targets: [0.5]) }
    }
  }

  // MARK: - Intervals

  /// People differ in how well they are found; the truth is the mean over many data sets of one size.
  @Test func intervalsHoldTheTruthInMostDataSets() throws {
    let runs = 100
    var estimates: [Double] = []
    var intervals: [ClosedRange<Double>] = []
    for run in 0..<runs {
      let data = RandomSearches(seed: 1000 + UInt64(run), subjects: 100, separation: 3.6)
      let found = try measured(
        data.trials, targets: [0.2],
        draws: RandomTrials.draws(seed: UInt64(run), replicates: 100), workers: 2)
      let metric = try value(found, .fnir, .first, at: 0.2)
      estimates.append(try #require(metric.value))
      intervals.append(try #require(metric.lower)...(try #require(metric.upper)))
    }
    let truth = estimates.reduce(0, +) / Double(runs)
    let held = intervals.count { $0.contains(truth) }
    #expect(Double(held) / Double(runs) >= 0.88, "\(held) of \(runs) hold \(truth)")
    let widths = intervals.map { $0.upperBound - $0.lowerBound }
    #expect(widths.reduce(0, +) / Double(runs) < 0.4, "intervals that say nothing")
  }
}

extension TrialStratum {
  /// Some rows and columns, in one block.
  fileprivate func selected(rows: [Int], columns: [Int]) -> TrialStratum {
    let all = blocks.flatMap { block in (0..<block.rows).map { Array(block[row: $0]) } }
    return TrialStratum(
      blocks: [
        ScoreMatrix(
          scores: rows.flatMap { row in columns.map { all[row][$0] } }, rows: rows.count,
          columns: columns.count)
      ], referenceSubject: rows.map { referenceSubject[$0] },
      probeSubject: columns.map { probeSubject[$0] },
      ownColumn: rows.map { row in
        columns.firstIndex(of: Int(ownColumn[row])).map(Int32.init) ?? -1
      })
  }
}
