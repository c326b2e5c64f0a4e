import Configurations
import Datasets
import MOTE
import Records
import Specs

/// Spec and data as a run would find them: everything is read, divided and audited, nothing is trained
/// or written.
package struct SpecValidation: Sendable {
  /// The people of one evaluated file under one configuration's division.
  private struct Division: Sendable {
    let cell: Cell
    /// Of the first fold; nil: the cell trains nothing.
    let cohort: Int?
    let development: Int?
    let references: Int
    let comparisons: Int
  }

  private let spec: ExperimentSpec
  private var divisions: [Division] = []
  private let files: Int
  /// What a run would warn of, each once.
  package private(set) var warnings: [String] = []

  /// - Throws: `DataProblems` with every problem of every dataset, `HDF5Error` and `FileError` of files
  ///   that cannot be read, `Interrupted`.
  package init(of spec: ExperimentSpec, interruption: Interruption) throws {
    self.spec = spec
    let shelf = try DataShelf(spec: spec)
    files = shelf.hashesByPath.count
    let inputs = spec.inputs(shelf.hashes)
    let cells = spec.cells().map { inputs[$0]! }
    var (divisions, warnings): ([Division], [String]) = ([], [])
    var obstacles: [String] = []
    func add(_ inputs: CellInputs, _ data: BatchData, _ found: [String]) {
      for text in found where !warnings.contains(text) { warnings.append(text) }
      for line in Self.obstacles(cells.filter { $0.division == inputs.division }, data)
      where !obstacles.contains(line) { obstacles.append(line) }
      let fold = data.partitions[0]
      divisions.append(
        Division(
          cell: inputs.cell,
          cohort: inputs.division.cohort.map { _ in fold.cohort.subjects.count },
          development: inputs.division.development.map { _ in fold.development.subjects.count },
          references: data.references, comparisons: CellSize(data, nil).comparisons))
    }
    var check = DataCheck(shelf, interruption, groupsAt: spec.groupsLocation)
    try check.evaluated(cells.filter { $0.attack == nil }) { add($0, $1, $1.warnings) }
    try check.attacked(cells.filter { $0.attack != nil }) { add($0, $1.data, $1.warnings) }
    try check.finish()
    if !obstacles.isEmpty { throw DataProblems(problems: obstacles) }
    (self.divisions, self.warnings) = (divisions, warnings)
  }

  /// Why cells of one division could not be trained: too few people of a gender.
  private static func obstacles(_ cells: [CellInputs], _ data: BatchData) -> [String] {
    cells.flatMap { inputs -> [String] in
      guard let enrolment = inputs.enrolment else { return [] }
      return enrolment.balancingFactors.compactMap { factor in
        do {
          for partition in data.partitions {
            try EnrolmentContext.check(
              partition, enrolment.training, kde: enrolment.kde, balancingFactor: factor)
          }
          return nil
        } catch { return "\(inputs.cell.dataset) \(inputs.cell.extractor): \(error)" }
      }
    }
  }

  /// What was read, and who would be compared: a line for each division.
  package var text: String {
    let cells = spec.cells()
    let attacked = cells.count { $0.attack != nil }
    let header = [
      "dataset", "extractor", "system", "cohort", "development", "references", "comparisons",
    ]
    let rows = divisions.map { division in
      [
        division.cell.dataset, division.cell.extractor, division.cell.systemText,
        division.cohort.map(grouped) ?? "-", division.development.map(grouped) ?? "-",
        grouped(division.references), grouped(division.comparisons),
      ]
    }
    let isNumber = [false, false, false, true, true, true, true]
    return
      (["\(spec.path): experiment '\(spec.name)', \(spec.title)", ""]
      + aligned([header] + rows, flushRight: isNumber)
      + [
        "",
        "\(counted(cells.count - attacked, "cell")) to evaluate, \(grouped(attacked)) to attack; a line "
          + "for each way to divide people, under the first system that has it",
        "The spec was read, \(counted(files, "file")) opened, divided and audited"
          + (warnings.isEmpty ? ", no warnings" : ", \(counted(warnings.count, "warning"))")
          + "; nothing was trained or written",
      ]).joined(separator: "\n")
  }
}
