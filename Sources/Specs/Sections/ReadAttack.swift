import Configurations

/// The `attack` section.
extension SpecReader {
  private enum AttackKey: String, CaseIterable {
    case attacker, attributes, gallery, calibration
    case galleryCurve = "gallery_curve"
    case targets, systems
    case peMIU = "pe_miu"
    case ssnt, nfr, pfrnet
    case cohortMaleShares = "cohort_male_shares"
    case attacks, statistics, folds, permutations
  }
  private enum AttackerKey: String, CaseIterable {
    case otherDataset = "other_dataset"
  }
  private enum GalleryKey: String, CaseIterable {
    case atMost = "at_most"
  }
  private enum CalibrationKey: String, CaseIterable {
    case atMost = "at_most"
  }
  private enum SchemeKey: String, CaseIterable {
    case blockSizes = "block_sizes"
  }
  private enum NoiseKey: String, CaseIterable {
    case cosines, distances
  }
  private enum NegativeKey: String, CaseIterable {
    case bins
  }
  private enum PFRNetKey: String, CaseIterable {
    case epochs
  }
  /// Systems that `systems` can name.
  private enum SystemFamily: String, CaseIterable {
    case traditional, mote
    case peMIU = "pe-miu"
    case pfrnet, ive, ssnt, nfr
  }

  /// Who attacks whom; every key has a default.
  ///
  /// - Parameter datasets: names that may be mentioned.
  mutating func attack(_ node: SpecNode, datasets: [String]) -> AttackSpec {
    let fields = fields(node, "attack", AttackKey.self)
    func whole(_ key: AttackKey, _ range: ClosedRange<Int>, _ otherwise: [Int]) -> [Int] {
      fields[key].map { wholeNumbers($0, key.rawValue, in: range) } ?? otherwise
    }
    let defaults = AttackConfiguration()
    let audit = AttackSpec.Audit(
      targets: choice(fields[.targets], "targets", of: AttackSpec.Targets.self) ?? .all,
      attacks: fields[.attacks].map { node in
        list(node, "attacks").compactMap { choice($0, "attacks", of: AttackKind.self) }
      } ?? AttackKind.allCases,
      statistics: whole(.statistics, 1...1_000_000, defaults.topCounts),
      galleryCurve: whole(.galleryCurve, 1...1_000_000, defaults.gallerySizes),
      folds: integer(fields[.folds], "folds", in: 2...100) ?? defaults.folds,
      permutations: integer(fields[.permutations], "permutations", in: 1...1_000_000)
        ?? defaults.permutations)
    let observation = AttackSpec.Observation(
      attacker: attacker(fields[.attacker], datasets: datasets),
      attributes: fields[.attributes].map { texts($0, "attributes").map(\.name) } ?? ["gender"],
      gallery: gallery(fields[.gallery]), ownReferences: ownReferences(fields[.calibration]),
      opensTemplates: !Set(audit.attacks).isDisjoint(with: [.a7, .a8]))
    let (families, recipes) = systems(
      fields[.systems], blocks: fields[.peMIU], noise: fields[.ssnt], negative: fields[.nfr],
      pfrnet: fields[.pfrnet])
    return AttackSpec(
      observation: observation, audit: audit, attacksMote: families.contains(.mote),
      schemes: recipes, cohortMaleShares: cohortMaleShares(fields[.cohortMaleShares]))
  }

  private mutating func attacker(_ node: SpecNode?, datasets: [String]) -> AttackSpec.Attacker {
    guard let node else { return .otherDataset(nil) }
    if case .scalar(let text, _) = node.content {
      switch text {
      case "other_dataset": return .otherDataset(nil)
      case "same_dataset": return .sameDataset
      default:
        let hint = suggestion(for: text, among: ["other_dataset", "same_dataset"])
        report(node.location, "'attacker' is \(node.kind)\(hint)")
        return .sameDataset
      }
    }
    let fields = fields(node, "attacker", AttackerKey.self)
    return .otherDataset(
      reference(
        required(fields, .otherDataset, in: "'attacker'"), "other_dataset", to: "dataset",
        among: datasets))
  }

  private mutating func gallery(_ node: SpecNode?) -> GallerySize {
    guard let node else { return .available(limit: 500) }
    let range = 1...1_000_000
    guard node.entries != nil else {
      return .exactly(integer(node, "gallery", in: range) ?? 1)
    }
    let fields = fields(node, "gallery", GalleryKey.self)
    return .available(
      limit: integer(required(fields, .atMost, in: "'gallery'"), "at_most", in: range) ?? 1)
  }

  /// `calibration: {at_most: N}`, people per group; 100 by default.
  private mutating func ownReferences(_ node: SpecNode?) -> Int {
    guard let node else { return 100 }
    let fields = fields(node, "calibration", CalibrationKey.self)
    return integer(required(fields, .atMost, in: "'calibration'"), "at_most", in: 0...1_000_000)
      ?? 0
  }

  /// The families that `systems` names (all by default), and their schemes with the settings.
  private mutating func systems(
    _ node: SpecNode?, blocks: SpecNode?, noise: SpecNode?, negative: SpecNode?, pfrnet: SpecNode?
  ) -> (families: Set<SystemFamily>, recipes: [ProtectionRecipe]) {
    var named: [SystemFamily] = []
    for item in list(node, "systems") {
      guard let family = choice(item, "systems", of: SystemFamily.self) else { continue }
      if named.contains(family) {
        report(item.location, "'\(family.rawValue)' is listed twice in 'systems'")
      } else {
        named.append(family)
      }
    }
    let families = Set(node == nil ? SystemFamily.allCases : named)
    let sizes =
      fields(blocks, "pe_miu", SchemeKey.self)[.blockSizes].map {
        wholeNumbers($0, "block_sizes", in: 1...65_536)
      } ?? [32]
    let noise = fields(noise, "ssnt", NoiseKey.self)
    let cosines = noise[.cosines].map { numbers($0, "cosines", .openFraction) } ?? [0.8]
    let distances = noise[.distances].map { numbers($0, "distances", .positive) } ?? [0.5]
    let bins =
      integer(fields(negative, "nfr", NegativeKey.self)[.bins], "bins", in: 2...256) ?? 4
    var network = PFRNetConfiguration()
    network.epochs =
      integer(fields(pfrnet, "pfrnet", PFRNetKey.self)[.epochs], "epochs", in: 1...1_000_000)
      ?? network.epochs
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
      case .nfr: recipes.append(.negative(bins: bins))
      }
    }
    return (families, recipes)
  }

  /// `as_is` and shares above 0 and below 1; by default the cohort as it is.
  private mutating func cohortMaleShares(_ node: SpecNode?) -> [Double?] {
    guard let node else { return [nil] }
    var shares: [Double?] = []
    for item in list(node, "cohort_male_shares") {
      var share: Double?
      if case .scalar("as_is", _) = item.content {
        share = nil
      } else {
        let rule = NumberRule(text: "'as_is' or a number above 0 and below 1") { $0 > 0 && $0 < 1 }
        guard let found = number(item, "cohort_male_shares", rule) else { continue }
        share = found
      }
      if shares.contains(share) {
        report(item.location, "\(item.kind) is listed twice in 'cohort_male_shares'")
      } else {
        shares.append(share)
      }
    }
    return shares
  }

  /// A list of different whole numbers of a range.
  private mutating func wholeNumbers(
    _ node: SpecNode, _ name: String, in range: ClosedRange<Int>
  ) -> [Int] {
    var values: [Int] = []
    for item in list(node, name) {
      guard let value = integer(item, name, in: range) else { continue }
      if values.contains(value) {
        report(item.location, "\(item.kind) is listed twice in '\(name)'")
      } else {
        values.append(value)
      }
    }
    return values
  }

  /// Reports attacked datasets for which no attacker's dataset can be had.
  mutating func checkAttackers(_ spec: ExperimentSpec, at place: SourceLocation) {
    guard let attack = spec.attack else { return }
    for dataset in spec.evaluate {
      let attacker = spec.attackerDataset(attacking: dataset)
      if attacker == nil {
        report(
          place,
          "no dataset is left for the attacker when '\(dataset)' is attacked: all others train or "
            + "develop; declare another one, name it ('attacker: {other_dataset: NAME}'), or write "
            + "'attacker: same_dataset'")
      }
      if case .otherDataset(_?) = attack.observation.attacker, attacker == dataset {
        report(
          place,
          "'\(dataset)' is attacked and is also the attacker's dataset; name another one, or write "
            + "'attacker: same_dataset' for disjoint subjects of it")
      }
    }
  }
}
