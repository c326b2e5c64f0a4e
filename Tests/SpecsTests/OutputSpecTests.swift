import Configurations
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// The sections `save_templates`, `template_precision`, `cost` and `learning_curves`.
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
    #expect(cost.scalePeople.isEmpty)
    let scale = try SpecFolder([
      "spec.yaml": specText([
        "cost": "cost: {scale_people: [10, 100], scale_precisions: [float16], scale_disk: 0.5}"
      ])
    ]).load().cost
    #expect(scale.scalePeople == [10, 100] && scale.scalePrecisions == [.float16])
    #expect(scale.scaleDisk == 0.5)
  }

  @Test func learningCurvesAreReadAndHaveDefaults() throws {
    func settings(_ section: String) throws -> LearningCurvesSpec? {
      try SpecFolder(["spec.yaml": specText(["learning": section])]).load().learningCurves
    }
    #expect(try settings("") == nil)
    // What is usual may be written, and the spec says the same.
    #expect(try settings("learning_curves: {people: 12, proxies: cohort}") == nil)
    let drawn = try #require(
      try settings("learning_curves: {people: 30, worst: 0, target: 0.01, beyond_patience: true}"))
    #expect(drawn.people == 30 && drawn.worst == 0 && drawn.target == 0.01)
    #expect(drawn.beyondPatience && drawn.named.isEmpty && drawn.heldOutShare == 0.2)
    let named = try #require(
      try settings("learning_curves: {people: [Ann, Bob], proxies: development}"))
    #expect(named.named == ["Ann", "Bob"] && named.proxies == .development)
  }

  @Test func identificationIsAskedForByItsTargets() throws {
    func targets(_ section: String) throws -> [Double]? {
      try SpecFolder(["spec.yaml": specText(["identification": section])]).load().identification
    }
    #expect(try targets("") == nil)
    #expect(try targets("identification: [0.003, 0.01]") == [0.003, 0.01])
  }

  @Test(arguments: [
    ("identification: 0.01", "13:17: 'identification' is '0.01', expected a list; write [0.01]"),
    ("identification: []", "13:17: 'identification' is an empty list"),
    (
      "identification: [0]", "13:18: 'identification' is '0', expected a number above 0 and below 1"
    ),
    ("identification: [0.01, 0.01]", "13:24: '0.01' is listed twice in 'identification'"),
    ("identfication: [0.01]", "unknown key 'identfication'; did you mean 'identification'?"),
    (
      "outputs",
      "output 'identification' needs FPIR targets; add 'identification: [0.003, 0.01]'"
    ),
  ])
  func wrongIdentificationSaysWhatIsExpected(line: String, message: String) throws {
    let changes =
      line == "outputs"
      ? ["outputs": "outputs: [identification]"] : ["identification": line]
    let found = try problems(changes)
    #expect(found.contains(message), "\(found)")
  }

  /// Errors name line and column.
  @Test(arguments: [
    ("people: 0", "13:27: 'people' is '0', expected a whole number from 1 to 200"),
    ("people: [Ann, Ann]", "13:33: 'Ann' is listed twice in 'people'"),
    ("people: []", "13:27: 'people' is an empty list, expected a list of at least one"),
    ("proxies: cohrot", "13:28: 'proxies' is 'cohrot'; did you mean 'cohort'?"),
    ("target: 1", "13:27: 'target' is '1', expected a number above 0 and below 1"),
    (
      "held_out_share: 0.5, proxies: development",
      "13:35: 'held_out_share' is of the cohort's people, and 'proxies: development' leaves nobody out; "
        + "drop one of the two"
    ),
    (
      "epochs: 3",
      "13:19: unknown key 'epochs'; expected 'people', 'worst', 'proxies', 'held_out_share'"
    ),
  ])
  func badLearningCurvesAreToldWithTheirPlace(_ keys: String, _ text: String) throws {
    let found = try problems(["learning": "learning_curves: {\(keys)}"])
    #expect(found.contains(text), "\(found)")
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
    #expect(
      try problems(["cost": "cost: {scale_people: [0]}"]).contains(
        "'scale_people' is '0', expected a whole number from 1 to 10000000"))
    #expect(
      try problems(["cost": "cost: {scale_precisions: [int4]}"]).contains(
        "'scale_precisions' is 'int4'; did you mean 'int8'?"))
    #expect(
      try problems(["cost": "cost: {scale_disk: 0}"]).contains(
        "'scale_disk' is '0', expected a number above 0"))
    #expect(try problems(["cost": "cost: {repetitions: 3}"]).contains("repetitions"))
  }
}
