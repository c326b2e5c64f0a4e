import SpecFiles
import Specs
import TestSupport
import Testing

/// The text of every problem that a section `readings` can have.
@Suite struct ReadingsProblemTests {
  private func problem(_ lines: String, _ changes: [String: String] = [:]) throws -> String {
    let indented = lines.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    return try problems(["readings": "readings:\n" + indented].merging(changes) { $1 })
  }

  private static let horizon = "switches: {horizon: {\"12\": {training: {epochs: 12}}}}"

  @Test func basesAreKnown() throws {
    #expect(
      try problem("bases: [papr]\n" + Self.horizon)
        == "spec.yaml:14:11: unknown preset or configuration 'papr'; did you mean 'paper'?")
    #expect(
      try problem("bases: [paper, paper]\n" + Self.horizon)
        == "spec.yaml:14:18: 'paper' is listed twice in 'bases'")
  }

  @Test func switchesHaveOptionsThatChangeSomething() throws {
    #expect(try problem("sample: 1") == "spec.yaml:14:3: 'readings' has no key 'switches'")
    #expect(
      try problem("switches: {}")
        == "spec.yaml:14:13: 'switches' is an empty mapping, expected a mapping from names to values"
    )
    #expect(
      try problem("switches: {horizon: {long: {}}}")
        == "spec.yaml:14:30: 'long' is an empty mapping, expected a mapping of what the option changes; what the base has is no option"
    )
    #expect(
      try problem("bases: [paper]\nswitches: {horizon: {usual: {training: {epochs: 100}}}}")
        == "spec.yaml:15:24: option 'usual' of switch 'horizon' changes nothing: the base has it already; remove it"
    )
    // One base has it, the other has not.
    #expect(
      try problem(
        "bases: [paper, paper-annealed]\n"
          + "switches: {horizon: {\"30\": {training: {epochs: 30}}}}") == "no problem")
  }

  @Test func optionsHaveKeysOfConfigurations() throws {
    #expect(
      try problem("switches: {horizon: {\"12\": {trainin: {epochs: 12}}}}")
        == "spec.yaml:14:31: unknown key 'trainin'; did you mean 'training'?")
    #expect(
      try problem("switches: {horizon: {\"12\": {training: {epochs: 0}}}}")
        == "spec.yaml:14:50: 'epochs' is '0', expected a whole number from 1 to 1000000")
    #expect(
      try problem("switches: {net: {code: {preset: hybrid}}}")
        == "spec.yaml:14:27: an option changes a base, so it has no 'preset'; list another base in 'bases'"
    )
    #expect(
      try problem("switches: {a_b: {c: {training: {epochs: 12}}}}")
        == "spec.yaml:14:14: name of a switch 'a_b' has '_', which separates the parts of names of files here; use letters, digits, '-' and '.'"
    )
    #expect(
      try problem("switches: {a: {b+c: {training: {epochs: 12}}}}")
        == "spec.yaml:14:18: name of an option 'b+c' cannot be part of a file name; use letters, digits, '-' and '.', "
        + "a letter or digit first, at most 64 in all"
    )
  }

  @Test func conventionsOfOptionsAreListed() throws {
    #expect(
      try problem("switches: {decision: {own: {convention: per-group}}}")
        == "spec.yaml:14:43: 'conventions' does not list 'per-group'; expected 'default' or 'paper-compatible'"
    )
  }

  @Test func twoSwitchesDoNotSetTheSameKey() throws {
    #expect(
      try problem(
        """
        switches:
          horizon: {"30": {training: {epochs: 30, patience: none}}}
          patience: {none: {training: {patience: none}}}
        """)
        == "spec.yaml:16:16: switches 'horizon' and 'patience' both set 'training: patience'; a reading takes an option of each, so make them one switch"
    )
  }

  @Test func aSampleIsNoLargerThanTheProduct() throws {
    #expect(
      try problem(Self.horizon + "\nsample: 3")
        == "spec.yaml:15:11: 'sample' is 3, but the product of bases and switches has 2 members; expected at most 2"
    )
    #expect(try problem(Self.horizon + "\nsample: 2") == "no problem")
  }

  @Test func namesOfFilesAreShortEnough() throws {
    let (a, b) = (String(repeating: "a", count: 60), String(repeating: "b", count: 60))
    let found = try problem(
      "switches: {\(a): {\(b): {training: {epochs: 12}}}, \(b): {\(a): {training: {patience: 3}}}}\n"
        + "sample: 4")
    #expect(found.hasPrefix("spec.yaml:14:3: the reading 'paper+aaa"), "\(found)")
    #expect(found.contains("has a name of 249 characters"), "\(found)")
    #expect(!found.contains("problems"), "\(found)")
  }

  @Test func balancedBatchesOfReadingsAreEven() throws {
    #expect(
      try problem("switches: {batch: {odd: {training: {batch_size: 33}}}}")
        == "spec.yaml:14:3: configuration 'paper+batch=odd' has balanced batches of 33, expected an even 'batch_size'"
    )
  }

  @Test func theOutputNeedsTheSection() throws {
    #expect(
      try problems(["outputs": "outputs: [readings]"])
        == "spec.yaml:3:10: output 'readings' needs readings; add a section 'readings'")
  }
}
