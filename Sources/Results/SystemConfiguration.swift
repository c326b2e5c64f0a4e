import Configurations
import Records
import Specs

/// A system as the columns of a table name it: "MOTE (paper)", "Traditional".
package struct SystemConfiguration: Sendable, Hashable {
  /// "mote", "traditional", or a later system's name.
  package var system: String
  package var preset: String?
  package var balancingFactor: Double?
  /// "per-subject" where each person's factor was chosen at enrolment.
  package var balancingRule: String?
  /// Which sample of a person is the reference; nil: as the protocol of the experiment says.
  package var reference: ReferenceSelection?

  package init(
    system: String, preset: String? = nil, balancingFactor: Double? = nil,
    balancingRule: String? = nil, reference: ReferenceSelection? = nil
  ) {
    self.system = system
    self.preset = preset
    self.balancingFactor = balancingFactor
    self.balancingRule = balancingRule
    self.reference = reference
  }

  /// Cosine of the vectors.
  package static let traditional = SystemConfiguration(system: "traditional")

  package var isTraditional: Bool { system == "traditional" }

  /// Whether the spec does not name the configuration but makes it of bases and switches.
  package var isMadeForReadings: Bool { preset.map(Reading.isMade) ?? false }

  /// The traditional system with the same references: what differences are formed with.
  package var baseline: SystemConfiguration {
    var baseline = Self.traditional
    baseline.reference = reference
    return baseline
  }

  /// The system as CSV files name it. Presets tell trained systems apart; a traditional one names its
  /// reference.
  package var csvName: String {
    guard isTraditional, let reference else { return system }
    return "\(system) (\(reference.rawValue) reference)"
  }

  /// Title of a column; the factor is named where it is not the usual 0.5.
  package var title: String {
    var details = preset.map { [$0] } ?? []
    if let reference { details.append("\(reference.rawValue) reference") }
    if let balancingFactor, balancingFactor != 0.5 { details.append("factor \(balancingFactor)") }
    if let balancingRule { details.append("factor \(balancingRule)") }
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }

  /// Order of columns: MOTE by preset and factor, other systems, traditional last as in the paper.
  package var rank: (Int, Int, String, Double) {
    let order = system == "mote" ? 0 : isTraditional ? 2 : 1
    return (
      order, presetRank, system + (preset ?? reference?.rawValue ?? ""),
      balancingFactor ?? (balancingRule == nil ? -1 : 2)
    )
  }

  /// Place of the preset among the known ones; other names come after them.
  package var presetRank: Int {
    let presets = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    return presets.firstIndex(of: preset ?? "") ?? presets.count
  }

  /// What tables call the system, with the settings of a protection scheme.
  private var name: String {
    let parts = system.split(separator: "-")
    switch parts.first {
    case "mote": return "MOTE"
    case "traditional": return "Traditional"
    case "pe": return "PE-MIU (block \(parts.last!))"
    case "pfrnet": return "PFRNet (re-implementation)"
    case "ive": return "IVE"
    // The number may have a "-" of its own, "1e-05".
    case "ssnt": return "SSNT (\(parts[1]) \(parts.dropFirst(2).joined(separator: "-")))"
    case "negative": return "NFR"
    default: return system
    }
  }
}
