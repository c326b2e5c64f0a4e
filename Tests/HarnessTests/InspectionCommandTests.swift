import Foundation
import TestSupport
import Testing

/// `validate`, `ls`, `show`, `diff` and `--set`: commands that look and change nothing.
@Suite(.serialized, .enabled(if: harness != nil, "the program Harness is not built"))
struct InspectionCommandTests {
  private func invoke(_ arguments: [String]) throws -> (code: Int32, text: String) {
    try Invocation(arguments).finish()
  }

  @Test func validateReadsSpecAndDataAndWritesNothing() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let spec = ["validate", small.spec, "--data", small.data, "--results", small.results("r")]
    let sound = try invoke(spec)
    #expect(sound.code == 0, "\(sound.text)")
    #expect(sound.text.contains("experiment 'small', Small run of the system tests"))
    #expect(sound.text.contains("5 cells to evaluate, 0 to attack"))
    #expect(sound.text.contains("1 file opened, divided and audited"))
    #expect(!FileManager.default.fileExists(atPath: small.results("r")))

    let unknown = try invoke(spec + ["--set", "trainig.epochs=3"])
    #expect(unknown.code == 65)
    #expect(
      unknown.text
        == "error: --set trainig.epochs=3: unknown key 'trainig'; did you mean 'training'?\n")
    // What the data do not allow names the place in the spec, or the option.
    let groups = try invoke(spec + ["--set", "groups=nosuch"])
    #expect(groups.code == 65)
    #expect(
      groups.text.hasPrefix(
        "error: --set groups=nosuch: groups: nosuch: 'Made' has no label column of that name; "),
      "\(groups.text)")
    let edited = small.folder.appendingPathComponent("groups.yaml").path
    try (try String(contentsOfFile: small.spec, encoding: .utf8) + "groups: nosuch\n")
      .write(toFile: edited, atomically: true, encoding: .utf8)
    let line =
      try String(contentsOfFile: edited, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false
      ).firstIndex { $0.hasPrefix("groups:") }! + 1
    for command in ["validate", "plan", "run"] {
      let (code, text) = try invoke([
        command, edited, "--data", small.data, "--results", small.results("r"),
      ])
      #expect(code == 65 && text.contains("\(edited):\(line):9: groups: nosuch"), "\(text)")
    }
  }

  @Test func aPlanNamesTheOutputsThatItIsNotOf() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let plan = [
      "plan", small.spec, "--data", small.data, "--results", small.results("r"), "--no-calibration",
    ]
    let runs = try invoke(plan)
    #expect(runs.code == 0 && !runs.text.contains("no part of this plan"), "\(runs.text)")
    let apart = try invoke(
      plan + ["--set", "outputs=[table1, table5, scale, figure4, learning-curves]"])
    #expect(apart.code == 0, "\(apart.text)")
    for (output, command) in [
      ("table5 and scale", "measure \(small.spec)"),
      ("figure4", "explain \(small.spec) --maps FILE"),
      ("learning-curves", "learning-curves \(small.spec)"),
    ] {
      #expect(
        apart.text.contains("note: 'Harness \(command)' makes \(output), no part of this plan\n"),
        "\(apart.text)")
    }
  }

  @Test func replicatesThatWereForgottenInACopyAreTold() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    #expect(try invoke(small.arguments("r")).code == 0)
    let records = small.results("r") + "/small/records"
    let beside = records + "/replicates/Made_ArcFace_traditional_r0.f64"
    let away = small.results("away.f64")
    try FileManager.default.moveItem(atPath: beside, toPath: away)
    let listed = try invoke(["ls", "small", "--results", small.results("r")])
    #expect(listed.code == 0 && listed.text.contains("\n4 of 5 cells done\n"), "\(listed.text)")
    #expect(
      listed.text.contains(/Made_ArcFace_traditional_r0 .* its replicates are not there\n/),
      "\(listed.text)")
    let table = try invoke(["table", "small", "--results", small.results("r")])
    #expect(table.code == 65)
    #expect(
      table.text.contains(
        "error: \(records)/Made_ArcFace_traditional_r0.json: its replicates, '\(beside)', cannot be "
          + "read: No such file or directory; bring that file back from where the record came from, "
      ),
      "\(table.text)")
    try FileManager.default.moveItem(atPath: away, toPath: beside)
    let again = try invoke(["table", "small", "--results", small.results("r")])
    #expect(again.code == 0, "\(again.text)")
  }

  @Test func whatIsSetIsRecordedAndStandsBesideTheRecords() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let set = ["--set", "training.epochs=4"]
    let first = try invoke(small.arguments("r") + set)
    #expect(first.code == 0, "\(first.text)")
    let results = small.results("r")
    let record = try String(
      contentsOfFile: results + "/small/records/Made_ArcFace_mote_paper_f0.5_r0.json",
      encoding: .utf8)
    #expect(record.contains("\"settings\" : [\n      \"training.epochs=4\"\n    ]"))
    let shown = try invoke(["show", "small", "--results", results])
    #expect(shown.code == 0 && shown.text.contains("training:\n  epochs: 4\n"), "\(shown.text)")
    let ofFile = try invoke(["show", small.spec] + set)
    #expect(shown.text.hasSuffix(ofFile.text) && ofFile.text.hasPrefix("name: small\n"))
    // The stored spec is the spec: nothing is to do for it.
    let stored = try invoke([
      "run", results + "/small/spec.yaml", "--data", small.data, "--results", results,
    ])
    #expect(stored.text.contains("0 cells evaluated, 5 kept"), "\(stored.text)")
    // Another setting is an edited spec.
    let other = try invoke(small.arguments("r") + ["--set", "training.epochs=5"])
    #expect(other.text.contains("4 cells evaluated, 1 kept"), "\(other.text)")
    #expect(other.text.contains("spec part 'training' changed"), "\(other.text)")
    let none = try invoke(["show", "small", "--results", results] + set)
    #expect(none.code == 64 && none.text.contains("--set changes a spec file, and 'small' is none"))
  }

  @Test func lsTellsWhatIsDoneAndWhatIsMissing() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let results = small.results("r")
    let empty = try invoke(["ls", "--results", results])
    #expect(empty.code == 65)
    #expect(empty.text == "error: no folder '\(results)'; 'Harness run SPEC' makes one\n")
    let nothing = try invoke(["ls", small.spec, "--results", results])
    #expect(nothing.code == 0 && nothing.text.contains("0 of 5 cells done"), "\(nothing.text)")
    #expect(nothing.text.contains("to go on: Harness run \(small.spec) --results \(results)\n"))
    #expect(try invoke(small.arguments("r")).code == 0)
    let cell = "Made_ArcFace_mote_paper_f0.5_r0"
    let done = try invoke(["ls", "small", "--results", results])
    #expect(done.text.contains("5 of 5 cells done\n") && !done.text.contains("to go on"))
    try FileManager.default.removeItem(atPath: results + "/small/records/\(cell).json")
    let listed = try invoke(["ls", "--results", results])
    #expect(listed.text.contains("small           4 of 5       0"), "\(listed.text)")
    let missing = try invoke(["ls", "small", "--results", results])
    let line = missing.text.split(separator: "\n").first { $0.hasPrefix(cell + " ") }
    #expect(line?.hasSuffix(" missing") == true, "\(missing.text)")
    let edited = small.folder.appendingPathComponent("edited.yaml").path
    try (try String(contentsOfFile: small.spec, encoding: .utf8))
      .replacing("epochs: 6", with: "epochs: 7")
      .write(toFile: edited, atomically: true, encoding: .utf8)
    let other = try invoke(["ls", edited, "--results", results])
    #expect(other.text.contains("the last run here was of another spec: records may be of that"))
    // One that cannot be read does not hide the others.
    try FileManager.default.createDirectory(
      atPath: results + "/damaged", withIntermediateDirectories: true)
    try "{}".write(toFile: results + "/damaged/run.json", atomically: true, encoding: .utf8)
    let others = try invoke(["ls", "--results", results])
    #expect(others.code == 65 && others.text.contains("small           4 of 5"), "\(others.text)")
    #expect(others.text.contains("error: damaged: "), "\(others.text)")
    let unknown = try invoke(["ls", "nosuch", "--results", results])
    #expect(unknown.code == 65 && unknown.text.contains("no experiment 'nosuch'"))
  }

  @Test func diffHoldsResultsAgainstEachOther() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    for (name, more) in [
      ("a", []), ("b", ["--set", "training.epochs=4"]), ("c", ["--set", "seed=2"]),
      ("d", ["--set", "extractors=Other", "--set", "datasets.Made.files.Other=made.h5"]),
    ] {
      let made = try invoke(small.arguments(name) + more)
      #expect(made.code == 0, "\(made.text)")
    }
    func folder(_ name: String) -> String { small.results(name) + "/small" }
    let same = try invoke(["diff", folder("a"), folder("a")])
    #expect(same.code == 0 && same.text.contains("numbers: all "), "\(same.text)")
    #expect(
      same.text.hasPrefix(
        "A: \(folder("a")), SYNTHETIC DATA\nB: \(folder("a")), SYNTHETIC DATA\n\nspec: "))
    #expect(same.text.contains("spec: the specs say the same\ndata: the data are the same\n"))

    let trained = try invoke([
      "diff", folder("a"), folder("b"), "--quantity", "eer", "--limit", "500",
    ])
    #expect(trained.code == 1, "\(trained.text)")
    #expect(trained.text.contains("spec:\n  training.epochs: 6 in A, 4 in B\n"))
    #expect(trained.text.contains("code: code, libraries and kernels are the same"))
    let rows = trained.text.split(separator: "\n").filter { $0.contains("eer all") }
    #expect(!rows.isEmpty && rows.allSatisfy { $0.contains("[") }, "\(trained.text)")
    #expect(!rows.contains { $0.contains("traditional") })

    let divided = try invoke(["diff", folder("a"), folder("c"), "--quantity", "eer"])
    #expect(divided.code == 1)
    #expect(
      divided.text.contains("(1) no interval: not the same people and draws, the seed differs"),
      "\(divided.text)")

    let unlike = try invoke(["diff", folder("a"), folder("d")])
    #expect(unlike.code == 65)
    #expect(
      unlike.text.contains(
        "error: no cell is in both, so no number can be compared: '\(folder("a"))' has "
          + "Made_ArcFace_mote_paper_f0.5_r0, Made_ArcFace_mote_paper_f1.0_r0, "
          + "Made_ArcFace_mote_official-code_f0.5_r0 and 2 more; '\(folder("d"))' has Made_Other_"),
      "\(unlike.text)")
  }

  @Test func aShardSaysWhatIsNext() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let shard = try invoke(small.arguments("s0", "--shard", "0/2"))
    #expect(shard.code == 0, "\(shard.text)")
    #expect(
      shard.text.contains(
        "shard 0 of 2 is done. When all are: Harness merge \(small.spec) --data \(small.data) "
          + "FOLDER…, with the results folders of the 2 shards; this one is \(small.results("s0"))"),
      "\(shard.text)")
    let listed = try invoke(["ls", "small", "--results", small.results("s0")])
    #expect(listed.text.contains("shard 0/2; 'Harness merge' joins the shards"), "\(listed.text)")
    let table = try invoke(["table", "small", "--results", small.results("s0")])
    #expect(table.code == 65 && table.text.contains("Harness merge SPEC"), "\(table.text)")
    let other = try invoke(small.arguments("s0", "--shard", "1/3"))
    #expect(
      other.code == 65 && other.text.contains("holds shard 0/2, and shard 1/3 would go there"))
    let twice = try invoke([
      "merge", small.spec, small.results("s0"), small.results("s0"), "--data", small.data,
      "--results", small.results("m"),
    ])
    #expect(twice.code == 65 && twice.text.contains("is given twice"), "\(twice.text)")
  }

  /// What a run could not train is told by `validate`, before anything is trained.
  @Test func validateTellsWhereAGenderIsMissing() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let (code, text) = try invoke([
      "validate", small.spec, "--data", small.data,
      "--set", "datasets.Made.gender_codes.male=nobody",
      "--set", "datasets.Made.gender_codes.unlabelled=M",
    ])
    #expect(code == 65, "\(text)")
    #expect(text.contains("needs a male density in training, but fewer than two male residuals"))
  }

  @Test func moreThreadsThanAnyMachineHasAreRefused() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let (code, text) = try invoke(small.arguments("r", "--workers", "9999999"))
    #expect(code == 64 && text.contains("--workers is 9999999, expected 1 to 1024"), "\(text)")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsNameEveryCommand(_ shell: String) throws
  {
    let (code, text) = try invoke(["--generate-completion-script", shell])
    #expect(code == 0)
    for command in ["validate", "run", "diff", "show", "trace", "attack-distributions"] {
      #expect(text.contains(command), "\(shell): \(command)")
    }
  }

  @Test func commandsAreGroupedInHelp() throws {
    let (code, text) = try invoke(["--help"])
    #expect(code == 0)
    for group in ["PLANNING", "EXPERIMENT", "RESULT", "DATA", "PROGRAM"] {
      #expect(text.contains(group + " SUBCOMMANDS:"), "\(group): \(text)")
    }
  }

  @Test func optionsOfTraceAreExplained() throws {
    let (_, text) = try invoke(["help", "trace"])
    // "--dataset <dataset>     Rows of this dataset": the help may stand on the next line.
    let words = text.replacing(/\s+/, with: " ")
    for option in ["dataset", "extractor", "system", "preset", "factor", "group", "convention"] {
      let told = words.split(separator: "--\(option) <\(option)> ").last ?? ""
      #expect(
        told.hasPrefix("Rows of ") || told.hasPrefix("Of ") || told.hasPrefix("Under "), "\(told)")
    }
  }
}

/// Bad words on the command line.
@Suite(.enabled(if: harness != nil, "the program Harness is not built")) struct BadUsageTests {
  @Test func anOptionOfOneValueIsNotGivenTwice() throws {
    for (arguments, name) in [
      (["explain", "a.yaml", "--maps", "a.h5", "--maps=b.h5"], "--maps"),
      (["run", "a.yaml", "--data", "a", "--data", "b"], "--data"),
      (["scores", "a.yaml", "-o", "a", "--output", "b"], "-o"),
    ] {
      let (code, text) = try Invocation(arguments).finish()
      #expect(code == 64)
      #expect(
        text.hasPrefix("Error: '\(name)' is given 2 times; it holds one value\n"), "\(text)")
    }
    // Those that hold several are.
    let (_, text) = try Invocation(["table", "nosuch", "-o", "table1", "-o", "table2"]).finish()
    #expect(text.contains("no experiment 'nosuch'"), "\(text)")
  }

  @Test func settingsThatAreWrongEndTheCommand() throws {
    let spec = repositoryRoot.appendingPathComponent("Tests/System/small.yaml").path
    for command in ["run", "plan", "validate", "show"] {
      let (code, text) = try Invocation([command, spec, "--set", "epochs"]).finish()
      #expect(code == 65)
      #expect(
        text == "error: --set epochs: found no '=', expected key=value, e.g. training.epochs=20\n",
        "\(text)")
    }
  }

  @Test func epochsAreTracedByTheTableMadeOfThem() throws {
    let (code, text) = try Invocation(["trace", "x/tables/learning-curves-epochs.csv"]).finish()
    #expect(code == 65)
    #expect(
      text
        == "error: 'x/tables/learning-curves-epochs.csv': its rows are epochs of curves, which no record has "
        + "one by one; trace the table made of them: Harness trace x/tables/learning-curves.csv\n")
  }

  @Test func allOutputsOrSome() throws {
    let (code, text) = try Invocation(["table", "smoke", "--all", "-o", "table1"]).finish()
    #expect(code == 64)
    #expect(text.contains("--all renders every output, and --output names some; give one of both"))
  }
}
