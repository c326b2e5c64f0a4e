import Configurations
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// The `attack` section: defaults, cells, and every problem's text.
struct AttackSpecTests {
  private static let attack = """
    attack:
      systems: [mote, traditional, pe-miu]
      pe_miu: {block_sizes: [8, 32]}
      cohort_male_shares: [as_is, 0.85]
    """

  @Test func cellsAreSystemsInTableOrderThenCohorts() throws {
    let spec = try SpecFolder(
      [
        "spec.yaml": specText([
          "outputs": "outputs: [table3]", "attack": Self.attack,
          "evaluate": "evaluate: [Adience]",
          "datasets": """
          datasets:
            LFW: {files: {ArcFace: lfw.h5}}
            MORPH: {files: {ArcFace: morph.h5}}
            Adience: {files: {ArcFace: adience.h5}}
            Free: {files: {ArcFace: free.h5}}
          """,
        ])
      ], data: ["lfw.h5", "morph.h5", "adience.h5", "free.h5"]
    ).load()
    #expect(
      spec.cells().map(\.slug) == [
        "attack_Adience_ArcFace_traditional_r0", "attack_Adience_ArcFace_pe-miu-8_r0",
        "attack_Adience_ArcFace_pe-miu-32_r0", "attack_Adience_ArcFace_mote_paper_f0.5_r0",
        "attack_Adience_ArcFace_mote_paper_f0.5_male0.85_r0",
      ])
    // The one dataset that neither is attacked nor trains nor develops.
    #expect(spec.attackerDataset(attacking: "Adience") == "Free")
    let hashes = DataHashes(
      embeddings: Dictionary(uniqueKeysWithValues: spec.usedDatasets.map { ("\($0)/ArcFace", $0) }))
    func read(_ cell: Int) -> [String] {
      spec.inputs(of: spec.cells()[cell], hashes).datasets.map(\.dataset)
    }
    #expect(read(3) == ["Adience", "MORPH", "LFW", "Free"])
    #expect(read(1) == ["Adience", "Free"])
    let attack = try #require(spec.attack)
    #expect(attack.observation.gallery == .available(limit: 500))
    #expect(attack.observation.attributes == ["gender"])
    #expect(attack.observation.ownReferences == 100)
    #expect(attack.audit.attacks == AttackKind.allCases)
  }

  @Test func withOutputsOfBothKindsBothAreRun() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "outputs": "outputs: [table1, table3]",
        "attack": "attack: {attacker: same_dataset, systems: [traditional]}",
      ])
    ]).load()
    #expect(spec.cells().count { $0.attack == nil } == 2)
    #expect(spec.cells().count { $0.attack != nil } == 1)
  }

  @Test(arguments: [
    ("attack: {sistems: [mote]}", "unknown key 'sistems'; did you mean 'systems'?"),
    ("attack: {systems: [pemiu]}", "'systems' is 'pemiu'; did you mean 'pe-miu'?"),
    ("attack: {systems: [nfr]}", "spec.yaml:13:20: 'nfr' is now called 'negative'"),
    ("attack: {nfr: {bins: 4}}", "spec.yaml:13:10: 'nfr' is now called 'negative'"),
    (
      "attack: {calibration: {at_most: 3}}",
      "spec.yaml:13:10: 'calibration' is now called 'own_references'"
    ),
    ("attack: {systems: [mote, mote]}", "'mote' is listed twice in 'systems'"),
    (
      "attack: {attacker: samedataset}", "'attacker' is 'samedataset'; did you mean 'same_dataset'?"
    ),
    ("attack: {attacker: {other_dataset: LWF}}", "unknown dataset 'LWF'; did you mean 'LFW'?"),
    (
      "attack: {attacker: {other_dataset: Adience}}",
      "'Adience' is attacked and is also the attacker's dataset; name another one, or write "
        + "'attacker: same_dataset' for disjoint subjects of it"
    ),
    (
      "attack: {}",
      "no dataset is left for the attacker when 'Adience' is attacked: all others train or "
        + "develop; declare another one, name it ('attacker: {other_dataset: NAME}'), or write "
        + "'attacker: same_dataset'"
    ),
    (
      "attack: {attacker: same_dataset, gallery: 0}",
      "'gallery' is '0', expected a whole number from 1 to 1000000"
    ),
    (
      "attack: {attacker: same_dataset, own_references: {most: 3}}",
      "unknown key 'most'"
    ),
    (
      "attack: {attacker: same_dataset, cohort_male_shares: [1]}",
      "'cohort_male_shares' is '1', expected 'as_is' or a number above 0 and below 1"
    ),
    (
      "attack: {attacker: same_dataset, gallery_curve: [10, 10]}",
      "'10' is listed twice in 'gallery_curve'"
    ),
    ("attack: {attacker: same_dataset, attacks: [A9]}", "'attacks' is 'A9'"),
  ])
  func problemsSayWhatToWrite(attack: String, text: String) throws {
    let found = try problems(["outputs": "outputs: [table3]", "attack": attack])
    #expect(found.contains(text), "\(found)")
  }

  @Test func outputsOfAttacksNeedTheSection() throws {
    let found = try problems(["outputs": "outputs: [table3b]"])
    #expect(found.contains("output 'table3b' needs attacked systems; add a section 'attack'"))
  }
}
