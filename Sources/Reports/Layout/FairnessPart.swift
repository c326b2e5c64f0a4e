import Biometrics
import Records
import Specs

/// The records of one convention, FMR target and preset, as the fairness tables and figures look at
/// them: one line per balancing factor, the traditional system beside it.
struct FairnessPart: Sendable {
  let results: RecordSet
  let convention: String
  let target: Double
  /// Nil where only the traditional system was run.
  let preset: String?
  /// Whether the experiment has several presets, so that names must tell them apart.
  let namesPreset: Bool

  /// Named conventions that differ from the default by the threshold alone: they stand in the
  /// calibration table and would drown the others elsewhere.
  private static let calibrations: Set<String> = ["per-group", "per-subject", "development"]

  /// The parts of an experiment: conventions in their order, presets within.
  ///
  /// - Parameter withCalibrations: include the conventions of the calibration table, which otherwise
  ///   stand in only where there are no others.
  static func parts(_ results: RecordSet, withCalibrations: Bool = false) -> [FairnessPart] {
    var conventions = results.distinct(of: .fdr, first: ConventionText.usual, \.convention)
    if !withCalibrations, !calibrations.isSuperset(of: conventions) {
      conventions.removeAll(where: calibrations.contains)
    }
    var presets: [String?] = []
    for configuration in results.configurations where configuration.system == "mote" {
      if !presets.contains(configuration.preset) { presets.append(configuration.preset) }
    }
    if presets.isEmpty { presets = [nil] }
    return conventions.flatMap { convention in
      results.targets(of: .fdr, convention: convention).flatMap { target in
        presets.map {
          FairnessPart(
            results: results, convention: convention, target: target, preset: $0,
            namesPreset: presets.count > 1)
        }
      }
    }
  }

  /// "-paper-compatible-official-code": what names of files add.
  var suffix: String {
    ConventionText.suffix(convention) + PaperTarget.suffix(target)
      + (namesPreset ? "-\(preset ?? "")" : "")
  }

  /// "default convention, official-code preset".
  var title: String {
    "\(convention) convention" + (namesPreset ? ", \(preset ?? "") preset" : "")
  }

  /// MOTE at each factor, ascending, then with factors per subject.
  var configurations: [SystemConfiguration] {
    results.configurations.filter { $0.system == "mote" && $0.preset == preset }
  }

  /// MOTE with one factor for all.
  var fixed: [SystemConfiguration] { configurations.filter { $0.balancingFactor != nil } }

  /// MOTE with each person's own factor, where it was run.
  var perSubject: SystemConfiguration? {
    configurations.first { $0.balancingRule == Cell.perSubject }
  }

  /// The balanced factor that others are compared with.
  var balanced: SystemConfiguration? { fixed.first { $0.balancingFactor == 0.5 } }

  /// Groups by name, male and female first.
  var groups: [String] {
    results.distinct(of: .fnmr, first: ["male", "female"], \.group).filter { $0 != "all" }
  }

  func query(_ measure: FairnessMeasure, group: String = "all") -> MeasurementQuery {
    MeasurementQuery(measure.quantity, group: group, convention: convention, target: target)
  }

  func query(_ quantity: Quantity, group: String) -> MeasurementQuery {
    MeasurementQuery(quantity, group: group, convention: convention, target: target)
  }

  func summary(
    _ measure: FairnessMeasure, group: String = "all", _ dataset: String, _ extractor: String,
    _ configuration: SystemConfiguration
  ) -> CellSummary {
    CellSummary(
      query(measure, group: group), in: results.records(dataset, extractor, configuration))
  }

  func difference(
    _ measure: FairnessMeasure, _ dataset: String, _ extractor: String,
    _ minuend: SystemConfiguration, minus subtrahend: SystemConfiguration
  ) -> SystemDifference? {
    SystemDifference(
      query(measure), in: results.records(dataset, extractor, minuend), minus: query(measure),
      in: results.records(dataset, extractor, subtrahend))
  }

  /// "0.4", or "per subject".
  func factorText(_ configuration: SystemConfiguration) -> String {
    configuration.balancingFactor.map { "\($0)" }
      ?? (configuration.balancingRule == Cell.perSubject ? "per subject" : "")
  }

  /// Pairs of extractor and dataset that were run, in the order of the paper's Table 4.
  var places: [(extractor: String, dataset: String)] {
    results.extractors.flatMap { extractor in
      results.datasets.filter { results.has($0, extractor) }.map { (extractor, $0) }
    }
  }

  /// Columns Model, Data, and a third one.
  func labelColumns(_ third: String) -> [TableColumn] {
    [
      TableColumn("Extractor", alignment: .left), TableColumn("Dataset", alignment: .left),
      TableColumn(third, alignment: .left),
    ]
  }

  /// Rows of one place; model and data are named in the first.
  func rows(
    _ place: (extractor: String, dataset: String),
    _ lines: [(label: String, cells: [TableCell], style: TableRow.Style)]
  ) -> [TableRow] {
    lines.enumerated().map { i, line in
      TableRow(
        [
          TableCell(i == 0 ? place.extractor : ""), TableCell(i == 0 ? place.dataset : ""),
          TableCell(line.label),
        ] + line.cells, style: line.style, opensBlock: i == 0)
    }
  }
}
