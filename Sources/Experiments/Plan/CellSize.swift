import Configurations
import Specs

/// How much work a cell is, known once its data has been opened.
package struct CellSize: Sendable, Hashable {
  /// Enrolled subjects, one reference each (over all folds).
  package var references: Int
  /// Rows of the evaluation subjects.
  package var probes: Int
  package var comparisons: Int
  package var cohortRows: Int
  package var developmentRows: Int
  /// Embedding dimension.
  package var dimension: Int
  /// What attacking the cell adds; nil: it is not attacked.
  package var attack: AttackSize?

  package init(
    references: Int, probes: Int, comparisons: Int, cohortRows: Int = 0, developmentRows: Int = 0,
    dimension: Int = 512, attack: AttackSize? = nil
  ) {
    self.references = references
    self.probes = probes
    self.comparisons = comparisons
    self.cohortRows = cohortRows
    self.developmentRows = developmentRows
    self.dimension = dimension
    self.attack = attack
  }
}

/// What attacking a cell adds to enrolling and comparing its targets, known once its data are open.
package struct AttackSize: Sendable, Hashable {
  /// References that the attacker enrols himself.
  package var ownReferences: Int
  /// Samples of the attacker, all attributes together.
  package var gallery: Int
  /// Groups asked for against the others, all attributes together.
  package var questions: Int

  package init(ownReferences: Int, gallery: Int, questions: Int) {
    self.ownReferences = ownReferences
    self.gallery = gallery
    self.questions = questions
  }
}

extension CellSize {
  /// Counts of a batch's data, all folds together; rows to train and to validate with are the mean
  /// over the folds.
  init(_ data: BatchData) {
    let folds = max(1, data.partitions.count)
    self.init(
      references: data.references, probes: data.comparisons.reduce(0) { $0 + $1.probeCount },
      comparisons: data.comparisons.reduce(0) { $0 + $1.referenceCount * $1.probeCount },
      cohortRows: data.partitions.reduce(0) { $0 + $1.cohort.rows.count } / folds,
      developmentRows: data.partitions.reduce(0) { $0 + $1.development.rows.count } / folds,
      dimension: data.set.dimension)
  }

  /// Counts of an attacked cell: its cohort may be cut, and there is the attacker's work.
  init(_ attacked: AttackData) {
    self.init(attacked.data)
    cohortRows =
      attacked.partitions.reduce(0) { $0 + $1.cohort.rows.count }
      / max(1, attacked.partitions.count)
    attack = AttackSize(
      ownReferences: attacked.own.count,
      gallery: attacked.attributes.reduce(0) { $0 + $1.gallery.count },
      questions: attacked.attributes.reduce(0) { $0 + $1.questions.count })
  }

  /// References that are enrolled: the subjects', and the attacker's own.
  var enrolments: Int { references + (attack?.ownReferences ?? 0) }

  /// Samples that a reference is compared with.
  var columns: Int { comparisons / max(1, references) + (attack?.gallery ?? 0) }

  /// Bytes of a cell besides the embeddings: its scores with the copy that metrics sort, and per
  /// worker the synthetic rows and the network with its optimiser state.
  ///
  /// - Parameter training: of the cell's network; nil: it has none.
  func bytes(_ training: TrainingConfiguration?, workers: Int) -> Int {
    let scores = comparisons * 4 * 2
    guard let training else { return scores }
    let synthetic = training.matedRows(cohortRows: cohortRows) + developmentRows / 2
    let network = training.parameters(inputs: dimension) * 4 * 4
    return scores + workers * (synthetic * dimension * 4 + network)
  }
}

extension TrainingConfiguration {
  /// Number of weights and biases, for inputs of a dimension and one output.
  func parameters(inputs: Int) -> Int {
    let widths = [inputs] + hiddenWidths + [1]
    return zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
  }
}
