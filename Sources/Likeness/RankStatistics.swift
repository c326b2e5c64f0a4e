// Statistics of one number per sample: Kolmogorov-Smirnov distance and area under the ROC curve, with
// labels that may be swapped and people that may be drawn more than once. n pairs.

/// One number for every sample of two kinds, sorted once: statistics for any labels and any multiplicity
/// of people take one walk over the 2n values.
package struct RankedPairs: Sendable {
  /// Samples in ascending order of their values: pair, and whether it is of the first kind.
  private let order: [(pair: Int, isFirst: Bool)]
  /// Whether a sample's value is that of the one before.
  private let isTied: [Bool]
  private let person: [Int]

  /// - Parameters:
  ///   - first: values of the first kind, [n], finite.
  ///   - second: values of the second kind, [n].
  ///   - person: of each pair, [n].
  package init(first: [Double], second: [Double], person: [Int]) {
    let n = person.count
    precondition(first.count == n && second.count == n, "\(first.count), \(second.count) of \(n)")
    let values = first + second
    let sorted = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    order = sorted.map { ($0 % n, $0 < n) }
    isTied = sorted.indices.map { $0 > 0 && values[sorted[$0]] == values[sorted[$0 - 1]] }
    self.person = person
  }

  /// sup |F - G| over the values, F and G the distribution functions of the kinds.
  package func kolmogorovSmirnov(_ swap: LabelSwap) -> Double {
    distance(multiplicity: nil, swap)
  }

  /// The same of a replicate of people.
  package func kolmogorovSmirnov(_ draw: PeopleDraw) -> Double {
    distance(multiplicity: draw.multiplicity, nil)
  }

  private func distance(multiplicity: [Int]?, _ swap: LabelSwap?) -> Double {
    var (sum, largest, count) = (0, 0, 0)
    for (k, sample) in order.enumerated() {
      if !isTied[k] { largest = max(largest, abs(sum)) }
      let weight = multiplicity?[person[sample.pair]] ?? 1
      let isFirst = sample.isFirst != (swap?.isSwapped[person[sample.pair]] ?? false)
      sum += isFirst ? weight : -weight
      if isFirst { count += weight }
    }
    // Each kind has `count` samples: pairs come whole.
    return count == 0 ? 0 : Double(max(largest, abs(sum))) / Double(count)
  }

  /// P(first > second) + P(equal)/2 of a replicate of people.
  package func area(_ draw: PeopleDraw) -> Double {
    var (below, tiedSecond, tiedFirst) = (0.0, 0.0, 0.0)
    var (area, firsts, seconds) = (0.0, 0.0, 0.0)
    func close() {
      area += tiedFirst * (below + tiedSecond / 2)
      below += tiedSecond
      (tiedFirst, tiedSecond) = (0, 0)
    }
    for (k, sample) in order.enumerated() {
      if !isTied[k] { close() }
      let weight = Double(draw.multiplicity[person[sample.pair]])
      if sample.isFirst {
        tiedFirst += weight
        firsts += weight
      } else {
        tiedSecond += weight
        seconds += weight
      }
    }
    close()
    return firsts * seconds == 0 ? .nan : area / (firsts * seconds)
  }

  /// The same with everybody once.
  package var area: Double { area(PeopleDraw(everybody: (person.max() ?? -1) + 1)) }
}

extension PeopleDraw {
  /// Everybody once.
  package init(everybody people: Int) { multiplicity = [Int](repeating: 1, count: people) }
}
