/// Cells that share everything but the balancing factor: data, partition, configuration, seed.
package struct CellGroup: Sendable {
  package let dataset: String
  package let extractor: String
  package let repeatIndex: Int
  /// Configuration of the MOTE cells; nil for the traditional system.
  package let configuration: String?
  package let cells: [CellKey]
  /// Whether the cells learn from a cohort; MOTE does, some protection schemes do.
  package var needsCohort: Bool { configuration != nil || learns }
  var learns = false
}

extension ExperimentSpec {
  /// The cells in groups, in table order.
  package func groups(of cells: [CellKey]) -> [CellGroup] {
    var groups: [CellGroup] = []
    for cell in cells {
      if let last = groups.last, last.dataset == cell.dataset, last.extractor == cell.extractor,
        last.repeatIndex == cell.repeatIndex, last.configuration == cell.preset
      {
        groups[groups.count - 1] = CellGroup(
          dataset: last.dataset, extractor: last.extractor, repeatIndex: last.repeatIndex,
          configuration: last.configuration, cells: last.cells + [cell])
      } else {
        groups.append(
          CellGroup(
            dataset: cell.dataset, extractor: cell.extractor, repeatIndex: cell.repeatIndex,
            configuration: cell.preset, cells: [cell]))
      }
    }
    return groups
  }
}

extension CellKey {
  /// For people, e.g. "LFW ArcFace paper 0.5" or "LFW ArcFace traditional".
  package var title: String {
    var parts = [dataset, extractor, preset ?? system]
    if let balancingFactor { parts.append("\(balancingFactor)") }
    if let attack {
      parts.append("attacked")
      if let share = attack.cohortMaleShare { parts.append("cohort \(share) male") }
    }
    if repeatIndex > 0 { parts.append("repeat \(repeatIndex)") }
    return parts.joined(separator: " ")
  }
}
