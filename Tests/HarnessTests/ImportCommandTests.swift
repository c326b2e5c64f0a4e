import Foundation
import TestSupport
import Testing

/// `Harness import`, and `check` that leads to it.
@Suite(.enabled(if: harness != nil, "needs the built program"))
struct ImportCommandTests {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = try temporaryFolder("import-command")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// What a command prints, as a shell runs it in a folder.
  private func shell(_ command: String, in folder: URL) throws -> (text: String, code: Int32) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = folder
    process.environment = testEnvironment
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (text, process.terminationStatus)
  }

  private func fixture(_ name: String) -> String {
    fixturesFolder.appendingPathComponent("import/\(name)").path
  }

  /// A file, the options of `check`, and words of its problem.
  struct Misfit: CustomTestStringConvertible, Sendable {
    let file: String
    let options: [String]
    let problem: String
    var testDescription: String { file }
  }

  /// The command that is printed is run as it stands, and its file can be used.
  @Test(arguments: [
    Misfit(file: "groups.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "person_datasets.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(
      file: "pytables_table.h5",
      options: [
        "--embeddings", "faces/vector", "--identity", "faces/identity", "--gender", "faces/sex",
      ],
      problem: "no dataset 'faces/vector'"),
    Misfit(file: "pytables_table.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "h5py_table.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "pandas_table.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "pytables_bits.h5", options: [], problem: "'gender' is a bit field"),
    Misfit(file: "preallocated.h5", options: [], problem: "'identity' has 12 labels for 100 rows"),
    Misfit(file: "filled.h5", options: [], problem: "only the first 12 of 100 rows are filled"),
    Misfit(file: "groups_below.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "image_datasets.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "integer_parts.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "parts.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(
      file: "h5py_transposed.h5", options: ["--male", "TRUE", "--female", "FALSE"],
      problem: "the embeddings look transposed"),
    Misfit(
      file: "matlab73.mat", options: ["--embeddings", "X", "--gender", "sex"],
      problem: "an array of references"),
    Misfit(file: "wide.csv", options: [], problem: "this is not an HDF5 file"),
    Misfit(file: "packed.npz", options: [], problem: "this is not an HDF5 file"),
    Misfit(file: "pandas_columns.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "pandas_blocks.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "person_labels.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "person_kinds.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "person_transposed.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "matlab_people.mat", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "filled_parts.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "parts_in_names.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "image_parts.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "unnamed_people.h5", options: [], problem: "no dataset 'embeddings'"),
    Misfit(file: "nothing_behind.h5", options: [], problem: "only the first 12 of 20 rows"),
    Misfit(file: "classes.npz", options: [], problem: "this is not an HDF5 file"),
    Misfit(file: "column_axes.npz", options: [], problem: "this is not an HDF5 file"),
    Misfit(file: "blanks.txt", options: [], problem: "this is not an HDF5 file"),
    Misfit(file: "brackets.csv", options: [], problem: "this is not an HDF5 file"),
  ])
  func checkSaysTheCommandThatMakesAFileFit(_ misfit: Misfit) throws {
    try inFolder { folder in
      let input = folder.appendingPathComponent(misfit.file).path
      try FileManager.default.copyItem(atPath: fixture(misfit.file), toPath: input)
      let check = try Invocation(["check", input] + misfit.options).finish()
      #expect(check.code == 65)
      let problem = check.text.split(separator: "\n").first {
        $0.hasPrefix("problem ") && $0.contains(misfit.problem)
          && $0.contains("; it comes in with: Harness import ")
      }
      #expect(problem != nil, "\(check.text)")
      let lines = check.text.split(separator: "\n")
      let index = try #require(
        lines.firstIndex { $0.hasPrefix("comes in with: Harness ") }, "\(check.text)")
      let words = lines[index].dropFirst("comes in with: Harness ".count)
      #expect(
        lines[index + 1].hasPrefix("  (12 vectors of 8 values, 4 people ("), "\(check.text)")
      let made = try shell("'\(harness!.path)' \(words)", in: folder)
      // Twelve vectors along one line are too few to tell people apart; labels are what matters.
      #expect(made.text.contains("subjects  4;"), "\(words): \(made.text)")
      #expect(!made.text.contains("problem"), "\(words): \(made.text)")
    }
  }

  @Test func whereNoCommandIsFoundTheReasonIsSaid() throws {
    let check = try run("check", fixture("f4.npy"))
    #expect(
      check.code == 65
        && check.text.contains(
          "no command was found that brings it in; Harness import says: \(fixture("f4.npy")): says nowhere"
            + " which person a vector is of"),
      "\(check.text)")
  }

  @Test func optionsThatContradictAreRefused() throws {
    for (options, words) in [
      (["--identity", "x", "--identity-from", "group"], "both say who is shown"),
      (["--male", "1", "--female", "1"], "the gender code '1' is given two meanings"),
      (["--layout", "official-code", "--rows", "5"], "--layout knows where everything is"),
    ] {
      let made = try Invocation(
        ["import", fixture("groups.h5"), "--output", "/nowhere/x.h5"] + options
      ).finish()
      #expect(made.code == 64 && made.text.contains(words), "\(made.text)")
    }
    let check = try run("check", fixture("groups.h5"), "--male", "1", "--unlabelled", "1")
    #expect(check.code == 64, "\(check.text)")
  }

  private func synthesize(_ path: String) throws {
    let made = try run(
      "synthesize", "--subjects", "80", "--rows", "300", "--dimension", "32", "--output", path)
    #expect(made.code == 0, "\(made.text)")
  }

  @Test func inputsOfOtherCommandsAreNotReplacedEither() throws {
    try inFolder { folder in
      let input = folder.appendingPathComponent("own_net.h5").path
      try synthesize(input)
      let bytes = FileManager.default.contents(atPath: input)
      let drafted = try run("draft", folder.path, "--output", input, "--force")
      #expect(drafted.code == 64 && drafted.text.contains("it is the input"), "\(drafted.text)")
      let subset = try run("subset", input, "--people", "20", "--output", input, "--force")
      #expect(subset.code == 64, "\(subset.text)")
      let missing = try run("subset", input + "x", "--people", "20", "--output", input + "y")
      #expect(missing.code == 65, "\(missing.text)")
      #expect(FileManager.default.contents(atPath: input) == bytes)
    }
  }

  @Test func filesWithControlCharactersInTheirNamesAreNotDrafted() throws {
    try inFolder { folder in
      try synthesize(folder.appendingPathComponent("e\u{1B}[31m_net.h5").path)
      let drafted = try run("draft", folder.path, "--output", folder.path + "/x.yaml")
      #expect(
        drafted.code == 65
          && drafted.text.contains("e\\u{1B}[31m_net.h5: control characters in its name"),
        "\(drafted.text)")
    }
  }

  @Test func codesOfCelebAWorkAsTyped() throws {
    try inFolder { folder in
      let output = folder.appendingPathComponent("x.h5").path
      let made = try run(
        "import", fixture("f4.npy"), "--identity", fixture("ids.npy"), "--gender",
        fixture("gender_int.npy"), "--male", "1", "--female", "-1", "--output", output)
      #expect(made.text.contains("2 male (6 images), 2 female (6 images)"), "\(made.text)")
    }
  }

  @Test func whatWasTakenFromWhereIsPrinted() throws {
    try inFolder { folder in
      let output = folder.appendingPathComponent("x.h5").path
      let made = try run(
        "import", fixture("f4.npy"), "--filename", fixture("images.npy"), "--labels",
        fixture("labels.csv"), "--output", output)
      let lines = made.text.split(separator: "\n").map(String.init)
      #expect(lines[0] == output)
      #expect(lines[1] == "vectors   \(fixture("f4.npy")), 12 x 8")
      #expect(lines[2] == "filename  \(fixture("images.npy"))")
      #expect(lines[3] == "identity  \(fixture("labels.csv")): 'person', by file name")
      #expect(lines[4] == "gender    \(fixture("labels.csv")): 'gender'")
    }
  }

  @Test func anExistingFileIsLeftAlone() throws {
    try inFolder { folder in
      let output = folder.appendingPathComponent("x.h5").path
      try Data("mine".utf8).write(to: URL(fileURLWithPath: output))
      let made = try run("import", fixture("pytables_table.h5"), "--output", output)
      #expect(made.code == 64)
      #expect(made.text.contains("name another file, or replace it with --force"))
      #expect(FileManager.default.contents(atPath: output) == Data("mine".utf8))
    }
  }

  @Test func theFolderOfThePublicCodeComesInByOneFlag() throws {
    try inFolder { folder in
      let made = try run(
        "import", "--layout", "official-code", fixture("official"), "--output",
        folder.appendingPathComponent("data").path)
      let files = try FileManager.default
        .contentsOfDirectory(atPath: folder.appendingPathComponent("data").path).sorted()
      #expect(files == ["adience_arcface.h5", "lfw_arcface.h5"], "\(made.text)")
    }
  }

  /// A first look at a folder of one's own, from drafting to tables.
  @Test func aDraftedSpecComesToItsTables() throws {
    try inFolder { folder in
      let data = folder.appendingPathComponent("data").path
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
      let made = try run(
        "synthesize", "--subjects", "80", "--rows", "300", "--dimension", "32", "--output",
        "\(data)/own_net.h5")
      #expect(made.code == 0, "\(made.text)")
      let spec = folder.appendingPathComponent("spec.yaml").path
      let drafted = try run("draft", data, "--output", spec)
      #expect(drafted.code == 0 && drafted.text.contains("own: own_net.h5"), "\(drafted.text)")
      let plan = try run(
        "plan", spec, "--data", data, "--results", folder.appendingPathComponent("results").path)
      #expect(plan.code == 0, "\(plan.text)")
      let results = folder.appendingPathComponent("results")
      let done = try run("run", spec, "--data", data, "--results", results.path)
      #expect(done.code == 0 && done.text.contains("12 cells evaluated"), "\(done.text)")
      for table in ["table1", "table2", "table3", "table3b", "table4"] {
        let file = results.appendingPathComponent("smoke-data/tables/\(table).csv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(rows.count > 1, "\(table)")
      }
      let subset = folder.appendingPathComponent("small.h5").path
      let written = try run("subset", "\(data)/own_net.h5", "--people", "20", "--output", subset)
      #expect(written.text.contains("of 20 of 80 people"), "\(written.text)")
    }
  }

  // MARK: - What ends it

  /// Vectors of NumPy that are all zero and take no room: 4 GiB.
  private func hugeArray(_ folder: URL) throws -> String {
    let path = folder.appendingPathComponent("x.npy").path
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (20480, 51200), }"
    header += String(repeating: " ", count: 128 - 10 - 1 - header.utf8.count) + "\n"
    var bytes = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    bytes.append(Data(header.utf8))
    try bytes.write(to: URL(fileURLWithPath: path))
    try #require(truncate(path, 128 + 20_480 * 204_800) == 0)
    return path
  }

  /// Begins an import that takes long; `body` gets it when it has begun to write.
  private func whileImporting(_ body: (_ import: Invocation, _ input: String) throws -> Void) throws
  {
    try inFolder { folder in
      let input = try hugeArray(folder)
      let names = folder.appendingPathComponent("names.txt")
      let text = String(repeating: "Ann_0001.jpg\n", count: 20_480)
      try Data(text.utf8).write(to: names)
      let run = try Invocation([
        "import", input, "--filename", names.path, "--identity-from", "filename", "--output",
        folder.appendingPathComponent("y.h5").path,
      ])
      func written() -> Bool {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.contains { $0.hasSuffix(".partial") }
      }
      while run.process.isRunning, !written() { usleep(2_000) }
      try #require(run.process.isRunning, "it came to its end")
      try body(run, input)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(left == ["names.txt", "x.npy"])
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func whatInterruptsItLeavesNothing(_ number: Int32) throws {
    try whileImporting { run, _ in
      kill(run.process.processIdentifier, number)
      let end = try run.finish()
      #expect(end.code == 128 + number, "\(end)")
    }
  }

  @Test func anInputThatIsCutOffEndsItWithAMessage() throws {
    try whileImporting { run, input in
      #expect(truncate(input, 4_096) == 0)
      let end = try run.finish()
      #expect(end.code == 65 && end.text.contains("cut off while it was read"), "\(end)")
    }
  }

  @Test func limitsOfTheSystemAreErrors() throws {
    try inFolder { folder in
      func limited(_ limit: String, _ arguments: String) throws -> (code: Int32, text: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "ulimit \(limit); exec \(harness!.path) \(arguments)"]
        process.environment = testEnvironment
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
      }
      let few = try limited("-v 300000", "check \(fixture("groups.h5"))")
      #expect(few.code == 70 && few.text.contains("too little address space"), "\(few)")
      // Linear algebra would ask for memory without end.
      let enough = try limited("-v 700000", "check \(fixture("groups.h5"))")
      // Libraries of machines with many cores take more from the start.
      #expect(
        enough.code == 65 && enough.text.contains("no dataset 'embeddings'")
          || enough.code == 70 && enough.text.contains("too little address space"), "\(enough)")
      let array = try hugeArray(folder)
      let names = folder.appendingPathComponent("names.txt").path
      try Data(String(repeating: "Ann_0001.jpg\n", count: 9_999).utf8)
        .write(to: URL(fileURLWithPath: names))
      let large = try limited(
        "-f 2000",
        "import \(array) --rows 9999 --filename \(names) --identity-from filename --output"
          + " \(folder.path)/y.h5")
      #expect(large.code == 65 && large.text.contains("File too large"), "\(large)")
      // What is written fits in the library's memory until the end.
      let source = folder.appendingPathComponent("z.h5").path
      try synthesize(source)
      let small = try limited("-f 10", "subset \(source) --people 40 --output \(folder.path)/y.h5")
      #expect(small.code == 65 && small.text.contains("File too large"), "\(small)")
      try FileManager.default.removeItem(atPath: source)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["names.txt", "x.npy"])
    }
  }
}
