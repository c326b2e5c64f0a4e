import Configurations
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// The sections `save_templates`, `template_precision` and `cost`.
@Suite struct OutputSpecTests {
  @Test func templatesAreSavedOnlyWhereTheyAreWanted() throws {
    func precision(_ lines: String) throws -> WeightPrecision? {
      try SpecFolder(["spec.yaml": specText(["more": lines])]).load().templatePrecision
    }
    #expect(try precision("") == nil)
    #expect(try precision("save_templates: false\ntemplate_precision: int8") == nil)
    #expect(try precision("save_templates: true") == .float32)
    #expect(try precision("save_templates: true\ntemplate_precision: float16") == .float16)
  }

  @Test func costsAreReadAndHaveDefaults() throws {
    #expect(try SpecFolder(["spec.yaml": specText()]).load().cost == CostSpec())
    let cost = try SpecFolder([
      "spec.yaml": specText(["cost": "cost: {subjects: 3, repeats: 2, galleries: [10, 20]}"])
    ]).load().cost
    #expect(cost.subjects == 3 && cost.repeats == 2 && cost.galleries == [10, 20])
    #expect(cost.precisionSubjects == CostSpec().precisionSubjects)
  }

  @Test func badValuesAreToldWithTheirPlace() throws {
    #expect(
      try problems(["more": "template_precision: int4"]).contains(
        "'template_precision' is 'int4'; did you mean 'int8'?"))
    #expect(
      try problems(["cost": "cost: {repeats: 0}"]).contains(
        "'repeats' is '0', expected a whole number from 1 to 1000"))
    #expect(try problems(["cost": "cost: {galleries: [10, -1]}"]).contains("galleries"))
    #expect(try problems(["cost": "cost: {repetitions: 3}"]).contains("repetitions"))
  }
}
