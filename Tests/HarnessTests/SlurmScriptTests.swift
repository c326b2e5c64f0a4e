import Foundation
import TestSupport
import Testing

/// `experiments/slurm/array.sbatch` with stand-ins for the program and for `scontrol`.
@Suite struct SlurmScriptTests {
  /// What the script says, and its exit code, when a signal comes while the program works.
  ///
  /// - Parameter signal: "INT" or "TERM" to the script, "KILL" to the program.
  private func outcome(of signal: String, restarts: Int = 0) throws -> (text: String, code: Int32) {
    let folder = try temporaryFolder("mote-slurm")
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ text: String) throws -> String {
      let path = folder.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      return path
    }
    _ = try write("scontrol", "#!/bin/bash\necho scontrol \"$@\"\n")
    // Ends as the program does: 130 after INT, 143 after TERM.
    let program = try write(
      "program",
      """
      #!/usr/bin/perl
      $SIG{INT} = sub { exit 130 };
      $SIG{TERM} = sub { exit 143 };
      open(my $file, '>', '\(folder.path)/started');
      print $file $$;
      close($file);
      sleep 1 for 1..60;
      """)
    let text = try String(
      contentsOf: repositoryRoot.appendingPathComponent("experiments/slurm/array.sbatch"),
      encoding: .utf8)
    let script = try write("array.sbatch", text.replacing("sleep 60", with: "sleep 0"))
    let process = Process()
    // A child of the test inherits blocked signals, and in the background an ignored INT, which bash
    // could not trap.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/perl")
    process.arguments = [
      "-MPOSIX", "-e",
      "sigprocmask(SIG_SETMASK, POSIX::SigSet->new); $SIG{INT} = 'DEFAULT'; exec '/bin/bash', @ARGV",
      script,
    ]
    process.environment = [
      "PATH": folder.path + ":/usr/bin:/bin", "SPEC": "a.yaml", "SHARDS": "1",
      "SLURM_ARRAY_TASK_ID": "0", "SLURM_JOB_ID": "77", "SLURM_RESTART_COUNT": "\(restarts)",
      "HARNESS": program,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let started = folder.appendingPathComponent("started")
    var number: Int32?
    for _ in 0..<3_000 where number == nil {
      Thread.sleep(forTimeInterval: 0.02)
      number = (try? String(contentsOf: started, encoding: .utf8)).flatMap { Int32($0) }
    }
    let task = try #require(number, "the task did not start within a minute")
    let target = signal == "KILL" ? task : process.processIdentifier
    kill(target, ["INT": SIGINT, "TERM": SIGTERM, "KILL": SIGKILL][signal]!)
    let said = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (said, process.terminationStatus)
  }

  @Test func theSignalBeforeTheTimeLimitRequeues() throws {
    let stopped = try outcome(of: "INT")
    #expect(stopped.text.contains("scontrol requeue 77") && stopped.code == 130)
    let often = try outcome(of: "INT", restarts: 20)
    #expect(!often.text.contains("scontrol") && often.code == 130)
  }

  @Test(arguments: [("TERM", Int32(143)), ("KILL", 137)])
  func aCancelledTaskAndOneOutOfMemoryEnd(_ signal: String, _ code: Int32) throws {
    let ended = try outcome(of: signal)
    #expect(!ended.text.contains("scontrol") && ended.code == code)
  }
}

/// `experiments/slurm/harness.def` and the list that `make dist-test` installs.
@Suite struct ImageRecipeTests {
  private func text(_ name: String) throws -> String {
    try String(
      contentsOf: repositoryRoot.appendingPathComponent("experiments/slurm/" + name),
      encoding: .utf8)
  }

  @Test func theImageHasTheTestedPackagesAndNoOthers() throws {
    let listed = try text("runtime-packages.txt").split(separator: "\n").map(String.init)
    let recipe = try text("harness.def")
    let installed = try #require(recipe.firstMatch(of: /--no-install-recommends \\\s+([^\n]+)/))
    #expect(installed.output.1.split(separator: " ").map(String.init) == listed)
    #expect(listed.count == 3)
  }

  @Test func theImageTakesTheTarballOfMakeDist() throws {
    let makefile = try String(
      contentsOf: repositoryRoot.appendingPathComponent("Makefile"), encoding: .utf8)
    #expect(
      makefile.contains("$(DIST)/mote-harness.tar.gz") && makefile.contains("DIST := .build/dist"))
    let recipe = try text("harness.def")
    #expect(recipe.contains("\n    .build/dist/mote-harness.tar.gz /opt/mote-harness.tar.gz\n"))
    #expect(recipe.contains("\n    exec /opt/mote-harness/bin/Harness \"$@\"\n"))
  }
}
