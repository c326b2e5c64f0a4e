import Biometrics
import Configurations
import Foundation
import SpecFiles
import Specs
import TestSupport
import Testing

/// What a configuration can say beside its preset's hyper-parameters, and what of it each cell gets.
@Suite struct ConfigurationSwitchTests {
  private static let hashes = DataHashes(
    embeddings: ["LFW/ArcFace": "l", "MORPH/ArcFace": "m", "Adience/ArcFace": "a"])
  private static let within =
    "partition: {within: {cohort: 0.5, development: 0.2, evaluation: 0.3}}"

  private func spec(_ configurations: String, _ changes: [String: String] = [:]) throws
    -> ExperimentSpec
  {
    try SpecFolder([
      "spec.yaml": specText(
        [
          "partition": Self.within, "presets": "presets: [paper, own]",
          "configurations": "configurations:\n  own: \(configurations)",
        ].merging(changes) { $1 })
    ]).load()
  }

  private func inputs(_ spec: ExperimentSpec, _ slug: String) throws -> CellInputs {
    let cell = try #require(
      spec.cells().first { $0.slug == slug }, "\(spec.cells().map(\.slug))")
    return spec.inputs(of: cell, Self.hashes)
  }

  @Test func aReferenceOfItsOwnAddsATraditionalSystemWithTheSame() throws {
    let spec = try spec("{preset: paper, reference: random}")
    #expect(
      spec.cells().map(\.slug) == [
        "Adience_ArcFace_traditional_r0", "Adience_ArcFace_traditional_reference-random_r0",
        "Adience_ArcFace_mote_paper_f0.5_r0",
        "Adience_ArcFace_mote_own_reference-random_f0.5_r0",
      ])
    #expect(
      spec.cells().map { spec.inputs(of: $0, Self.hashes).division.reference }
        == [.first, .random, .first, .random])
    #expect(spec.batches(of: spec.cells()).map(\.cells.count) == [1, 1, 1, 1])
    #expect(spec.cells()[3].title == "Adience ArcFace own random reference 0.5")
    // One that says what the protocol says is no other.
    let same = try self.spec(
      "{preset: paper, reference: random}", ["protocol": "protocol: {reference: random}"])
    #expect(same.cells().allSatisfy { $0.reference == nil } && same.cells().count == 3)
    // And the other way round.
    let first = try self.spec(
      "{preset: paper, reference: first}", ["protocol": "protocol: {reference: random}"])
    #expect(first.cells().map(\.reference) == [nil, .first, nil, .first])
  }

  /// Draws of the reference reach the seed of the division, of the traditional system too.
  @Test func aDrawnReferenceNeedsTheSeed() throws {
    let cross = ["partition": "partition: {cross: {cohort: MORPH, development: LFW}}"]
    let spec = try spec("{preset: paper, reference: random}", cross)
    let seeds = spec.cells().map { spec.inputs(of: $0, Self.hashes).division.seed }
    #expect(seeds == [0, 1, 1, 1])
  }

  @Test func aCohortOfItsOwnLeavesOthersAsTheyAre() throws {
    let spec = try spec(
      "{preset: paper, cohort: {Adience: MORPH}, cohort_subjects: 40, cohort_male_share: 0.7}",
      ["limits": "limits: {cohort_subjects: 60, evaluation_subjects: 20}"])
    let plain = try inputs(spec, "Adience_ArcFace_mote_paper_f0.5_r0").division
    let own = try inputs(spec, "Adience_ArcFace_mote_own_f0.5_r0").division
    #expect(plain.cohort?.dataset == "Adience" && own.cohort?.dataset == "MORPH")
    #expect(plain.limits.cohortSubjects == 60 && own.limits.cohortSubjects == 40)
    #expect(own.limits.evaluationSubjects == 20)
    #expect(plain.cohortMaleShare == nil && own.cohortMaleShare == 0.7)
    #expect(
      own.partition
        == .within(cohort: 0.5, development: 0.2, evaluation: 0.3, cohortFrom: "MORPH"))
    #expect(spec.usedDatasets == ["Adience", "MORPH"])
    // The traditional system has no cohort, so nothing of it.
    let traditional = try inputs(spec, "Adience_ArcFace_traditional_r0").division
    #expect(traditional.cohort == nil && traditional.cohortMaleShare == nil)
    // As a whole, a cohort that is the evaluated dataset is none.
    #expect(
      try problem("{preset: paper, cohort: {Adience: Adience}}")
        .contains("'Adience' is evaluated and is also the training cohort of 'own'"))
  }

  /// A share of an attacked cell goes before the configuration's; without one that holds.
  @Test func attackedCellsHaveTheCohortOfTheirConfiguration() throws {
    let spec = try spec(
      "{preset: paper, cohort_male_share: 0.7, reference: random, input: raw}",
      [
        "outputs": "outputs: [table3]",
        "attack":
          "attack: {attacker: same_dataset, systems: [mote], cohort_male_shares: [as_is, 0.6]}",
      ])
    let cells = spec.cells().filter { $0.preset == "own" }
    #expect(
      cells.map { spec.inputs(of: $0, Self.hashes).division.cohortMaleShare } == [0.7, 0.6])
    for cell in cells {
      let inputs = spec.inputs(of: cell, Self.hashes)
      #expect(inputs.division.reference == .random && cell.reference == .random)
      // The attacker asks the networks with what they take.
      #expect(inputs.attack?.attacker.reading.normalise == false)
    }
  }

  @Test func inputReachesAllFilesOfItsConfiguration() throws {
    let spec = try spec(
      "{preset: paper, input: raw}",
      ["partition": "partition: {cross: {cohort: MORPH, development: LFW}}"])
    let plain = try inputs(spec, "Adience_ArcFace_mote_paper_f0.5_r0")
    let own = try inputs(spec, "Adience_ArcFace_mote_own_f0.5_r0")
    #expect(plain.datasets.allSatisfy { $0.reading.normalise } && plain.datasets.count == 3)
    #expect(own.datasets.allSatisfy { !$0.reading.normalise } && own.datasets.count == 3)
    #expect(!plain.audit.refusesUnitVectors && own.audit.refusesUnitVectors)
    let traditional = try inputs(spec, "Adience_ArcFace_traditional_r0")
    #expect(traditional.datasets.allSatisfy { $0.reading.normalise })
    // A file that is not normalised on load is, where a configuration says so.
    let back = try self.spec(
      "{preset: paper, input: normalised}",
      [
        "datasets":
          "datasets: {Adience: {files: {ArcFace: adience.h5}, normalise: false}}"
      ])
    #expect(try inputs(back, "Adience_ArcFace_mote_own_f0.5_r0").datasets[0].reading.normalise)
    #expect(try !inputs(back, "Adience_ArcFace_mote_paper_f0.5_r0").datasets[0].reading.normalise)
    #expect(try !inputs(back, "Adience_ArcFace_mote_own_f0.5_r0").audit.refusesUnitVectors)
  }

  /// Each switch of the densities, and the number of synthetic rows, is one configuration's alone.
  @Test func densitySwitchesHoldForTheirConfiguration() throws {
    let usual = KDEConfiguration()
    let changes: [(yaml: String, holds: (EnrolmentInputs) -> Bool)] = [
      (
        "kde: {bandwidth: {male: 0.02, female: 0.03}}",
        { $0.kde.bandwidths == ["male": 0.02, "female": 0.03] }
      ),
      ("kde: {keep_single_image: true}", { $0.kde.keepSingleImage }),
      ("kde: {validation_source: development}", { $0.kde.validationSource == .development }),
      ("kde: {kernel: covariance}", { $0.kde.kernel == .covariance }),
      ("kde: {samples: renormalised}", { $0.kde.samples == .renormalised }),
      ("kde: {search_rows: 50}", { $0.kde.searchRows == 50 }),
      ("training: {mated_share: 0.25}", { $0.training.matedRows(cohortRows: 100) == 25 }),
    ]
    for (yaml, holds) in changes {
      let spec = try spec("{preset: paper, \(yaml)}")
      let plain = try inputs(spec, "Adience_ArcFace_mote_paper_f0.5_r0")
      let own = try inputs(spec, "Adience_ArcFace_mote_own_f0.5_r0")
      let enrolment = try #require(own.enrolment)
      #expect(holds(enrolment), "\(yaml)")
      #expect(plain.enrolment?.kde == usual && plain.enrolment?.training.matedShare == nil)
      #expect(own.division == plain.division, "\(yaml)")
    }
    // A bandwidth of the spec is searched again where a configuration says so.
    let spec = try spec(
      "{preset: paper, kde: {bandwidth: search}}", ["kde": "kde: {bandwidth: 0.1}"])
    #expect(try inputs(spec, "Adience_ArcFace_mote_own_f0.5_r0").enrolment?.kde.bandwidths == [:])
  }

  /// The usual choices are left out of what is hashed: records that knew none of them stay valid.
  @Test func usualKernelAndSamplesAreNotWritten() throws {
    let spec = try spec(
      "{preset: paper, kde: {kernel: isotropic, samples: as_drawn}}")
    let plain = try #require(try inputs(spec, "Adience_ArcFace_mote_paper_f0.5_r0").enrolment)
    let own = try #require(try inputs(spec, "Adience_ArcFace_mote_own_f0.5_r0").enrolment)
    #expect(own.kde == plain.kde)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(own.kde), as: UTF8.self)
        == #"{"bandwidthRule":"search","bandwidths":{},"keepSingleImage":false,"shrinkage":false,"#
        + #""validationSource":"cohort"}"#)
  }

  @Test func enrolledPeopleAreARuleOfTheProtocol() throws {
    let spec = try spec("{preset: paper}", ["protocol": "protocol: {references: with_mated_probe}"])
    #expect(
      spec.cells().allSatisfy {
        spec.inputs(of: $0, Self.hashes).division.enrolled == .withMatedProbe
      })
    #expect(
      try problem("{preset: paper}", ["protocol": "protocol: {references: mated}"])
        == "spec.yaml:15:24: 'references' is 'mated'; expected 'all' or 'with_mated_probe'")
  }

  @Test func developmentPeopleAreNamedInEveryCell() throws {
    let spec = try spec(
      "{preset: paper, reference: random}",
      [
        "partition":
          "partition: {within: {cohort: 0.5, development: 0.2, evaluation: 0.3, evaluated: development}}",
        "outputs": "outputs: [table2, table3]", "attack": "attack: {attacker: same_dataset}",
      ])
    #expect(spec.partition.evaluated == .development)
    #expect(spec.cells().allSatisfy { $0.evaluated == .development })
    #expect(spec.cells()[0].slug == "Adience_ArcFace_traditional_development-people_r0")
    #expect(spec.cells()[0].title == "Adience ArcFace traditional development people")
    #expect(Set(spec.cells().map(\.slug)).count == spec.cells().count)
  }

  /// The text of the error of a spec with the configuration.
  private func problem(_ configuration: String, _ changes: [String: String] = [:]) throws -> String
  {
    try problems(
      [
        "partition": Self.within, "presets": "presets: [own]",
        "configurations": "configurations:\n  own: \(configuration)",
      ].merging(changes) { $1 })
  }

  @Test func developmentPeopleNeedSharesThatGiveThem() throws {
    func problem(_ within: String) throws -> String {
      try problems(["partition": "partition: {within: {\(within), evaluated: development}}"])
    }
    #expect(
      try problem("cohort: 0.2, development: 0.2, evaluation: 0.3")
        == "spec.yaml:10:81: 'evaluated: development': the cohort's share 0.2 gives as many people as "
        + "the development part has (0.2) to develop, and nobody is left to train; make it larger")
    #expect(
      try problem("cohort: 0.8, development: 0.2, folds: 5").hasSuffix(
        "'evaluated: development': with 'folds: 5' everybody is evaluated; use a single split"))
    #expect(
      try problem("cohort: {from: MORPH}, development: 0.2, evaluation: 0.3").hasSuffix(
        "'evaluated: development': cohort and development must be shares of the evaluated dataset; "
          + "name another cohort under 'configurations'"))
  }

  @Test func wrongSwitchesOfAConfigurationAreErrors() throws {
    #expect(
      try problem("{preset: paper, reference: frist}")
        == "spec.yaml:14:35: 'reference' is 'frist'; did you mean 'first'?")
    #expect(
      try problem("{preset: paper, input: unit}")
        == "spec.yaml:14:31: 'input' is 'unit'; expected 'normalised' or 'raw'")
    #expect(
      try problem("{preset: paper, cohort_subjects: 1}")
        == "spec.yaml:14:41: 'cohort_subjects' is '1', expected a whole number of at least 2")
    #expect(
      try problem("{preset: paper, cohort_male_share: 1}")
        == "spec.yaml:14:43: 'cohort_male_share' is '1', expected 'as_is' or a number above 0 and below 1"
    )
    #expect(try problem("{preset: paper, cohort_male_share: as_is}") == "no problem")
  }

  /// What a listed division decides is no configuration's.
  @Test func aListedDivisionLeavesConfigurationsTheirOtherSwitches() throws {
    let files = ["partition": "partition: {files: {Adience: split.csv}}"]
    #expect(
      try problem("{preset: paper, reference: random, cohort: {Adience: MORPH}}", files) == """
        spec.yaml:14:35: configuration 'own' has 'reference', but files list the division, and with it which samples are references; remove it, or list another division
        spec.yaml:14:51: configuration 'own' has 'cohort', but files list the division, and with it whose rows train; remove it, or list another division
        2 problems; nothing was run
        """)
    #expect(
      try problem("{preset: paper, cohort_male_share: 0.6, input: raw}", files) == "no problem")
  }
}
