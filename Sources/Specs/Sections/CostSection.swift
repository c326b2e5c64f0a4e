import Configurations

/// How much `Harness measure` measures; definitions 6.5.
package struct CostSpec: Sendable, Codable, Hashable {
  /// Subjects whose enrolment is timed, evenly spaced over those with a reference.
  package var subjects = 20
  /// Timed repeats per subject, after a warm-up that is discarded.
  package var repeats = 10
  /// Subjects that are enrolled for the effect of stored precision.
  package var precisionSubjects = 100
  /// Gallery sizes for identification.
  package var galleries = [100, 1_000, 10_000, 100_000]
  /// Numbers of people for the output `scale`; none: it is not measured.
  package var scalePeople: [Int] = []
  /// Precisions of the stored templates of `scale`.
  package var scalePrecisions: [WeightPrecision] = [.float32, .int8]
  /// Most bytes of a stored file of `scale`, in GB (10^9 bytes).
  package var scaleDisk = 16.0

  package init() {}
}

/// The keys of `cost`.
enum CostKey: String, SpecKey {
  case subjects, repeats, galleries
  case precisionSubjects = "precision_subjects"
  case scalePeople = "scale_people"
  case scalePrecisions = "scale_precisions"
  case scaleDisk = "scale_disk"

  static let section = SectionDocumentation(
    "cost",
    "What `Harness measure` measures for Table 5 and scale; a run does not read it.")

  var documentation: KeyDocumentation {
    let usual = CostSpec()
    return switch self {
    case .subjects:
      .init(
        .integer(1...100_000), absent: .yaml("\(usual.subjects)"),
        "Subjects whose enrolment is timed, evenly spaced over those with a reference.",
        definition: "6.5")
    case .repeats:
      .init(
        .integer(1...1_000), absent: .yaml("\(usual.repeats)"),
        "Timed repeats per subject, after a warm-up that is discarded.", definition: "6.5")
    case .galleries:
      .init(
        .list(.integer(1...10_000_000)), absent: .yaml("\(usual.galleries)"),
        "Gallery sizes for which identification is timed.", definition: "6.5")
    case .precisionSubjects:
      .init(
        .integer(1...1_000_000), absent: .yaml("\(usual.precisionSubjects)"),
        "Subjects that are enrolled for the effect of stored precision; those of `scale` are "
          + "made of them.", definition: "6.5")
    case .scalePeople:
      .init(
        .list(.integer(1...10_000_000)), absent: .nothing("scale is not measured"),
        "Numbers of people for verification and identification from a stored file, output scale.")
    case .scalePrecisions:
      .init(
        .list(.words(of: WeightPrecision.self)), absent: .yaml("[float32, int8]"),
        "Precisions of these stored files, one file at a time.")
    case .scaleDisk:
      .init(
        .number(.positive), absent: .yaml("16"),
        "Most GB (10^9 bytes) that the numbers of such a file may take in the results folder while it is "
          + "measured, without its labels; numbers of people that need more are left out, and the table names them."
      )
    }
  }
}

extension SpecReader {
  /// What `Harness measure` measures.
  mutating func cost(_ node: SpecNode?) -> CostSpec {
    var cost = CostSpec()
    let fields = fields(node, "cost", CostKey.self)
    cost.subjects = integer(fields, .subjects) ?? cost.subjects
    cost.repeats = integer(fields, .repeats) ?? cost.repeats
    cost.precisionSubjects = integer(fields, .precisionSubjects) ?? cost.precisionSubjects
    cost.galleries = integers(fields, .galleries) ?? cost.galleries
    cost.scalePeople = integers(fields, .scalePeople) ?? cost.scalePeople
    if let node = fields[.scalePrecisions] {
      let name = CostKey.scalePrecisions.rawValue
      cost.scalePrecisions = different(list(node, name), name) { reader, item in
        reader.choice(item, name, of: WeightPrecision.self)
      }
    }
    cost.scaleDisk = number(fields, .scaleDisk) ?? cost.scaleDisk
    return cost
  }
}
