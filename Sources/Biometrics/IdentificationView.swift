// Rates of one-to-many searches in one weighting of the people (definitions 1.11).

/// Misses and false positives at one threshold.
struct IdentificationPoint: Equatable {
  /// Smallest observed score at which the false positive identification rate is at most the target;
  /// infinity: it is above every score. A candidate is returned when `score >= threshold`.
  var threshold: Double
  /// Non-mated searches that return anybody.
  var falsePositives: Int
  /// Mated searches that do not return the mate, or return it below somebody else or beside an equal.
  var missesAtRank1: Int
  /// Mated searches that do not return the mate at any rank.
  var missesAtAnyRank: Int
}

/// Searches by people with multiplicities: a person drawn m times brings his probes m times, and is in the
/// gallery as soon as m > 0 (a copy of a reference changes no best score).
struct IdentificationView {
  private let searches: IdentificationSearches
  private let drawn: UnsafePointer<Int32>
  /// Weight of mated and of non-mated searches.
  let mated: Int
  let nonMated: Int

  /// - Parameters:
  ///   - drawn: multiplicity of every subject, [s]; must outlive the view.
  init(_ searches: IdentificationSearches, drawn: UnsafePointer<Int32>) {
    self.searches = searches
    self.drawn = drawn
    // A search of a fold is non-mated where somebody else was drawn into its gallery.
    let present = searches.gallery.map { people in people.filter { drawn[Int($0)] > 0 } }
    var mated = 0
    var nonMated = 0
    for j in 0..<searches.count {
      let subject = searches.subjects[j]
      let weight = Int(drawn[Int(subject)])
      if searches.isMated[j] { mated += weight }
      let others = present[Int(searches.folds[j])]
      if others.count > 1 || others.first.map({ $0 != subject }) ?? false { nonMated += weight }
    }
    self.mated = mated
    self.nonMated = nonMated
  }

  /// Misses at the smallest threshold with a false positive identification rate of at most `target`.
  ///
  /// - Parameter order: all searches by their best non-mate in the whole gallery, descending.
  func point(atFPIR target: Double, order: [Int]) -> IdentificationPoint {
    let limit = limit(target, order: order)
    var point = IdentificationPoint(
      threshold: .infinity, falsePositives: limit.falsePositives, missesAtRank1: mated,
      missesAtAnyRank: mated)
    var threshold = limit.above
    for j in 0..<searches.count where searches.isMated[j] && searches.mates[j] > limit.score {
      let weight = Int(drawn[Int(searches.subjects[j])])
      if weight == 0 { continue }
      threshold = min(threshold, searches.mates[j])
      point.missesAtAnyRank -= weight
      if searches.mates[j] > searches.best(j, in: drawn) { point.missesAtRank1 -= weight }
    }
    point.threshold = Double(threshold)
    return point
  }

  /// The largest score that the threshold must exceed, the smallest best score above it, and the weight of
  /// the searches that have one.
  private func limit(_ target: Double, order: [Int])
    -> (score: Float, above: Float, falsePositives: Int)
  {
    var found: [(score: Float, weight: Int)] = []
    var taken = 0
    while true {
      // Drawn galleries are parts of the whole one, so that best scores only fall: who comes later in the
      // order cannot have more than its first place there.
      let next = min(order.count, max(256, 4 * taken))
      for j in order[taken..<next] {
        let weight = Int(drawn[Int(searches.subjects[j])])
        if weight == 0 { continue }
        let best = searches.best(j, in: drawn)
        if best > -.infinity { found.append((best, weight)) }
      }
      taken = next
      found.sort { $0.score > $1.score }
      let rest = taken < order.count ? searches.best(order[taken]) : -.infinity
      var weight = 0
      var above = Float.infinity
      var i = 0
      while i < found.count {
        let score = found[i].score
        var end = i
        var own = 0
        while end < found.count && found[end].score == score {
          own += found[end].weight
          end += 1
        }
        if Double(weight + own) / Double(nonMated) > target {
          if score >= rest { return (score, above, weight) }
          break
        }
        weight += own
        above = score
        i = end
      }
      if taken == order.count { return (-.infinity, above, weight) }
    }
  }
}
