import MOTE

/// The cells of an experiment: what is evaluated on what.
extension ExperimentSpec {
  /// Every cell, in table order: dataset, extractor, repeat, then the traditional system followed by
  /// each configuration at each balancing factor, then with factors chosen per subject.
  package func cells() -> [CellKey] {
    var cells: [CellKey] = []
    for dataset in evaluate {
      for extractor in extractors {
        for index in 0..<repeats {
          cells.append(
            CellKey(
              dataset: dataset, extractor: extractor, system: "traditional", repeatIndex: index))
          for configuration in configurations {
            for factor in balancingFactors {
              cells.append(
                CellKey(
                  dataset: dataset, extractor: extractor, system: "mote",
                  preset: configuration.name, balancingFactor: factor, repeatIndex: index))
            }
            if choosesFactorPerSubject {
              cells.append(
                CellKey(
                  dataset: dataset, extractor: extractor, system: "mote",
                  preset: configuration.name, balancingRule: CellKey.perSubject,
                  repeatIndex: index))
            }
          }
        }
      }
    }
    return cells
  }

  /// Datasets that a run reads: the evaluated ones, and those that give cohort or development rows.
  package var usedDatasets: [String] {
    var used = evaluate
    for dataset in evaluate {
      for configuration in configurations {
        if case .cross(let cohort, let development) = partition(
          evaluating: dataset, configuration: configuration.name)
        {
          used += [cohort, development]
        }
      }
    }
    var seen: Set<String> = []
    return used.filter { seen.insert($0).inserted }
  }

  /// Datasets that one cell reads: the evaluated one first, for a trained system cohort and
  /// development, and development also where thresholds are set on it.
  package func datasets(of cell: CellKey) -> [String] {
    var names = [cell.dataset]
    if case .cross(let cohort, let development) = partition(
      evaluating: cell.dataset, configuration: cell.preset)
    {
      if cell.preset != nil { names.append(cohort) }
      if cell.preset != nil || usesDevelopmentThreshold { names.append(development) }
    }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// True where a convention needs scores of development rows.
  package var usesDevelopmentThreshold: Bool {
    conventions.contains { $0.threshold == .development || $0.threshold == .perSubject }
  }
}
