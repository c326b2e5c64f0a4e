import Configurations

extension ExperimentSpec {
  /// The attacked cells in table order: dataset, extractor, repeat, system, cohort. None where only
  /// evaluations are asked for; a page alone shows both, and so do readings, of which the first repeat
  /// is attacked.
  package func attackedCells() -> [Cell] {
    guard let attack,
      !ReportOutput.ofAttacks.isDisjoint(with: outputs) || outputs.contains(.readings)
        || ReportOutput.ofEvaluations.isDisjoint(with: outputs)
    else { return [] }
    let attacked = readings == nil ? traditionalCells : traditionalCells.filter(\.isFirstRepeat)
    return attacked.flatMap { traditional in
      var cells = attack.schemes.map { recipe in
        traditional.with(system: recipe.name, attack: AttackedCell())
      }
      for configuration in attackedConfigurations where attack.attacksMote {
        for factor in balancingFactors {
          cells += attack.cohortMaleShares.map {
            cell(
              of: configuration, beside: traditional, attack: AttackedCell(cohortMaleShare: $0)
            ).fixed(at: factor)
          }
        }
      }
      return cells
    }
  }

  /// What the spec names, and readings that change one switch: the sample of the whole product is not
  /// attacked.
  private var attackedConfigurations: [ConfigurationSpec] {
    let readings = readings?.readings.filter(\.isOneAtATime) ?? []
    return configurations.filter { configuration in
      !Reading.isMade(configuration.name)
        || readings.contains { $0.configuration == configuration.name }
    }
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
    switch attack.attacker {
    case .sameDataset: return dataset
    case .otherDataset(let name?): return name
    case .otherDataset(nil):
      var taken: Set<String> = [dataset]
      for configuration in configurations.map(\.name) as [String?] + [nil] {
        let others = partition(evaluating: dataset, configuration: configuration)
          .datasets(evaluating: dataset)
        taken.formUnion([others.cohort, others.development])
      }
      return (evaluate + datasets.map(\.name)).first { !taken.contains($0) }
    }
  }
}

extension Cell {
  fileprivate var isFirstRepeat: Bool { repeatIndex == 0 }
}
