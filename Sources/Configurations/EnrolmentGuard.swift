/// A guard at enrolment (definitions 6.8): several networks are trained for each person, each with
/// draws of its own, and judged by proxies that need no evaluation data; one of them is kept.
package struct EnrolmentGuard: Sendable, Codable, Hashable {
  /// What stands in for the person's later images.
  package enum Proxies: String, Sendable, Codable, Hashable, CaseIterable {
    /// Later images of cohort people whose residuals are in no density, carried over so that their first
    /// image falls on the reference sample.
    case heldOut = "held-out"
    /// The reference sample itself.
    case reference
  }

  /// Which of the networks becomes the reference.
  package enum Rule: String, Sendable, Codable, Hashable, CaseIterable {
    case best
    /// The middle one in the order of judgements, the better of two.
    case median
  }

  /// Networks that are trained in any case.
  package var attempts = 3
  package var keep = Rule.median
  package var proxies = Proxies.heldOut
  /// Share of the cohort's people with two images who are kept out of the densities.
  package var heldOutShare = 0.2
  /// FMR on development rows that a network's own threshold is set for.
  package var target = 1e-3
  /// Share of rejected proxies above which the kept network is not accepted and another is trained;
  /// nil: none is.
  package var limit: Double?
  /// Networks that are trained at most.
  package var atMost = 9

  package init() {}
}

/// What proxies say of one network at the threshold of its own development scores.
package struct ModelJudgement: Sendable, Codable, Hashable {
  /// Share of the proxies that score below the threshold.
  package var proxyFNMR: Double
  /// Mean score of the proxies minus the threshold, a logit.
  package var margin: Double

  package init(proxyFNMR: Double, margin: Double) {
    self.proxyFNMR = proxyFNMR
    self.margin = margin
  }

  /// - Parameters:
  ///   - proxies: scores of the proxies; not empty.
  ///   - threshold: of the network.
  package init(proxies: UnsafeBufferPointer<Float>, threshold: Double) {
    let n = Double(proxies.count)
    proxyFNMR = Double(proxies.count { Double($0) < threshold }) / n
    margin = proxies.reduce(0.0) { $0 + Double($1) } / n - threshold
  }

  /// Fewer rejected proxies are better; among equals the larger margin is.
  func isBetter(than other: ModelJudgement) -> Bool {
    (proxyFNMR, -margin) < (other.proxyFNMR, -other.margin)
  }
}

/// How the guard came to the network that a person has.
package struct GuardOutcome: Sendable, Codable, Hashable {
  /// Networks trained.
  package var attempts: Int
  /// The one that was kept, counted from 1.
  package var kept: Int
  /// Of the kept one.
  package var judgement: ModelJudgement

  package init(attempts: Int, kept: Int, judgement: ModelJudgement) {
    self.attempts = attempts
    self.kept = kept
    self.judgement = judgement
  }
}

extension EnrolmentGuard {
  /// Index of the network to keep; the earlier one of equals comes first.
  ///
  /// - Precondition: `judgements` is not empty.
  package func kept(of judgements: [ModelJudgement]) -> Int {
    let order = judgements.indices.sorted { a, b in
      if judgements[a].isBetter(than: judgements[b]) { return true }
      return !judgements[b].isBetter(than: judgements[a]) && a < b
    }
    switch keep {
    case .best: return order[0]
    case .median: return order[(order.count - 1) / 2]
    }
  }

  /// Whether another network is to be trained after these.
  package func wantsAnother(after judgements: [ModelJudgement]) -> Bool {
    if judgements.count < attempts { return true }
    guard let limit, judgements.count < atMost else { return false }
    return judgements[kept(of: judgements)].proxyFNMR > limit
  }

  /// What cannot be, one line each; empty when all values are possible.
  package var problems: [String] {
    var problems: [String] = []
    func require(_ holds: Bool, _ text: String) { if !holds { problems.append(text) } }
    require((1...99).contains(attempts), "\(attempts) attempts of the guard, expected 1 to 99")
    if limit != nil {
      require(
        attempts <= atMost && atMost <= 99,
        "at most \(atMost) attempts of the guard, expected \(attempts) to 99")
    }
    require(
      heldOutShare > 0 && heldOutShare < 1,
      "held-out share \(heldOutShare) of the guard, expected above 0 and below 1")
    require(target > 0 && target < 1, "FMR \(target) of the guard, expected above 0 and below 1")
    if let limit {
      require(limit >= 0 && limit < 1, "limit \(limit) of the guard, expected 0 <= limit < 1")
    }
    return problems
  }
}

extension TrainingConfiguration {
  /// Share of the cohort's people with two images or more that the guard keeps out of the densities; nil:
  /// none.
  package var heldOutShare: Double? {
    enrolmentGuard.flatMap { $0.proxies == .heldOut ? $0.heldOutShare : nil }
  }
}
