import Configurations
import Records

/// A system as the columns of a table name it: "MOTE (paper)", "Traditional".
package struct SystemConfiguration: Sendable, Hashable {
  /// "mote", "traditional", or a later system's name.
  package var system: String
  package var preset: String?
  package var balancingFactor: Double?
  /// "per-subject" where each person's factor was chosen at enrolment.
  package var balancingRule: String?

  /// Cosine of the vectors.
  package static let traditional = SystemConfiguration(system: "traditional")

  package var isTraditional: Bool { system == "traditional" }

  /// Title of a column; the factor is named where it is not the usual 0.5.
  package var title: String {
    let name = SystemConfiguration.titles[system] ?? system
    var details = preset.map { [$0] } ?? []
    if let balancingFactor, balancingFactor != 0.5 { details.append("factor \(balancingFactor)") }
    if let balancingRule { details.append("factor \(balancingRule)") }
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }

  /// Order of columns: MOTE by preset and factor, other systems, traditional last as in the paper.
  var rank: (Int, Int, String, Double) {
    let order = system == "mote" ? 0 : isTraditional ? 2 : 1
    let presets = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    let place = presets.firstIndex(of: preset ?? "") ?? presets.count
    return (
      order, place, system + (preset ?? ""), balancingFactor ?? (balancingRule == nil ? -1 : 2)
    )
  }

  private static let titles = [
    "mote": "MOTE", "traditional": "Traditional", "pe-miu": "PE-MIU", "pfrnet": "PFRNet",
    "ive": "IVE", "ssnt": "SSNT",
  ]
}
