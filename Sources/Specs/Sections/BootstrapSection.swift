/// Subject bootstrap: how many replicates, and the seed of their draws.
package struct BootstrapSpec: Sendable, Codable, Hashable {
  package var replicates: Int
  package var seed: UInt64

  package init(replicates: Int = 1_000, seed: UInt64 = 1) {
    self.replicates = replicates
    self.seed = seed
  }
}

/// The keys of `bootstrap`.
enum BootstrapKey: String, SpecKey {
  case replicates, seed

  static let section = SectionDocumentation(
    "bootstrap", "Intervals of verification and fairness: subjects are drawn with replacement.")

  var documentation: KeyDocumentation {
    let usual = BootstrapSpec()
    return switch self {
    case .replicates:
      .init(
        .integer(0...1_000_000), absent: .yaml("\(usual.replicates)"),
        "Replicates behind an interval; 0: no intervals.", definition: "1.6")
    case .seed:
      .init(
        .integer(0...Int.max), absent: .yaml("\(usual.seed)"),
        "Seed of the draws, apart from the seed of the experiment.", definition: "1.6")
    }
  }
}

extension SpecReader {
  /// Bootstrap of the intervals.
  mutating func bootstrap(_ node: SpecNode?) -> BootstrapSpec {
    let fields = fields(node, "bootstrap", BootstrapKey.self)
    var bootstrap = BootstrapSpec()
    bootstrap.replicates = integer(fields, .replicates) ?? bootstrap.replicates
    bootstrap.seed = integer(fields, .seed).map { UInt64($0) } ?? bootstrap.seed
    return bootstrap
  }
}
