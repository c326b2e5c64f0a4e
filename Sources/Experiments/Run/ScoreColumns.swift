import Biometrics
import Datasets
import MOTE
import Specs

/// What the columns of a unit's scores are: probes, then what thresholds and balancing factors are
/// chosen by, where anything is.
struct ScoreColumns: Sendable, Hashable {
  /// Evaluation rows.
  let probes: Range<Int>
  /// Development rows: none of them is of an evaluated subject.
  let development: Range<Int>
  /// Synthetic mated samples of the reference's subject, male ones first.
  let selection: Range<Int>

  init(probes: Int, development: Int = 0, selection: Int = 0) {
    self.probes = 0..<probes
    self.development = probes..<(probes + development)
    self.selection = (probes + development)..<(probes + development + selection)
  }

  var count: Int { selection.upperBound }
}

extension BatchData {
  /// Columns of a cell's scores in a fold.
  func columns(fold: Int, _ inputs: CellInputs) -> ScoreColumns {
    let kept = inputs.columns
    return ScoreColumns(
      probes: comparisons[fold].probeCount,
      development: kept.contains("development") ? partitions[fold].development.rows.count : 0,
      selection: kept.contains("selection") ? SelectionSampler.samples : 0)
  }
}
