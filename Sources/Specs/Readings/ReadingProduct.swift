/// The whole product of bases and switches: every member takes a base, and of each switch either what
/// the base has or one of the options.
struct ReadingProduct {
  let bases: Int
  /// Options of each switch.
  let options: [Int]

  /// A member: the index of its base, and of each switch the index of its option; nil: as the base.
  struct Member: Equatable {
    let base: Int
    let options: [Int?]
  }

  /// Number of members; nil where it has more than 2^62.
  var count: Int? {
    var count = bases
    for options in options {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: options + 1)
      if isTooLarge || product > 1 << 62 { return nil }
      count = product
    }
    return count
  }

  /// Different members, drawn by seed; of two sizes the smaller sample begins the larger one.
  ///
  /// - Precondition: `size` is at most `count`, which is not nil.
  func sample(_ size: Int, seed: UInt64) -> [Member] {
    let count = UInt64(count!)
    var draws = SplitMix64(state: seed)
    var drawn: Set<UInt64> = []
    var members: [Member] = []
    while members.count < size {
      // The upper half of the product is uniform below `count` up to 2^-64 of it.
      let index = draws.next().multipliedFullWidth(by: count).high
      if drawn.insert(index).inserted { members.append(member(Int(index))) }
    }
    return members
  }

  /// A member by its index, the base varying fastest.
  private func member(_ index: Int) -> Member {
    var rest = index
    func digit(_ radix: Int) -> Int {
      defer { rest /= radix }
      return rest % radix
    }
    let base = digit(bases)
    return Member(
      base: base,
      options: options.map { count in
        let place = digit(count + 1)
        return place == 0 ? nil : place - 1
      })
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the draws of a sample, the same on every machine.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
