import Biometrics
import Records
import Results
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
    var presets = results.configurations
      .filter { $0.system == "mote" && !$0.isMadeForReadings }.map(\.preset).distinct()
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

  /// The traditional system with the preset's references.
  var baseline: SystemConfiguration { configurations.first?.baseline ?? .traditional }

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

  func query(_ quantity: Quantity, group: String = "all") -> MeasurementQuery {
    MeasurementQuery(quantity, group: group, convention: convention, target: target)
  }

  /// "0.4", or "per subject".
  func factorText(_ configuration: SystemConfiguration) -> String {
    configuration.balancingFactor.map { "\($0)" }
      ?? (configuration.balancingRule == Cell.perSubject ? "per subject" : "")
  }

  /// Places that were run, in the order of the paper's Table 4: by extractor.
  var places: [Place] {
    results.extractors.flatMap { extractor in
      results.datasets.map { Place(dataset: $0, extractor: extractor) }.filter(results.has)
    }
  }

  /// Rows of one place; extractor and dataset are named in the first.
  func rows(_ place: Place, _ lines: [TableRow]) -> [TableRow] {
    TableRow.block([place.extractor, place.dataset], lines)
  }
}
