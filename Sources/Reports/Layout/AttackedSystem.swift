import Specs

/// An attacked system as rows of a table name it: "MOTE (paper), cohort 50 % male".
package struct AttackedSystem: Sendable, Hashable {
  package let configuration: SystemConfiguration
  /// Male share of the training cohort; nil: as it is.
  package let cohortMaleShare: Double?

  init(_ key: Cell) {
    configuration = SystemConfiguration(
      system: key.system, preset: key.preset, balancingFactor: key.balancingFactor)
    cohortMaleShare = key.attack?.cohortMaleShare
  }

  package var isMote: Bool { configuration.system == "mote" }

  /// The paper's name of the system: block sizes and other settings are ours.
  var publishedName: String {
    configuration.system.hasPrefix("pe-miu") ? "pe-miu" : configuration.system
  }

  /// Title of a row.
  package var title: String {
    cohortMaleShare.map { "\(name), cohort \(CellFormat.percent.text($0)) % male" } ?? name
  }

  private var name: String {
    let parts = configuration.system.split(separator: "-")
    switch parts.first {
    case "pe": return "PE-MIU (block \(parts.last!))"
    case "ssnt": return "SSNT (\(parts[1]) \(parts.last!))"
    case "pfrnet": return "PFRNet (re-implementation)"
    case "negative": return "NFR"
    default: return configuration.title
    }
  }

  /// Traditional first, MOTE next, then the schemes by name.
  var rank: (Int, Int, String, Int, Double) {
    let order = configuration.isTraditional ? 0 : isMote ? 1 : 2
    let presets = ["paper", "official-code", "hybrid"]
    // Block sizes in the order of numbers.
    let block =
      configuration.system.hasPrefix("pe-miu-") ? Int(configuration.system.dropFirst(7)) : nil
    return (
      order, presets.firstIndex(of: configuration.preset ?? "") ?? presets.count,
      (block == nil ? configuration.system : "pe-miu") + (configuration.preset ?? "")
        + "\(configuration.balancingFactor ?? -1)", block ?? 0, cohortMaleShare ?? -1
    )
  }
}
