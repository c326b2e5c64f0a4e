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

  /// With a section `attack`: which cells the outputs ask for.
  @Test(arguments: [
    ("[table3]", false, true), ("[table3, table4]", true, true), ("[sweep, table3b]", true, true),
    ("[calibration, table3]", true, true), ("[table5, table3]", true, true),
    ("[table4]", true, false), ("[report]", true, true), ("[table3, report]", false, true),
    ("[table1, report]", true, false),
  ])
  func outputsDecideWhatIsEvaluatedAndAttacked(
    _ outputs: String, _ evaluates: Bool, _ attacks: Bool
  ) throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "outputs": "outputs: \(outputs)", "attack": "attack: {attacker: same_dataset}",
      ])
    ]).load()
    #expect(spec.evaluatedCells().isEmpty != evaluates)
    #expect(spec.attackedCells().isEmpty != attacks)
  }

  /// Factors that round to the same text are two systems with two files.
  @Test func neighbouringFactorsHaveNamesOfTheirOwn() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText(["f": "balancing_factors: [0.3, 0.30000000000000004, 0.2999]"])
    ]).load()
    let cells = spec.evaluatedCells()
    #expect(Set(cells.map(\.slug)).count == 4 && Set(cells.map(\.title)).count == 4)
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
