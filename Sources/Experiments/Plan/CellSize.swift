import Configurations
import Datasets
import Kernels
import Specs

/// How much work a cell is, known once its data has been opened; all folds together.
package struct CellSize: Sendable, Hashable {
  /// Enrolled subjects, one reference each.
  package var references = 0
  package var comparisons = 0
  /// Rows to learn from and to stop early by: the mean over the folds.
  package var cohortRows = 0
  package var developmentRows = 0
  /// Rows of a training epoch, validation included; 0: no networks are trained.
  package var epochRows = 0
  /// Embedding dimension.
  package var dimension = 512
  /// References that an attacker enrols himself; 0: the cell is not attacked, or he has none.
  package var ownReferences = 0
  /// Samples of the attacker, all attributes together.
  package var gallery = 0
  /// Groups asked for against the others, all attributes together.
  package var questions = 0
  /// Numbers that an attacker reads of each template, all attributes together.
  package var readings = 0
  /// Bytes per target of the draws and permutations that attacks are judged by.
  package var drawBytes = 0

  package init() {}
}

extension CellSize {
  /// Counts of a cell with its data.
  ///
  /// - Parameter training: of its network; nil: it has none.
  init(_ data: BatchData, _ training: TrainingConfiguration?) {
    let partitions = data.partitions
    let folds = max(1, partitions.count)
    references = data.references
    comparisons = data.comparisons.reduce(0) { $0 + $1.referenceCount * $1.probeCount }
    dimension = data.set.dimension
    cohortRows = partitions.reduce(0) { $0 + $1.cohort.rows.count } / folds
    developmentRows = partitions.reduce(0) { $0 + $1.development.rows.count } / folds
    guard let training else { return }
    epochRows = cohortRows + training.matedRows(cohortRows: cohortRows) + developmentRows
  }

  /// Counts of an attacked cell: the attacker's work comes to that of its data.
  init(_ attacked: AttackData) {
    self.init(attacked.data, attacked.inputs.enrolment?.training)
    ownReferences = attacked.own.count
    gallery = attacked.attributes.reduce(0) { $0 + $1.gallery.count }
    questions = attacked.attributes.reduce(0) { $0 + $1.questions.count }
    let inputs = attacked.inputs
    if inputs.attack!.observation.opensTemplates {
      // Networks give four vectors (`WhiteBoxObservation`), other templates one.
      readings = attacked.attributes.count * (inputs.enrolment == nil ? 1 : 4) * dimension
    }
    let configuration = inputs.evaluation.audit!.configuration(
      replicates: inputs.evaluation.bootstrap.replicates, seed: inputs.division.seed)
    drawBytes = 2 * configuration.bootstrapReplicates + 4 * configuration.permutations
  }

  /// Bytes of a cell besides the embeddings: its scores with the copy that metrics sort, what attacks
  /// hold, and per worker the synthetic rows and the network with its optimiser state.
  ///
  /// - Parameter training: of the cell's network; nil: it has none.
  func bytes(_ training: TrainingConfiguration?, workers: Int) -> Int {
    let scores = comparisons * 4 * 2 + attackBytes
    guard let training else { return scores }
    let synthetic = training.matedRows(cohortRows: cohortRows) + developmentRows / 2
    let network = NetworkShape(inputs: dimension, hiddenWidths: training.hiddenWidths)
    return scores + UnitOfWork.workers(atMost: workers)
      * (synthetic * dimension * 4 + network.parameterCount * 4 * 4)
  }

  /// Bytes of the attacks on a cell, all in float64: scores against the gallery with three copies on
  /// other scales, readings with two, the kernel matrix of a support vector machine over all
  /// references with its products, and the draws of targets; 0 where it is not attacked.
  private var attackBytes: Int {
    if gallery == 0 { return 0 }
    let rows = references + ownReferences
    return 8 * rows * (4 * gallery + 3 * readings) + 16 * rows * rows + references * drawBytes
  }
}
