import Configurations

/// Systems that `systems` can name, in table order.
enum SystemFamily: String, CaseIterable {
  case traditional, mote
  case peMIU = "pe-miu"
  case pfrnet, ive, ssnt, negative
}

/// The key of `attack.pe_miu`.
enum PEMIUKey: String, SpecKey {
  case blockSizes = "block_sizes"

  static let section = SectionDocumentation("attack.pe_miu", "PE-MIU, one system per block size.")

  var documentation: KeyDocumentation {
    .init(
      .list(.integer(1...65_536)), absent: .yaml("[32]"), "Coordinates of a block.",
      definition: "4.1")
  }
}

/// The keys of `attack.ssnt`.
enum NoiseKey: String, SpecKey {
  case cosines, distances

  static let section = SectionDocumentation(
    "attack.ssnt",
    "SSNT: a noisy vector at a given cosine to, or distance from, the original; one system per "
      + "number.")

  var documentation: KeyDocumentation {
    switch self {
    case .cosines:
      .init(
        .list(.number(.openFraction)), absent: .yaml("[0.8]"),
        "Cosines between a vector and its noisy version.", definition: "4.3")
    case .distances:
      .init(
        .list(.number(.positive)), absent: .yaml("[0.5]"),
        "Euclidean distances between a vector and its noisy version.", definition: "4.3")
    }
  }
}

/// The key of `attack.negative`.
enum NegativeKey: String, SpecKey {
  case bins

  static let section = SectionDocumentation(
    "attack.negative", "Negative face recognition: references hold a wrong bin of each coordinate.")

  var documentation: KeyDocumentation {
    .init(
      .integer(2...256), absent: .yaml("4"), "Quantile bins of a coordinate.",
      definition: "4.3")
  }
}

/// The key of `attack.pfrnet`.
enum PFRNetKey: String, SpecKey {
  case epochs

  static let section = SectionDocumentation("attack.pfrnet", "Training of PFRNet.")

  var documentation: KeyDocumentation {
    .init(
      .integer(1...1_000_000), absent: .yaml("\(PFRNetConfiguration().epochs)"), "Epochs.",
      definition: "4.2")
  }
}

extension SpecReader {
  /// The families that `systems` names (all by default), and their schemes with the settings.
  mutating func systems(_ attack: SpecFields<AttackKey>) -> (
    families: Set<SystemFamily>, recipes: [ProtectionRecipe]
  ) {
    let named = different(list(attack[.systems], "systems"), "systems") { reader, item in
      if reader.isWord(item, "nfr") {
        reader.report(item.location, "'nfr' is now called 'negative'")
        return nil as SystemFamily?
      }
      return reader.choice(item, "systems", of: SystemFamily.self)
    }
    let families = Set(attack[.systems] == nil ? SystemFamily.allCases : named)
    let sizes = integers(fields(attack[.peMIU], "pe_miu", PEMIUKey.self), .blockSizes) ?? [32]
    let noise = fields(attack[.ssnt], "ssnt", NoiseKey.self)
    let cosines = numbers(noise, .cosines) ?? [0.8]
    let distances = numbers(noise, .distances) ?? [0.5]
    let bins = integer(fields(attack[.negative], "negative", NegativeKey.self), .bins) ?? 4
    var network = PFRNetConfiguration()
    network.epochs =
      integer(fields(attack[.pfrnet], "pfrnet", PFRNetKey.self), .epochs) ?? network.epochs
    // Table order, whatever the order in the file.
    var recipes: [ProtectionRecipe] = []
    for family in SystemFamily.allCases where families.contains(family) {
      switch family {
      case .traditional: recipes.append(.unprotected)
      case .mote: break
      case .peMIU: recipes += sizes.map { .peMIU(block: $0) }
      case .pfrnet: recipes.append(.pfrNet(network))
      case .ive: recipes.append(.incrementalVariableElimination(.init()))
      case .ssnt:
        recipes += cosines.map { .cosineNoise(similarity: $0) }
        recipes += distances.map { .euclideanNoise(distance: $0) }
      case .negative: recipes.append(.negative(bins: bins))
      }
    }
    return (families, recipes)
  }
}
