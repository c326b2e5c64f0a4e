import Configurations

/// What a spec says about attacks: who is attacked, by whom, and how (definitions 3).
package struct AttackSpec: Sendable, Codable, Hashable {
  /// Where the attacker's samples come from.
  package enum Attacker: Sendable, Codable, Hashable {
    /// Another dataset; nil: the first evaluated or declared one that takes no other part.
    case otherDataset(String?)
    /// Subjects of the attacked dataset that the partition or the limits leave out.
    case sameDataset
  }

  /// Which enrolled subjects are attacked.
  package enum Targets: String, Sendable, Codable, Hashable, CaseIterable {
    /// All that have a label.
    case all
    /// As many of each group as the smallest group has, drawn by seed.
    case balanced
  }

  /// What decides the attacked scores and features, apart from attacker, system and cohort.
  package struct Observation: Sendable, Codable, Hashable {
    /// "gender", or label columns of the files.
    package var attributes: [String]
    /// Samples of the attacker per group.
    package var gallery: GallerySize
    /// People per group of the gallery whom the attacker also enrols himself, to learn from their
    /// references; 0: trained attackers learn from other targets only.
    package var ownReferences: Int
    /// Whether templates and networks are looked into (A7, A8).
    package var opensTemplates: Bool
  }

  /// What is done with the observed scores and features.
  package struct Audit: Sendable, Codable, Hashable {
    package var targets: Targets
    package var attacks: [AttackKind]
    /// n of the top-n, logarithmic and linear statistics.
    package var statistics: [Int]
    /// Samples per group of the gallery curve.
    package var galleryCurve: [Int]
    /// Folds over targets of trained attackers.
    package var folds: Int
    /// Label permutations behind a p-value.
    package var permutations: Int
  }

  package var attacker: Attacker
  package var observation: Observation
  package var audit: Audit
  /// True when MOTE is attacked, in all configurations that run.
  package var attacksMote: Bool
  /// The attacked protection schemes, the unprotected vectors among them.
  package var schemes: [ProtectionRecipe]
  /// Male shares that MOTE's training cohort is cut down to; nil: as it is.
  package var cohortMaleShares: [Double?]
}

extension AttackSpec {
  /// The scheme of a system's name; nil for MOTE.
  package func recipe(of system: String) -> ProtectionRecipe? {
    schemes.first { $0.name == system }
  }
}

extension AttackSpec.Audit {
  /// Settings of the attacks.
  package func configuration(replicates: Int, seed: UInt64) -> AttackConfiguration {
    var configuration = AttackConfiguration()
    configuration.attacks = attacks
    configuration.statistics = statistics
    configuration.galleryCurve = galleryCurve
    configuration.folds = folds
    configuration.bootstrapReplicates = replicates
    configuration.permutations = permutations
    configuration.seed = seed
    return configuration
  }
}

/// The keys of `attack`.
enum AttackKey: String, SpecKey {
  case attacker, attributes, gallery
  case ownReferences = "own_references"
  case galleryCurve = "gallery_curve"
  case targets, systems
  case peMIU = "pe_miu"
  case ssnt, negative, pfrnet
  case cohortMaleShares = "cohort_male_shares"
  case attacks, statistics, folds, permutations

  static let section = SectionDocumentation(
    "attack",
    "Inference of gender (or another attribute) from scores and templates: who is attacked, by "
      + "whom, and how. Needed by the outputs of attacks, of no effect on others.")

  static let renamed: [String: AttackKey] = ["calibration": .ownReferences, "nfr": .negative]

  var documentation: KeyDocumentation {
    let usual = AttackConfiguration()
    return switch self {
    case .attacker:
      .init(
        .either(.words(["other_dataset", "same_dataset"]), .section(AttackerKey.self)),
        absent: .yaml("other_dataset"),
        "Where the attacker's samples come from: another dataset, by default the first that takes "
          + "no other part, or subjects of the attacked one that partition and limits leave out.",
        definition: "3.2")
    case .attributes:
      .init(
        .list(.text), absent: .yaml("[gender]"),
        "What is inferred: gender, or label columns of the files.", definition: "3.1")
    case .gallery:
      .init(
        .either(.integer(1...1_000_000), .section(GalleryKey.self)),
        absent: .yaml("{at_most: 500}"),
        "The attacker's samples per group: exactly so many, or as many as there are up to a limit.",
        definition: "3.2")
    case .ownReferences:
      .init(
        .section(OwnReferencesKey.self), absent: .section,
        "People whom the attacker enrols himself, to learn from their references.",
        definition: "3.4")
    case .galleryCurve:
      .init(
        .list(.integer(1...1_000_000)), absent: .yaml("\(usual.galleryCurve)"),
        "Samples per group of the curve of success over gallery size.", definition: "3.4")
    case .targets:
      .init(
        .words(of: AttackSpec.Targets.self), absent: .yaml(AttackSpec.Targets.all.rawValue),
        "Attacked subjects: all with a label, or as many of each group as the smallest has, drawn "
          + "by seed.", definition: "3.4")
    case .systems:
      .init(
        .list(.words(of: SystemFamily.self)),
        absent: .yaml("[\(SystemFamily.allCases.map(\.rawValue).joined(separator: ", "))]"),
        "Attacked systems: cosine of plain vectors, MOTE in all configurations that run, and "
          + "protection schemes.", definition: "4")
    case .peMIU:
      .init(.section(PEMIUKey.self), absent: .section, "Settings of PE-MIU.", definition: "4.1")
    case .ssnt:
      .init(
        .section(NoiseKey.self), absent: .section, "Settings of the noise schemes.",
        definition: "4.3")
    case .negative:
      .init(
        .section(NegativeKey.self), absent: .section, "Settings of negative face recognition.",
        definition: "4.3")
    case .pfrnet:
      .init(.section(PFRNetKey.self), absent: .section, "Settings of PFRNet.", definition: "4.2")
    case .cohortMaleShares:
      .init(
        .list(.number(ConfigurationKey.maleShare)), absent: .yaml("[as_is]"),
        "Male shares that MOTE's training cohort is cut down to; as_is: the cohort as it is.",
        definition: "3.3")
    case .attacks:
      .init(
        .list(.words(of: AttackKind.self)),
        absent: .yaml("[\(AttackKind.allCases.map(\.rawValue).joined(separator: ", "))]"),
        "Attacks that are carried out; the others are listed as omitted.", definition: "3.4")
    case .statistics:
      .init(
        .list(.integer(1...1_000_000)), absent: .yaml("\(usual.statistics)"),
        "n of the top-n, logarithmic and linear statistics (A5).", definition: "3.4")
    case .folds:
      .init(
        .integer(2...100), absent: .yaml("\(usual.folds)"),
        "Folds over targets of trained attackers; fewer where a group is smaller.",
        definition: "3.4")
    case .permutations:
      .init(
        .integer(1...1_000_000), absent: .yaml("\(usual.permutations)"),
        "Label permutations behind a p-value.", definition: "3.4")
    }
  }
}

/// The key of `attack.attacker`.
enum AttackerKey: String, SpecKey {
  case otherDataset = "other_dataset"

  static let section = SectionDocumentation("attack.attacker", "The attacker's dataset by name.")

  var documentation: KeyDocumentation {
    .init(.text, absent: .required, "Dataset of the attacker's samples.", definition: "3.2")
  }
}

/// The key of `attack.gallery`.
enum GalleryKey: String, SpecKey {
  case atMost = "at_most"

  static let section = SectionDocumentation(
    "attack.gallery", "As many samples per group as every group has.")

  var documentation: KeyDocumentation {
    .init(.integer(1...1_000_000), absent: .required, "Upper limit.", definition: "3.2")
  }
}

/// The key of `attack.own_references`.
enum OwnReferencesKey: String, SpecKey {
  case atMost = "at_most"

  /// People per group where nothing is written.
  fileprivate static let usual = 100

  static let section = SectionDocumentation(
    "attack.own_references", "The first people of each group of the attacker's gallery.")

  var documentation: KeyDocumentation {
    .init(
      .integer(0...1_000_000), absent: .yaml("\(Self.usual)"),
      "People per group; 0: trained attackers learn from other targets only.", definition: "3.4")
  }
}

extension SpecReader {
  /// Who attacks whom; every key has a default.
  ///
  /// - Parameter datasets: names that may be mentioned.
  mutating func attack(_ node: SpecNode, datasets: [String]) -> AttackSpec {
    let fields = fields(node, "attack", AttackKey.self)
    let usual = AttackConfiguration()
    let audit = AttackSpec.Audit(
      targets: choice(fields, .targets) ?? .all,
      attacks: fields[.attacks].map { node in
        list(node, "attacks").compactMap { choice($0, "attacks", of: AttackKind.self) }
      } ?? AttackKind.allCases,
      statistics: integers(fields, .statistics) ?? usual.statistics,
      galleryCurve: integers(fields, .galleryCurve) ?? usual.galleryCurve,
      folds: integer(fields, .folds) ?? usual.folds,
      permutations: integer(fields, .permutations) ?? usual.permutations)
    let observation = AttackSpec.Observation(
      attributes: fields[.attributes].map { texts($0, "attributes").map(\.name) } ?? ["gender"],
      gallery: gallery(fields), ownReferences: ownReferences(fields[.ownReferences]),
      opensTemplates: !Set(audit.attacks).isDisjoint(with: [.a7, .a8]))
    let (families, recipes) = systems(fields)
    return AttackSpec(
      attacker: attacker(fields[.attacker], datasets: datasets), observation: observation,
      audit: audit, attacksMote: families.contains(.mote),
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

  private mutating func gallery(_ attack: SpecFields<AttackKey>) -> GallerySize {
    guard let node = attack[.gallery] else { return .available(limit: 500) }
    guard node.entries != nil else { return .exactly(integer(attack, .gallery) ?? 1) }
    let fields = fields(node, "gallery", GalleryKey.self)
    _ = required(fields, .atMost, in: "'gallery'")
    return .available(limit: integer(fields, .atMost) ?? 1)
  }

  private mutating func ownReferences(_ node: SpecNode?) -> Int {
    integer(fields(node, "own_references", OwnReferencesKey.self), .atMost)
      ?? OwnReferencesKey.usual
  }

  /// `as_is` and shares above 0 and below 1; by default the cohort as it is.
  private mutating func cohortMaleShares(_ node: SpecNode?) -> [Double?] {
    guard let node else { return [nil] }
    return different(list(node, "cohort_male_shares"), "cohort_male_shares") { reader, item in
      if reader.isWord(item, ConfigurationKey.asIs) { return .some(nil) }
      return reader.number(item, "cohort_male_shares", ConfigurationKey.maleShare)
        .map { .some($0) }
    }
  }
}
