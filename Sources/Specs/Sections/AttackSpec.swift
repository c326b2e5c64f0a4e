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

  /// What decides the attacked scores and features, apart from system and cohort.
  package struct Observation: Sendable, Codable, Hashable {
    package var attacker: Attacker
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

  /// Settings of the attacks.
  package func configuration(replicates: Int, seed: UInt64) -> AttackConfiguration {
    var configuration = AttackConfiguration()
    configuration.attacks = audit.attacks
    configuration.topCounts = audit.statistics
    configuration.gallerySizes = audit.galleryCurve
    configuration.folds = audit.folds
    configuration.bootstrapReplicates = replicates
    configuration.permutations = audit.permutations
    configuration.seed = seed
    return configuration
  }
}

extension ExperimentSpec {
  /// The attacked cells in table order: dataset, extractor, repeat, system, cohort.
  package func attackedCells() -> [Cell] {
    guard let attack, !OutputSpec.ofAttacks.isDisjoint(with: outputs) else { return [] }
    var cells: [Cell] = []
    for dataset in evaluate {
      for extractor in extractors {
        for index in 0..<repeats {
          for recipe in attack.schemes {
            cells.append(
              Cell(
                dataset: dataset, extractor: extractor, system: recipe.name, repeatIndex: index,
                attack: AttackedCell()))
          }
          guard attack.attacksMote else { continue }
          for configuration in configurations {
            for factor in balancingFactors {
              for share in attack.cohortMaleShares {
                cells.append(
                  Cell(
                    dataset: dataset, extractor: extractor, system: "mote",
                    preset: configuration.name, balancingFactor: factor, repeatIndex: index,
                    attack: AttackedCell(cohortMaleShare: share)))
              }
            }
          }
        }
      }
    }
    return cells
  }

  /// Whether a cell's system learns from a cohort.
  package func trains(_ cell: Cell) -> Bool {
    cell.preset != nil
      || cell.attack != nil && attack?.recipe(of: cell.system)?.needsCohort == true
  }

  /// The dataset that the attacker's samples come from when `dataset` is attacked; nil when none is
  /// left.
  package func attackerDataset(attacking dataset: String) -> String? {
    guard let attack else { return nil }
    switch attack.observation.attacker {
    case .sameDataset: return dataset
    case .otherDataset(let name?): return name
    case .otherDataset(nil):
      var taken: Set<String> = [dataset]
      for configuration in configurations.map(\.name) as [String?] + [nil] {
        if case .cross(let cohort, let development) = partition(
          evaluating: dataset, configuration: configuration)
        {
          taken.formUnion([cohort, development])
        }
      }
      return (evaluate + datasets.map(\.name)).first { !taken.contains($0) }
    }
  }
}
