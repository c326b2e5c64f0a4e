import Configurations

/// Cells that share everything but the balancing factor: data, partition, configuration, seed.
package struct CellBatch: Sendable {
  package let dataset: String
  package let extractor: String
  package let repeatIndex: Int
  /// Configuration of the MOTE cells; nil for the traditional system.
  package let configuration: String?
  /// Which sample is the reference; nil: as the protocol of the spec says.
  package let reference: ReferenceSelection?
  package var cells: [Cell]

  package init(
    dataset: String, extractor: String, repeatIndex: Int, configuration: String?,
    reference: ReferenceSelection? = nil, cells: [Cell]
  ) {
    self.reference = reference
    self.dataset = dataset
    self.extractor = extractor
    self.repeatIndex = repeatIndex
    self.configuration = configuration
    self.cells = cells
  }

  /// True where a cell chooses each person's factor among other cells.
  package var choosesFactors: Bool { cells.contains(where: \.choosesFactor) }
}

extension ExperimentSpec {
  /// The cells in batches, in table order.
  package func batches(of cells: [Cell]) -> [CellBatch] {
    var batches: [CellBatch] = []
    for cell in cells {
      if let last = batches.last, last.dataset == cell.dataset, last.extractor == cell.extractor,
        last.repeatIndex == cell.repeatIndex, last.configuration == cell.preset,
        last.reference == cell.reference
      {
        batches[batches.count - 1].cells.append(cell)
      } else {
        batches.append(
          CellBatch(
            dataset: cell.dataset, extractor: cell.extractor, repeatIndex: cell.repeatIndex,
            configuration: cell.preset, reference: cell.reference, cells: [cell]))
      }
    }
    return batches
  }
}
