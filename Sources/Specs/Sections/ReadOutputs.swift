import Configurations

/// The sections on what a run leaves behind besides records: `save_templates`, `cost`.
extension SpecReader {
  private enum CostKey: String, CaseIterable {
    case subjects, repeats, galleries
    case precisionSubjects = "precision_subjects"
  }

  /// Precision of the model-templates to save; nil: none.
  mutating func templates(_ save: SpecNode?, precision: SpecNode?) -> WeightPrecision? {
    let chosen = choice(precision, "template_precision", of: WeightPrecision.self) ?? .float32
    return boolean(save, "save_templates") == true ? chosen : nil
  }

  /// What `Harness measure` measures.
  mutating func cost(_ node: SpecNode?) -> CostSpec {
    var cost = CostSpec()
    let fields = fields(node, "cost", CostKey.self)
    cost.subjects = integer(fields[.subjects], "subjects", in: 1...100_000) ?? cost.subjects
    cost.repeats = integer(fields[.repeats], "repeats", in: 1...1_000) ?? cost.repeats
    cost.precisionSubjects =
      integer(fields[.precisionSubjects], "precision_subjects", in: 1...1_000_000)
      ?? cost.precisionSubjects
    if let galleries = fields[.galleries] {
      cost.galleries = list(galleries, "galleries").compactMap {
        integer($0, "galleries", in: 1...10_000_000)
      }
    }
    return cost
  }
}
