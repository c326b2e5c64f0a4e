import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// The text of every problem a spec can have, word by word.
@Suite struct SpecProblemTests {
  // MARK: - YAML itself

  @Test func filesThatAreNotYAMLSaySoWithTheirPlace() throws {
    func problem(_ text: String) throws -> String {
      try SpecFolder(["spec.yaml": text]).problems()
    }
    #expect(
      try problem("")
        == "spec.yaml:1:1: the file is empty, expected a mapping of keys such as 'name' and 'datasets'"
    )
    #expect(
      try problem("# only a comment\n")
        == "spec.yaml:1:1: the file is empty, expected a mapping of keys such as 'name' and 'datasets'"
    )
    #expect(
      try problem("- a\n- b\n")
        == "spec.yaml:1:1: the spec is a list of 2, expected a mapping of keys to values")
    #expect(
      try problem("just text")
        == "spec.yaml:1:1: the spec is 'just text', expected a mapping of keys to values")
    #expect(
      try problem("name: small\ntraining:\n\tepochs: 3\n")
        == "spec.yaml:3:1: found a tab; indent with spaces")
    #expect(
      try problem("name: [small\ntitle: x\n")
        == "spec.yaml:2:6: not readable as YAML: did not find expected ',' or ']' (while parsing a flow sequence, line 1)"
    )
    #expect(
      try problem("name: \"small\n")
        == "spec.yaml:2:1: not readable as YAML: found unexpected end of stream (while scanning a quoted scalar, line 1)"
    )
    #expect(
      try problem("name: *nobody\n")
        == "spec.yaml:1:7: not readable as YAML: found undefined alias")
    #expect(
      try problem("name: a\n---\nname: b\n")
        == "spec.yaml:2:1: not readable as YAML: but found another document (expected a single document in the stream, line 1)"
    )
    #expect(
      try problem("name: a\u{0}b\n")
        == "spec.yaml:1:8: not readable as YAML: control characters are not allowed")
  }

  @Test func bytesThatAreNotUTF8AreLocated() throws {
    let folder = try SpecFolder([:])
    try folder.write(Data("name: x\ntitle: gr".utf8) + [0xFC] + Data("n\n".utf8), to: "spec.yaml")
    #expect(
      folder.problems() == "spec.yaml:2:10: found bytes that are not UTF-8; save the file as UTF-8")
  }

  @Test func aByteOrderMarkIsIgnored() throws {
    let folder = try SpecFolder([:])
    try folder.write(Data([0xEF, 0xBB, 0xBF]) + Data(specText().utf8), to: "spec.yaml")
    #expect(folder.problems() == "no problem")
    try folder.write(
      Data([0xEF, 0xBB, 0xBF]) + Data(specText(["seed": "sead: 1"]).utf8), to: "spec.yaml")
    #expect(folder.problems().contains("unknown key 'sead'; did you mean 'seed'?"))
  }

  /// Nine levels of nine: 387 million values from ten lines.
  @Test(.timeLimit(.minutes(1))) func anchorsThatExplodeAreStopped() throws {
    var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for (old, new) in zip("abcdefgh", "bcdefghi") {
      text +=
        "\(new): &\(new) [" + Array(repeating: "*\(old)", count: 9).joined(separator: ", ") + "]\n"
    }
    let problem =
      "spec.yaml:1:1: the file expands to more than 20000 values; an anchor is repeated too often"
    #expect(try SpecFolder(["spec.yaml": text]).problems() == problem)
    // The same bomb as a key would explode inside the parser.
    for (line, key) in [(10, "? *i\n: 1\n"), (10, "*i : 1\n"), (10, "{[*i, *i]: 1}\n")] {
      #expect(
        try SpecFolder(["spec.yaml": text + key]).problems()
          == "spec.yaml:\(line):1: found a key that is not plain text; write each key as a word")
    }
  }

  @Test func anchorsInMeasureAreFine() throws {
    #expect(
      try problems([
        "balancing_factors": "balancing_factors: &points [1e-3, 1e-2]",
        "operating_points": "operating_points: *points",
      ]) == "no problem")
  }

  @Test func deepNestingIsRefused() throws {
    let text =
      "name: " + String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
    #expect(try SpecFolder(["spec.yaml": text]).problems().contains("not readable as YAML: "))
  }

  @Test func duplicateKeysAreAllReported() throws {
    let text = specText(["seed": "seed: 1\nseed: 2\n\"title\": again\nseed: 3"])
    #expect(
      try SpecFolder(["spec.yaml": text]).problems() == """
        spec.yaml:13:1: key 'seed' is given twice, first on line 12; remove one
        spec.yaml:14:1: key 'title' is given twice, first on line 2; remove one
        spec.yaml:15:1: key 'seed' is given twice, first on line 12; remove one
        3 problems; nothing was run
        """)
    // In nested mappings too, and beside problems of other kinds.
    #expect(
      try problems(["bootstrap": "bootstrap: {seed: 1, seed: 2}", "seed": "seed: x"]) == """
        spec.yaml:12:7: 'seed' is 'x', expected a whole number of at least 0
        spec.yaml:13:22: key 'seed' is given twice, first on line 13; remove one
        2 problems; nothing was run
        """)
  }

  @Test func tagsAndMergeKeysAreRefused() throws {
    #expect(
      try problems(["seed": "seed: !!int 1"])
        == "spec.yaml:12:7: found the tag '!!int'; remove it")
    #expect(
      try problems(["bootstrap": "bootstrap: &b {seed: 2}", "limits": "limits: {<<: *b}"])
        == "spec.yaml:14:10: merge key '<<' is not supported; use 'extends' or repeat the keys")
  }

  // MARK: - Scalars

  /// "0,001" in a list is two items for YAML.
  @Test func decimalCommasInListsAreRecognised() throws {
    #expect(
      try problems(["operating_points": "operating_points: [0,001]"])
        == "spec.yaml:13:20: 'operating_points' is '0' and '001', as a comma separates the items of a list; write 0.001"
    )
    #expect(
      try problems(["balancing_factors": "balancing_factors: [0,5, 1]"])
        == "spec.yaml:13:21: 'balancing_factors' is '0' and '5', as a comma separates the items of a list; write 0.5"
    )
    #expect(
      try problems(["balancing_factors": "balancing_factors: [0, 1, 0.5]"]) == "no problem")
  }

  @Test(arguments: [
    ("1e-3", "no problem"), ("0.001", "no problem"), ("+.5", "no problem"), ("1E-3", "no problem"),
    ("010", "'010', expected a number from 0 to 1; YAML 1.1 reads it as octal 8; write 8 or 10"),
    (
      "00.5",
      "'00.5', expected a number from 0 to 1; the leading zero has two readings in YAML; write 0.5"
    ),
    ("0x10", "'0x10', expected a number from 0 to 1; it is hexadecimal; write 16"),
    ("0o17", "'0o17', expected a number from 0 to 1; it is octal; write 15"),
    ("1_000", "'1_000', expected a number from 0 to 1; write it without '_': 1000"),
    ("1:30", "'1:30', expected a number from 0 to 1; YAML 1.1 reads it in base 60; write 90"),
    (".nan", "'.nan', expected a number from 0 to 1; it is not finite"),
    ("-.inf", "'-.inf', expected a number from 0 to 1; it is not finite"),
    ("1e999", "'1e999', expected a number from 0 to 1; too large for a number"),
    ("~", "nothing, expected a number from 0 to 1"),
    ("null", "nothing, expected a number from 0 to 1"),
    ("no", "'no', expected a number from 0 to 1"),
    ("'0.5'", "the quoted text '0.5', expected a number from 0 to 1; write it without quotes"),
    ("50%", "'50%', expected a number from 0 to 1; write 0.5"),
    ("[0.5]", "a list of 1, expected a number from 0 to 1"),
    ("{a: 1}", "a mapping of 1, expected a number from 0 to 1"),
    ("1.2", "'1.2', expected a number from 0 to 1"),
    ("-0.1", "'-0.1', expected a number from 0 to 1"),
  ])
  func numbersAreDecimalOrRefused(text: String, expected: String) throws {
    let found = try problems([
      "conventions": "conventions: [{name: own, alpha: \(text)}]"
    ])
    let prefix = "spec.yaml:13:34: 'alpha' is "
    #expect(found == (expected == "no problem" ? expected : prefix + expected))
  }

  @Test(arguments: [
    ("1.0", "'1.0', expected a whole number from 1 to 10000; write 1"),
    ("1e3", "'1e3', expected a whole number from 1 to 10000; write 1000"),
    ("1.5", "'1.5', expected a whole number from 1 to 10000"),
    (
      "010",
      "'010', expected a whole number from 1 to 10000; YAML 1.1 reads it as octal 8; write 8 or 10"
    ),
    ("0", "'0', expected a whole number from 1 to 10000"),
    ("", "nothing, expected a whole number from 1 to 10000"),
    ("99999999999999999999", "'99999999999999999999', expected a whole number from 1 to 10000"),
    ("yes", "'yes', expected a whole number from 1 to 10000"),
  ])
  func wholeNumbersAreWhole(text: String, expected: String) throws {
    let location = text.isEmpty ? "spec.yaml:14:1" : "spec.yaml:13:10"
    let found = try problems(["repeats": "repeats: \(text)"])
    #expect(found.replacing(/^spec.yaml:[0-9]+:[0-9]+/, with: "") == ": 'repeats' is \(expected)")
    if !text.isEmpty { #expect(found.hasPrefix(location)) }
  }

  @Test(arguments: [
    ("true", "no problem"), ("false", "no problem"),
    ("yes", "'yes', expected true or false; write true"),
    ("on", "'on', expected true or false; write true"),
    ("no", "'no', expected true or false; write false"),
    ("Off", "'Off', expected true or false; write false"),
    ("1", "'1', expected true or false"),
    ("'true'", "the quoted text 'true', expected true or false"),
    ("~", "nothing, expected true or false"),
  ])
  func booleansAreTrueOrFalse(text: String, expected: String) throws {
    let found = try problems(["kde": "kde: {shrinkage: \(text)}"])
    #expect(
      found == (expected == "no problem" ? expected : "spec.yaml:13:18: 'shrinkage' is \(expected)")
    )
  }

  @Test func textThatYAMLReadsAsSomethingElseNeedsQuotes() throws {
    #expect(
      try problems(["title": "title: no"])
        == "spec.yaml:2:8: 'title' is 'no', expected text; YAML 1.1 reads it as false; put it in quotes if the word is meant"
    )
    #expect(try problems(["title": "title: 'no'"]) == "no problem")
    #expect(
      try problems(["title": "title: ~"]) == "spec.yaml:2:8: 'title' is nothing, expected text")
    #expect(
      try problems(["title": "title: ' '"])
        == "spec.yaml:2:8: 'title' is the quoted text ' ', expected text that is not empty")
    #expect(
      try problems(["title": "title: [a]"])
        == "spec.yaml:2:8: 'title' is a list of 1, expected text")
  }

  // MARK: - Keys and names

  @Test func allProblemsComeAtOnceInTheOrderOfTheFile() throws {
    #expect(
      try problems([
        "title": "titel: x", "outputs": "outputs: [table1, tabel2]", "seed": "seed: -1",
        "training": "training: {dropout: 1, batchsize: 3, optimiser: sgd}",
        "operating_points": "operating_points: [0, 1e-3, 0.001]",
        "balancing_factors": "balancing_factors: [1.2]", "presets": "presets: [papr]",
      ]) == """
        spec.yaml:1:1: the spec has no key 'title'
        spec.yaml:2:1: unknown key 'titel'; did you mean 'title'?
        spec.yaml:3:19: 'outputs' is 'tabel2'; did you mean 'table2'?
        spec.yaml:11:11: unknown preset or configuration 'papr'; did you mean 'paper'?
        spec.yaml:12:7: 'seed' is '-1', expected a whole number of at least 0
        spec.yaml:13:21: 'balancing_factors' is '1.2', expected a number from 0 to 1
        spec.yaml:14:20: 'operating_points' is '0', expected a number above 0 and below 1
        spec.yaml:14:29: '0.001' is listed twice in 'operating_points'
        spec.yaml:15:21: 'dropout' is '1', expected a number of at least 0 and below 1
        spec.yaml:15:24: unknown key 'batchsize'; did you mean 'batch_size'?
        spec.yaml:15:49: 'optimiser' is 'sgd'; expected 'adam' or 'adamw'
        11 problems; nothing was run
        """)
  }

  @Test func missingKeysAreNamed() throws {
    #expect(
      try SpecFolder(["spec.yaml": "seed: 1\n"]).problems() == """
        spec.yaml:1:1: the spec has no key 'name'
        spec.yaml:1:1: the spec has no key 'title'
        spec.yaml:1:1: the spec has no key 'outputs'
        spec.yaml:1:1: the spec has no key 'extractors'
        spec.yaml:1:1: the spec has no key 'datasets'
        spec.yaml:1:1: the spec has no key 'evaluate'
        spec.yaml:1:1: the spec has no key 'partition'
        spec.yaml:1:1: the spec has no key 'presets'
        8 problems; nothing was run
        """)
  }

  @Test func listsAndMappingsAreNotMixedUp() throws {
    #expect(
      try problems(["outputs": "outputs: table1"])
        == "spec.yaml:3:10: 'outputs' is 'table1', expected a list; write [table1]")
    #expect(
      try problems(["outputs": "outputs: [table1, table1]"])
        == "spec.yaml:3:19: 'table1' is listed twice in 'outputs'")
    #expect(
      try problems(["presets": "presets: []"])
        == "spec.yaml:11:10: 'presets' is an empty list, expected a list of at least one")
    #expect(
      try problems(["bootstrap": "bootstrap: 1000"])
        == "spec.yaml:13:12: 'bootstrap' is '1000', expected a mapping")
    #expect(
      try problems(["configurations": "configurations: [wide]"])
        == "spec.yaml:13:17: 'configurations' is a list of 1, expected a mapping from names to values"
    )
    #expect(
      try problems(["evaluate": "evaluate: [Adience, Adience]"])
        == "spec.yaml:9:21: 'Adience' is listed twice in 'evaluate'")
    #expect(
      try problems(["name": "name: a/b"])
        == "spec.yaml:1:7: experiment name 'a/b' cannot be part of a file name; use letters, digits, '-' and '.', "
        + "a letter or digit first, at most 64 in all"
    )
    #expect(
      try problems(["name": "name: a_b"])
        == "spec.yaml:1:7: experiment name 'a_b' has '_', which separates the parts of names of files here; use letters, digits, '-' and '.'"
    )
    #expect(
      try problems(["seed": "seed: 1\n[a, b]: 2"])
        == "spec.yaml:13:1: found a list of 2 as a key; write each key as a word")
    #expect(
      try problems(["limits": "limits: {1: 2}"])
        == "spec.yaml:13:10: unknown key '1'; expected 'evaluation_subjects', 'cohort_subjects' or 'development_subjects'"
    )
  }

  @Test func namesMustBeDefined() throws {
    #expect(
      try problems(["evaluate": "evaluate: [Adiense]"])
        == "spec.yaml:9:12: unknown dataset 'Adiense'; did you mean 'Adience'?")
    #expect(
      try problems(["partition": "partition: {cross: {cohort: XYZ, development: LFW}}"])
        == "spec.yaml:10:29: unknown dataset 'XYZ'; expected 'LFW', 'MORPH' or 'Adience'")
    #expect(
      try problems(["allow_overlap": "allow_overlap: [LFW]"])
        == "spec.yaml:13:17: unknown evaluated dataset 'LFW'; expected 'Adience'")
    #expect(
      try problems(["conventions": "conventions: [defaults]"])
        == "spec.yaml:13:15: unknown convention 'defaults'; did you mean 'default'?")
    #expect(
      try problems(["extractors": "extractors: [ArcFaec]"])
        == "spec.yaml:4:14: dataset 'Adience' has no file for extractor 'ArcFaec'; did you mean 'ArcFace'?\n"
        + "spec.yaml:4:14: dataset 'MORPH' has no file for extractor 'ArcFaec'; did you mean 'ArcFace'?\n"
        + "spec.yaml:4:14: dataset 'LFW' has no file for extractor 'ArcFaec'; did you mean 'ArcFace'?\n"
        + "3 problems; nothing was run")
    #expect(
      try problems([
        "extractors": "extractors: [ArcFace, VGG]",
        "datasets": """
        datasets:
          LFW: {files: {ArcFace: lfw.h5, VGG: lfw.h5}}
          MORPH: {files: {ArcFace: morph.h5}}
          Adience: {files: {ArcFace: adience.h5, VGG: lfw.h5}}
        """,
      ])
        == "spec.yaml:4:23: dataset 'MORPH' has no file for extractor 'VGG'; add it under 'datasets: MORPH: files'"
    )
  }

  // MARK: - Sections

  @Test func partitionsAreChecked() throws {
    func problem(_ partition: String) throws -> String {
      try problems(["partition": "partition: \(partition)"])
    }
    #expect(
      try problem("{}")
        == "spec.yaml:10:12: 'partition' has none of 'within', 'cross' and 'files'; give one"
    )
    #expect(
      try problem(
        "{within: {cohort: 0.4, development: 0.1, evaluation: 0.5}, cross: {cohort: MORPH, development: LFW}}"
      )
        == "spec.yaml:10:78: 'partition' has both 'within' and 'cross'; give one")
    #expect(
      try problem("{within: {cohort: 0.6, development: 0.1, evaluation: 0.5}}")
        == "spec.yaml:10:21: the shares of cohort, development and evaluation are 0.6 + 0.1 + 0.5 = 1.2, expected a sum of at most 1"
    )
    #expect(
      try problem("{within: {cohort: 0.6, development: 0.1}}")
        == "spec.yaml:10:21: 'within' has no key 'evaluation'")
    #expect(try problem("{within: {cohort: 0.8, development: 0.2, folds: 5}}") == "no problem")
    #expect(
      try problem("{within: {cohort: 0.7, development: 0.1, evaluation: 0.2, folds: 5}}")
        == "spec.yaml:10:65: 'evaluation' follows from 'folds: 5' (1/5 of the subjects in each); remove it"
    )
    #expect(
      try problem(
        "{cross: {cohort: MORPH, development: LFW, exceptions: {LWF: {development: Adience}}}}")
        == "spec.yaml:10:67: unknown evaluated dataset 'LWF'; expected 'Adience'")
    #expect(
      try problem(
        "{cross: {cohort: MORPH, development: LFW, exceptions: {Adience: {developmnt: LFW}}}}")
        == "spec.yaml:10:77: unknown key 'developmnt'; did you mean 'development'?")
  }

  @Test func overlapsByConstructionNeedPermission() throws {
    #expect(
      try problems(["evaluate": "evaluate: [LFW]", "presets": "presets: [paper, hybrid]"])
        == "spec.yaml:10:12: 'LFW' is evaluated and is also the development set of 'paper', 'hybrid'; "
        + "choose another dataset under 'exceptions', or name 'LFW' in 'allow_overlap'")
    #expect(
      try problems(["evaluate": "evaluate: [MORPH]"])
        == "spec.yaml:10:12: 'MORPH' is evaluated and is also the training cohort of 'paper'; "
        + "choose another dataset under 'exceptions', or name 'MORPH' in 'allow_overlap'")
    #expect(
      try problems(["partition": "partition: {cross: {cohort: LFW, development: LFW}}"])
        == "spec.yaml:10:12: when 'Adience' is evaluated, 'LFW' is both training cohort and development set of 'paper'; "
        + "choose another dataset under 'exceptions', or name 'Adience' in 'allow_overlap'")
    #expect(
      try problems(["evaluate": "evaluate: [LFW]", "allow_overlap": "allow_overlap: [LFW]"])
        == "no problem")
  }

  @Test func configurationsAreChecked() throws {
    func problem(_ text: String, presets: String = "[paper]") throws -> String {
      try problems([
        "configurations": "configurations:\n  \(text)", "presets": "presets: \(presets)",
      ])
    }
    #expect(
      try problem("wide: {training: {epochs: 3}}", presets: "[wide]")
        == "spec.yaml:14:9: configuration 'wide' has no key 'preset'")
    #expect(
      try problem("wide: {preset: papper}")
        == "spec.yaml:14:18: 'preset' is 'papper'; did you mean 'paper'?")
    #expect(
      try problem("paper: {preset: hybrid}")
        == "spec.yaml:14:19: configuration 'paper' has the name of a preset but is based on 'hybrid'; choose another name"
    )
    #expect(
      try problem("paper:\n  wide: {preset: hybrid}")
        .contains("'paper' is nothing, expected a mapping"))
    #expect(
      try problem("paper: {training: {batch_size: 33}}")
        == "spec.yaml:14:3: configuration 'paper' has balanced batches of 33, expected an even 'batch_size'"
    )
    #expect(
      try problem("paper: {training: {hidden_widths: [128, 0]}}")
        == "spec.yaml:14:43: 'hidden_widths' is '0', expected a whole number from 1 to 65536")
    #expect(
      try problem("paper: {training: {hidden_widths: none}}")
        == "spec.yaml:14:37: 'hidden_widths' is 'none', expected a list; write [none]")
    #expect(
      try problem("paper: {training: {loss: squared}}")
        == "spec.yaml:14:28: 'loss' is 'squared'; expected 'cross-entropy' or 'hinge'")
    #expect(
      try problem("paper: {training: {guard: {attempts: 5, limit: 0.1, at_most: 3}}}")
        == "spec.yaml:14:64: the guard trains 5 networks in any case, but at most 3")
    #expect(
      try problem("paper: {training: {guard: {keep: worst}}}")
        == "spec.yaml:14:36: 'keep' is 'worst'; expected 'best' or 'median'")
    #expect(
      try problem("paper: {training: {patience: no}}")
        == "spec.yaml:14:32: 'patience' is 'no', expected a whole number from 1 to 1000000")
    #expect(
      try problem("paper: {kde: {bandwidth: 0}}")
        == "spec.yaml:14:28: 'bandwidth' is '0', expected 'search' or a bandwidth above 0")
    #expect(
      try problem("paper: {kde: {bandwidth: {mail: 1}}}")
        == "spec.yaml:14:29: unknown key 'mail'; expected 'male' or 'female'")
    #expect(
      try problem("paper: {development: {Adience: Nowhere}}")
        == "spec.yaml:14:34: unknown dataset 'Nowhere'; expected 'LFW', 'MORPH' or 'Adience'")
  }

  @Test func sharedOverridesAreReportedOnce() throws {
    #expect(
      try problems(["training": "training: {epochs: 0}", "presets": "presets: [paper, hybrid]"])
        == "spec.yaml:13:20: 'epochs' is '0', expected a whole number from 1 to 1000000")
    #expect(
      try problems([
        "training": "training: {batch_size: 31}", "presets": "presets: [paper, hybrid]",
      ])
        == "spec.yaml:13:11: configuration 'paper' has balanced batches of 31, expected an even 'batch_size'"
    )
  }

  @Test func conventionsAreChecked() throws {
    #expect(
      try problems(["conventions": "conventions: [default, {name: default}]"]) == """
        spec.yaml:13:24: convention 'default' is given twice
        spec.yaml:13:31: convention 'default' has a fixed meaning; list its name alone or choose another name
        2 problems; nothing was run
        """)
    #expect(
      try problems([
        "conventions": "conventions: [{name: own, rule: nearest-drop, threshold: all}]"
      ])
        == """
        spec.yaml:13:33: 'rule' is 'nearest-drop'; did you mean 'nearest_drop'?
        spec.yaml:13:58: 'threshold' is 'all'; expected 'global', 'per_group', 'development' or 'per_subject'
        2 problems; nothing was run
        """)
    #expect(
      try problems(["conventions": "conventions: [{alpha: 1}]"])
        == "spec.yaml:13:15: the convention has no key 'name'")
    // Keys of former versions.
    #expect(
      try problems([
        "conventions": "conventions: [{name: own, impostors: same, point: nearest}]"
      ])
        == """
        spec.yaml:13:27: 'impostors' is now called 'non_mated'
        spec.yaml:13:44: 'point' is now called 'rule'
        2 problems; nothing was run
        """)
  }

  @Test func datasetsAreChecked() throws {
    func problem(_ lfw: String) throws -> String {
      try problems([
        "datasets": """
        datasets:
          LFW: \(lfw)
          MORPH: {files: {ArcFace: morph.h5}}
          Adience: {files: {ArcFace: adience.h5}}
        """
      ])
    }
    #expect(
      try problem("{files: {ArcFace: {normalise: true}}}")
        == "spec.yaml:6:26: file 'ArcFace' has no key 'path'")
    #expect(
      try problem("{files: {ArcFace: }}") == "spec.yaml:6:26: 'ArcFace' is nothing, expected text")
    #expect(
      try problem("{mapping: {embedding: x}, files: {ArcFace: lfw.h5}}")
        == "spec.yaml:6:19: unknown key 'embedding'; did you mean 'embeddings'?")
    #expect(
      try problem("{gender_codes: {male: [M, F], female: [F]}, files: {ArcFace: lfw.h5}}")
        == "spec.yaml:6:47: gender code 'F' is given to both 'male' and 'female'")
    #expect(
      try problem("{gender_codes: {male: [no]}, files: {ArcFace: lfw.h5}}")
        == "spec.yaml:6:31: 'male' is 'no', expected text; YAML 1.1 reads it as false; put it in quotes if the word is meant"
    )
    #expect(
      try problem("{dimension: 512.0, files: {ArcFace: lfw.h5}}")
        == "spec.yaml:6:20: 'dimension' is '512.0', expected a whole number from 1 to 65536; write 512"
    )
  }

  // MARK: - Files

  @Test func missingFilesAreAllNamedWithTheWayToGetThem() throws {
    let folder = try SpecFolder(["spec.yaml": specText()], data: ["adience.h5/inside"])
    func hint(_ file: String) -> String {
      "looked for data/\(file); datasets.md tells how to get them, '--data DIR' or MOTE_DATA where they are; 'make smoke' works without"
    }
    #expect(
      folder.problems() == """
        spec.yaml:6:26: LFW embeddings by ArcFace are missing: \(hint("lfw.h5"))
        spec.yaml:7:28: MORPH embeddings by ArcFace are missing: \(hint("morph.h5"))
        spec.yaml:8:30: Adience embeddings by ArcFace are a folder, expected an HDF5 file: \(hint("adience.h5"))
        3 problems; nothing was run
        """)
    #expect(folder.problems(checksFiles: false) == "no problem")
  }

  @Test func filesThatNothingUsesMayBeMissing() throws {
    #expect(
      try problems(
        ["partition": "partition: {within: {cohort: 0.4, development: 0.1, evaluation: 0.5}}"],
        data: ["adience.h5"]) == "no problem")
  }
}
