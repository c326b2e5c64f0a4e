import Configurations
import Datasets
import Kernels
import MOTE
import Testing

@Suite struct EnrolmentGuardTests {
  private func judgement(_ fnmr: Double, _ margin: Double) -> ModelJudgement {
    ModelJudgement(proxyFNMR: fnmr, margin: margin)
  }

  private func rule(_ change: (inout EnrolmentGuard) -> Void) -> EnrolmentGuard {
    var rule = EnrolmentGuard()
    change(&rule)
    return rule
  }

  @Test func fewerRejectedProxiesWinThenTheMarginThenTheEarlier() {
    let judgements = [
      judgement(0.2, 9), judgement(0.1, 1), judgement(0.1, 3), judgement(0.1, 3), judgement(0.5, 7),
    ]
    // Best to worst: 2, 3, 1, 0, 4.
    #expect(rule { $0.keep = .best }.kept(of: judgements) == 2)
    #expect(rule { $0.keep = .median }.kept(of: judgements) == 1)
    // Of two in the middle the better one.
    #expect(rule { $0.keep = .median }.kept(of: Array(judgements.prefix(4))) == 3)
    for keep in EnrolmentGuard.Rule.allCases {
      #expect(rule { $0.keep = keep }.kept(of: [judgement(1, -4)]) == 0)
    }
  }

  @Test func anotherIsTrainedUntilTheKeptOneIsWithinTheLimitOrThereAreEnough() {
    let plain = rule { $0.attempts = 2 }
    #expect(plain.wantsAnother(after: []))
    #expect(plain.wantsAnother(after: [judgement(0, 0)]))
    #expect(!plain.wantsAnother(after: [judgement(1, 0), judgement(1, 0)]))
    let strict = rule {
      ($0.attempts, $0.atMost, $0.limit, $0.keep) = (1, 3, 0.05, .best)
    }
    #expect(!strict.wantsAnother(after: [judgement(0.05, 0)]))
    #expect(strict.wantsAnother(after: [judgement(0.06, 0)]))
    #expect(!strict.wantsAnother(after: [judgement(0.06, 0), judgement(0.01, 0)]))
    #expect(!strict.wantsAnother(after: [judgement(0.06, 0), judgement(1, 0), judgement(1, 0)]))
  }

  @Test func aJudgementCountsProxiesBelowTheThreshold() {
    let scores: [Float] = [1, 2, 3, 6]
    let found = scores.withUnsafeBufferPointer { ModelJudgement(proxies: $0, threshold: 2) }
    #expect(found == judgement(0.25, 1))
  }

  /// 40 people, every fourth with one image, the others with three.
  private var cohort: EmbeddingRows {
    let set = randomSet(
      sizes: (0..<40).map { $0 % 4 == 0 ? 1 : 3 }, dimension: 24, seed: 5)
    return EmbeddingRows(set: set, rows: (0..<Int32(set.count)).map { $0 })
  }

  @Test func heldOutPeopleLeaveTheDensitiesWithAllTheirImages() {
    let cohort = cohort
    let found = GuardProxies(cohort: cohort, heldOutShare: 0.2)
    let set = cohort.set
    let kept = Set(found.rest.rows.map { set.subjectOfRow[Int($0)] })
    let heldOut = Set(set.subjectOfRow).subtracting(kept)
    // A fifth of the 30 with two images and more, two differences each.
    #expect(heldOut.count == 6 && found.pairs.count == 12)
    #expect(heldOut.allSatisfy { set.rows(of: Int($0)).count == 3 })
    #expect(found.rest.rows.count == cohort.rows.count - 18)
    // Each pair is the first and a later image of such a person.
    var expected: [[[Float]]] = []
    for subject in heldOut.sorted() {
      let rows = Array(set.rows(of: Int(subject)))
      for row in rows.dropFirst() {
        expected.append([rows[0], row].map { set.vectors.values(ofRow: Int($0)) })
      }
    }
    #expect(
      (0..<12).map { [found.pairs.first.values(ofRow: $0), found.pairs.later.values(ofRow: $0)] }
        == expected)
  }

  /// Distances between two images of a person are those between the reference and the proxies.
  @Test func proxiesAreAsFarFromTheReferenceAsTheImagesAreFromEachOther() {
    let pairs = GuardProxies(cohort: cohort, heldOutShare: 0.5).pairs
    // Not of length 1: lengths follow the reference.
    let reference = self.reference.map { 3 * $0 }
    func product(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    let proxies = FloatMatrix(rows: pairs.count, columns: 24)
    pairs.carry(to: reference, into: proxies)
    for i in 0..<pairs.count {
      let (a, b) = (pairs.first.values(ofRow: i), pairs.later.values(ofRow: i))
      let proxy = proxies.values(ofRow: i)
      #expect(abs(product(proxy, reference) - 9 * product(a, b)) < 1e-5)
      #expect(abs(product(proxy, proxy) - 9 * product(b, b)) < 1e-5)
    }
  }

  @Test func pairsAreAtMostTheirLimitAndSpreadOverThePeople() {
    let set = randomSet(sizes: [Int](repeating: 101, count: 10), dimension: 3, seed: 1)
    let all = EmbeddingRows(set: set, rows: (0..<Int32(set.count)).map { $0 })
    let found = GuardProxies(cohort: all, heldOutShare: 0.5)
    #expect(found.pairs.count == GuardProxies.most)
    #expect(Set((0..<256).map { found.pairs.later.values(ofRow: $0) }).count == 256)
  }

  private func context(
    _ guardRule: EnrolmentGuard?, developmentRows: Int32 = 90, sizes: Int = 3
  ) throws -> EnrolmentContext {
    let set = randomSet(sizes: [Int](repeating: sizes, count: 100), dimension: 24)
    let count = Int32(set.count)
    let start = count * 2 / 3
    func rows(_ range: Range<Int32>) -> EmbeddingRows {
      EmbeddingRows(set: set, rows: Array(range))
    }
    var configuration = TrainingConfiguration.Preset.paperAnnealed.configuration
    configuration.epochs = 8
    configuration.batchSize = 32
    configuration.hiddenWidths = [16]
    configuration.patience = nil
    configuration.enrolmentGuard = guardRule
    var kde = KDEConfiguration()
    kde.bandwidths = ["male": 0.05, "female": 0.05]
    return try EnrolmentContext(
      partition: SubjectPartition(
        fold: 0, cohort: rows(0..<start),
        development: rows(start..<min(start + developmentRows, count)),
        evaluation: rows((count - 10)..<count)),
      configuration: configuration, kde: kde, workers: 1)
  }

  private let reference = randomSet(sizes: [1], dimension: 24, seed: 77).vectors.values(ofRow: 0)

  private func enrol(_ context: EnrolmentContext, subject: UInt32 = 1) throws -> EnrolmentOutcome {
    try EnrolmentWorker(context: context).enrol(
      reference: reference, subjectKey: subject, balancingFactor: 0.5, seed: 4)
  }

  @Test func oneAttemptJudgedByTheReferenceIsTheEnrolmentWithoutGuard() throws {
    let plain = try enrol(context(nil))
    let guarded = try enrol(
      context(
        rule {
          $0.attempts = 1
          $0.proxies = .reference
        }))
    #expect(guarded.reference == plain.reference)
    #expect(plain.training.guarded == nil)
    let outcome = try #require(guarded.training.guarded)
    #expect(outcome.attempts == 1 && outcome.kept == 1)
    #expect(guarded.training.last == plain.training.last)
  }

  /// The judgement of the kept network, made anew in float64 from the context's own rows.
  @Test(arguments: EnrolmentGuard.Proxies.allCases, EnrolmentGuard.Rule.allCases)
  func theKeptNetworkIsJudgedByItsOwnScores(
    proxies: EnrolmentGuard.Proxies, keep: EnrolmentGuard.Rule
  ) throws {
    let context = try context(
      rule {
        ($0.attempts, $0.proxies, $0.keep, $0.target) = (3, proxies, keep, 0.05)
      })
    let outcome = try enrol(context)
    let found = try #require(outcome.training.guarded)
    #expect(found.attempts == 3 && (1...3).contains(found.kept))
    let network = outcome.reference.network
    func score(_ x: [Float]) -> Double { network.logits(x.map(Double.init))[0] }
    let development = (0..<context.development.rows).map {
      score(context.development.values(ofRow: $0))
    }.sorted()
    // Type-7 quantile at 0.95 of 90 scores: position 84.55.
    let threshold = development[84] + 0.55 * (development[85] - development[84])
    var samples = [reference]
    if let pairs = context.proxyPairs, proxies == .heldOut {
      let matrix = FloatMatrix(rows: pairs.count, columns: 24)
      pairs.carry(to: reference, into: matrix)
      samples = (0..<matrix.rows).map { matrix.values(ofRow: $0) }
    }
    let scores = samples.map(score)
    let margin = scores.reduce(0, +) / Double(scores.count) - threshold
    #expect(abs(found.judgement.margin - margin) < 1e-4)
    let rejected = Double(scores.count { $0 < threshold }) / Double(scores.count)
    #expect(abs(found.judgement.proxyFNMR - rejected) <= 1.001 / Double(scores.count))
  }

  @Test func bestIsNoWorseThanMedianAndBothAreAmongTheSameAttempts() throws {
    func kept(_ keep: EnrolmentGuard.Rule) throws -> (EnrolmentOutcome, GuardOutcome) {
      let outcome = try enrol(
        context(
          rule {
            ($0.attempts, $0.keep, $0.target) = (5, keep, 0.05)
          }))
      return (outcome, try #require(outcome.training.guarded))
    }
    let (best, median) = (try kept(.best), try kept(.median))
    #expect(
      (best.1.judgement.proxyFNMR, -best.1.judgement.margin)
        < (median.1.judgement.proxyFNMR, -median.1.judgement.margin))
    #expect(best.1.kept != median.1.kept && best.0.reference != median.0.reference)
  }

  @Test func aGuardedOutcomeDependsOnSubjectAndSeedAlone() throws {
    let context = try context(rule { $0.target = 0.05 })
    let worker = EnrolmentWorker(context: context)
    func enrolled(_ subject: UInt32) throws -> EnrolmentOutcome {
      try worker.enrol(
        reference: reference, subjectKey: subject, balancingFactor: 0.5, seed: 4)
    }
    let first = try (0..<3).map { try enrolled($0) }
    let again = try [2, 0, 1].map { try enrolled($0) }
    for (a, b) in zip([first[2], first[0], first[1]], again) {
      #expect(a.reference == b.reference && a.training == b.training)
    }
    #expect(try enrol(context, subject: 2).reference == first[2].reference)
  }

  @Test func aLimitThatCannotBeMetTrainsAsManyAsAllowed() throws {
    let outcome = try enrol(
      context(
        rule {
          // The largest development score is the threshold.
          ($0.attempts, $0.limit, $0.atMost, $0.target) = (1, 0, 4, 1e-9)
        }))
    let found = try #require(outcome.training.guarded)
    #expect(found.judgement.proxyFNMR > 0 ? found.attempts == 4 : found.attempts < 4)
    let easy = try enrol(
      context(
        rule {
          ($0.attempts, $0.limit, $0.atMost, $0.target) = (1, 0.99, 4, 0.5)
        }))
    #expect(try #require(easy.training.guarded).attempts == 1)
  }

  @Test func whatCannotBeJudgedIsAnErrorThatSaysWhy() throws {
    #expect {
      try context(EnrolmentGuard(), developmentRows: 0)
    } throws: {
      "\($0)"
        == "the guard sets a network's threshold on development rows, and there are none; give a "
        + "development partition or no guard"
    }
    #expect {
      try context(EnrolmentGuard(), sizes: 1)
    } throws: { "\($0)".hasPrefix("the guard holds out ") }
    #expect {
      try context(
        rule {
          ($0.attempts, $0.heldOutShare, $0.limit, $0.atMost) = (0, 1, 1.5, -1)
        })
    } throws: { error in
      "\(error)" == "training configuration: 0 attempts of the guard, expected 1 to 99; at most -1 "
        + "attempts of the guard, expected 0 to 99; held-out share 1.0 of the guard, expected above 0 "
        + "and below 1; limit 1.5 of the guard, expected 0 <= limit < 1"
    }
  }
}
