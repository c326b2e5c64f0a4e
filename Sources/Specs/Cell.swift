import Configurations

/// What distinguishes an attacked cell from an evaluated one.
package struct AttackedCell: Sendable, Codable, Hashable {
  /// Share of male rows that the training cohort is cut down to; nil: the cohort as it is.
  package var cohortMaleShare: Double?

  package init(cohortMaleShare: Double? = nil) { self.cohortMaleShare = cohortMaleShare }
}

/// Names one cell of an experiment: a system evaluated, or attacked, on a dataset.
package struct Cell: Sendable, Codable, Hashable {
  package var dataset: String
  package var extractor: String
  /// "traditional" (cosine of the vectors) or "mote"; later systems add their names.
  package var system: String
  /// Preset (or named configuration) of a trained system; nil where there is none.
  package var preset: String?
  /// Balancing factor of MOTE; nil where there is none.
  package var balancingFactor: Double?
  /// How each person's factor was found where it is not one for all: "per-subject".
  package var balancingRule: String?
  /// Number of the repeat, 0 ..< repeats.
  package var repeatIndex: Int
  /// Set where the cell is attacked; nil where it is evaluated.
  package var attack: AttackedCell?
  /// Which sample of a person is the reference; nil: as the protocol of the spec says.
  package var reference: ReferenceSelection?
  /// Set where other people than those of the evaluation part are evaluated.
  package var evaluated: EvaluatedPart?

  package init(
    dataset: String, extractor: String, system: String, preset: String? = nil,
    balancingFactor: Double? = nil, balancingRule: String? = nil, repeatIndex: Int = 0,
    attack: AttackedCell? = nil, reference: ReferenceSelection? = nil,
    evaluated: EvaluatedPart? = nil
  ) {
    self.attack = attack
    self.reference = reference
    self.evaluated = evaluated
    self.dataset = dataset
    self.extractor = extractor
    self.system = system
    self.preset = preset
    self.balancingFactor = balancingFactor
    self.balancingRule = balancingRule
    self.repeatIndex = repeatIndex
  }

  /// File-name form, e.g. "LFW_ArcFace_mote_paper_f0.50_r0".
  package var slug: String {
    var parts = (attack == nil ? [] : ["attack"]) + [dataset, extractor, system]
    if let preset { parts.append(preset) }
    if let reference { parts.append("reference-\(reference.rawValue)") }
    if let evaluated { parts.append("\(evaluated.rawValue)-people") }
    if let balancingFactor { parts.append("f\(balancingFactor)") }
    if let balancingRule { parts.append(balancingRule) }
    if let share = attack?.cohortMaleShare { parts.append("male\(share)") }
    parts.append("r\(repeatIndex)")
    return parts.map { part in
      // "+" and "=" tell names of readings apart.
      String(part.map { $0.isLetter || $0.isNumber || ".-+=".contains($0) ? $0 : "-" })
    }.joined(separator: "_")
  }
}

extension Cell {
  /// For people, e.g. "LFW ArcFace paper 0.5" or "LFW ArcFace traditional".
  package var title: String {
    var parts = [dataset, extractor, preset ?? system]
    if let reference { parts.append("\(reference.rawValue) reference") }
    if let evaluated { parts.append("\(evaluated.rawValue) people") }
    if let balancingFactor { parts.append("\(balancingFactor)") }
    if let attack {
      parts.append("attacked")
      if let share = attack.cohortMaleShare { parts.append("cohort \(share) male") }
    }
    if let balancingRule { parts.append(balancingRule) }
    if repeatIndex > 0 { parts.append("repeat \(repeatIndex)") }
    return parts.joined(separator: " ")
  }

  /// The attacked system as sentences name it, e.g. "MOTE (paper, cohort 0.85 male)".
  package var attackedSystem: String {
    var details = preset.map { [$0] } ?? []
    if let reference { details.append("\(reference.rawValue) reference") }
    if let balancingFactor, balancingFactor != 0.5 { details.append("factor \(balancingFactor)") }
    if let share = attack?.cohortMaleShare { details.append("cohort \(share) male") }
    let name = system == "mote" ? "MOTE" : system
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }

  /// `balancingRule` of cells in which each person's factor is chosen at enrolment.
  package static let perSubject = "per-subject"

  /// True where each person's factor is chosen among those of other cells.
  package var choosesFactor: Bool { balancingRule == Cell.perSubject }

  /// Another system at the same place and repeat.
  func with(system: String, preset: String? = nil, attack: AttackedCell? = nil) -> Cell {
    var cell = self
    (cell.system, cell.preset, cell.attack) = (system, preset, attack)
    return cell
  }

  /// The same cell with another reference of each person; nil: that of the spec.
  func with(reference: ReferenceSelection?) -> Cell {
    var cell = self
    cell.reference = reference
    return cell
  }

  /// The same cell with one factor for everybody.
  package func fixed(at factor: Double) -> Cell {
    var key = self
    key.balancingRule = nil
    key.balancingFactor = factor
    return key
  }
}
