import Records
import Specs

/// An attacked system as rows of a table name it: "MOTE (paper), cohort 50 % male".
package struct AttackedSystem: Sendable, Hashable {
  package let configuration: SystemConfiguration
  /// Male share of the training cohort; nil: as it is.
  package let cohortMaleShare: Double?

  /// The system that a cell attacks.
  package init(_ key: Cell) {
    configuration = SystemConfiguration(
      system: key.system, preset: key.preset, balancingFactor: key.balancingFactor,
      reference: key.reference)
    cohortMaleShare = key.attack?.cohortMaleShare
  }

  /// The training cohort as CSV files name it: "cohort-as-is", "cohort-male-0.5".
  package var cohortName: String { cohortMaleShare.map { "cohort-male-\($0)" } ?? "cohort-as-is" }

  package var isMote: Bool { configuration.system == "mote" }

  /// The paper's name of the system: block sizes and other settings are ours.
  package var publishedName: String {
    configuration.system.hasPrefix("pe-miu") ? "pe-miu" : configuration.system
  }

  /// Title of a row.
  package var title: String {
    configuration.title
      + (cohortMaleShare.map { ", cohort \(exactPercentText($0)) % male" } ?? "")
  }

  /// Traditional first, MOTE next, then the schemes by name.
  package var rank: (Int, Int, String, Int, Double) {
    let order = configuration.isTraditional ? 0 : isMote ? 1 : 2
    // Block sizes in the order of numbers.
    let block =
      configuration.system.hasPrefix("pe-miu-") ? Int(configuration.system.dropFirst(7)) : nil
    return (
      order, configuration.presetRank,
      (block == nil ? configuration.system : "pe-miu") + (configuration.preset ?? "")
        + "\(configuration.balancingFactor ?? -1)", block ?? 0, cohortMaleShare ?? -1
    )
  }
}
