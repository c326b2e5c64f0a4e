import Configurations

/// The cells of an experiment: what is evaluated on what.
extension ExperimentSpec {
  /// Every cell: those that are evaluated, then those that are attacked.
  package func cells() -> [Cell] { evaluatedCells() + attackedCells() }

  /// The evaluated cells in table order: dataset, extractor, repeat, then the traditional system,
  /// once more with every other reference that configurations use, followed by each configuration at
  /// each balancing factor, then with factors chosen per subject. None where only attacks are asked
  /// for.
  package func evaluatedCells() -> [Cell] {
    if attack != nil, ReportOutput.ofEvaluations.isDisjoint(with: outputs),
      !ReportOutput.ofAttacks.isDisjoint(with: outputs)
    {
      return []
    }
    return traditionalCells.flatMap { traditional in
      [traditional]
        + configurations.compactMap(otherReference).distinct().map(traditional.with(reference:))
        + configurations.flatMap { configuration in
          let mote = cell(of: configuration, beside: traditional)
          var perSubject = mote
          perSubject.balancingRule = Cell.perSubject
          return balancingFactors.map(mote.fixed) + (choosesFactorPerSubject ? [perSubject] : [])
        }
    }
  }

  /// Which sample is the reference under a configuration; nil: as the protocol says.
  private func otherReference(_ configuration: ConfigurationSpec) -> ReferenceSelection? {
    configuration.reference == protocolSwitches.reference ? nil : configuration.reference
  }

  /// MOTE under a configuration, no factor chosen.
  ///
  /// - Parameter traditional: the traditional system at the same place and repeat.
  package func cell(
    of configuration: ConfigurationSpec, beside traditional: Cell, attack: AttackedCell? = nil
  ) -> Cell {
    traditional.with(system: "mote", preset: configuration.name, attack: attack)
      .with(reference: otherReference(configuration))
  }

  /// A cell of every configuration at every place, for what is measured once for each: that of the first
  /// factor and the first repeat.
  package var firstCells: [Cell] {
    traditionalCells.filter { $0.repeatIndex == 0 }.flatMap { traditional in
      configurations.map { cell(of: $0, beside: traditional).fixed(at: balancingFactors[0]) }
    }
  }

  /// Set in all cells where other people than those of the evaluation part are evaluated.
  private var otherPart: EvaluatedPart? {
    partition.evaluated == .evaluation ? nil : partition.evaluated
  }

  /// The traditional system at a place.
  package func traditionalCell(_ dataset: String, _ extractor: String, repeatIndex: Int = 0)
    -> Cell
  {
    Cell(
      dataset: dataset, extractor: extractor, system: "traditional", repeatIndex: repeatIndex,
      evaluated: otherPart)
  }

  /// The traditional system on every evaluated dataset, extractor and repeat, in table order.
  var traditionalCells: [Cell] {
    evaluate.flatMap { dataset in
      extractors.flatMap { extractor in
        (0..<repeats).map {
          traditionalCell(dataset, extractor, repeatIndex: $0)
        }
      }
    }
  }

  /// Datasets that a run reads: the evaluated ones, and those that give cohort or development rows.
  package var usedDatasets: [String] {
    var used = evaluate
    for dataset in evaluate {
      for configuration in configurations {
        let others = partition(evaluating: dataset, configuration: configuration.name)
          .datasets(evaluating: dataset)
        used += [others.cohort, others.development]
      }
      // Systems without a configuration of their own may divide differently.
      let others = partition(evaluating: dataset, configuration: nil)
        .datasets(evaluating: dataset)
      let learns = attack?.schemes.contains(where: \.needsCohort) ?? false
      if learns { used.append(others.cohort) }
      if learns || usesDevelopmentThreshold { used.append(others.development) }
    }
    if attack != nil {
      for dataset in evaluate { used += attackerDataset(attacking: dataset).map { [$0] } ?? [] }
    }
    return used.distinct()
  }

  /// True where a convention needs scores of development rows.
  package var usesDevelopmentThreshold: Bool {
    conventions.contains { $0.threshold == .development || $0.threshold == .perSubject }
  }

  /// What a cell's score blocks hold besides the probes.
  package func scoreColumns(of cell: Cell) -> [String] {
    let chooses = choosesFactorPerSubject && cell.preset != nil
    return (usesDevelopmentThreshold || chooses ? ["development"] : [])
      + (chooses ? ["selection"] : [])
  }

  /// The value of `groups` that stands for the gender label.
  package static let genderGroups = "gender"
}

extension Cell {
  /// Whether the cell has model-templates of its own. One that chooses factors has none: its models
  /// are among those of the other cells.
  package var keepsTemplates: Bool { preset != nil && attack == nil && !choosesFactor }
}
