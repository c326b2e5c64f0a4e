import Experiments
import Files
import Foundation
import Reports

/// The benchmark as one call: measures, and renders the report from what it wrote.
package enum BenchmarkRun {
  /// What the command line says.
  package struct Options: Sendable {
    package var scale: BenchmarkScale
    package var rounds: Int
    /// Names of workloads; empty: all.
    package var workloads: [String]
    /// A Python interpreter; nil: ours alone.
    package var python: String?
    package var peerScript: String
    /// Path without extension; `.csv`, `.md` and figures are written there.
    package var output: String
    /// Seconds for the start of a contestant, and for one run.
    package var timeout: Double
    /// The command, for the first line of the files.
    package var command: String
    /// This executable.
    package var harness: String
    package var revision: String

    package init(
      scale: BenchmarkScale, rounds: Int, workloads: [String] = [], python: String? = nil,
      peerScript: String = "experiments/peers/peer.py", output: String, timeout: Double = 900,
      command: String, harness: String, revision: String
    ) {
      self.scale = scale
      self.rounds = rounds
      self.workloads = workloads
      self.python = python
      self.peerScript = peerScript
      self.output = output
      self.timeout = timeout
      self.command = command
      self.harness = harness
      self.revision = revision
    }

    /// The table of all runs.
    package var csv: URL { URL(fileURLWithPath: output + ".csv") }
    /// The report.
    package var markdown: URL { URL(fileURLWithPath: output + ".md") }
  }

  /// Measures and writes the CSV after every row, so that a bad path fails in the first second and
  /// an interrupted run keeps what it has; then renders.
  ///
  /// - Returns: what was measured.
  package static func measure(
    _ options: Options, report: @escaping (String) -> Void
  ) throws -> MeasurementFile {
    let workloads = try Workload.select(options.workloads, options.scale)
    let files = FileManager.default
    if let python = options.python {
      guard files.isExecutableFile(atPath: python) else {
        throw BenchmarkError.noInterpreter(python)
      }
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: options.peerScript, isDirectory: &isFolder),
        !isFolder.boolValue
      else {
        throw BenchmarkError.noPeerScript(options.peerScript)
      }
    }
    var file = MeasurementFile(
      context: MeasurementContext(
        scale: options.scale, started: ISO8601DateFormatter().string(from: Date()),
        machine: Machine.current.description, revision: options.revision, command: options.command))
    try file.write(to: options.csv)
    let inputs = files.temporaryDirectory
      .appendingPathComponent("benchmark-\(UUID().uuidString)")
    try files.createDirectory(at: inputs, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: inputs) }
    let runner = BenchmarkRunner(
      programs: ContestantPrograms(
        harness: options.harness, python: options.python, peerScript: options.peerScript,
        inputs: inputs.path, taskset: MachineLimits.path(of: "taskset"), revision: options.revision),
      limits: .current(), rounds: options.rounds, timeout: options.timeout, report: report)
    for workload in workloads {
      for input in workload.inputs { try input.write(to: inputs, options.scale) }
      try runner.run(workload) { row in
        file.rows.append(row)
        try file.write(to: options.csv)
      }
    }
    try render(csv: options.csv)
    return file
  }

  /// Refuses to write over files that no benchmark wrote.
  ///
  /// - Parameters:
  ///   - stem: path of the files without extension.
  ///   - isRendering: the CSV is read, not written.
  ///   - replaces: any regular file may be replaced.
  /// - Throws: `OutputError`.
  package static func protect(
    _ stem: String, inputs: [String], isRendering: Bool = false, replaces: Bool
  ) throws {
    let figure = "\(stem)-curves.svg"
    let isOwnFigure = OutputFile.isGenerated(figure, by: "")
    for path in isRendering ? ["\(stem).md"] : ["\(stem).csv", "\(stem).md"] {
      try OutputFile.check(
        path, inputs: inputs, replaces: replaces || OutputFile.isGenerated(path, by: "bench"))
    }
    for path in [figure, "\(stem)-curves.png"] {
      try OutputFile.check(path, inputs: inputs, replaces: replaces || isOwnFigure)
    }
  }

  /// Full path of this program, which is started again for each of our contestants.
  package static func executablePath() -> String {
    if let path = Bundle.main.executablePath { return path }
    return URL(fileURLWithPath: CommandLine.arguments[0]).path
  }

  /// Renders the Markdown and the figure of a CSV beside it; the figure also as PNG where
  /// `rsvg-convert` is installed.
  package static func render(csv: URL) throws {
    let file = try MeasurementFile(reading: csv)
    let stem = csv.deletingPathExtension()
    try writeAtomically(BenchmarkReport.text(file), to: stem.appendingPathExtension("md"))
    if let figure = BenchmarkReport.figure(file) {
      let svg = stem.deletingLastPathComponent()
        .appendingPathComponent("\(stem.lastPathComponent)-curves.svg")
      try writeAtomically(SVGPlot.text(figure, output: figure.name), to: svg)
      try VectorConverter()?.convert(
        svg, to: svg.deletingPathExtension().appendingPathExtension("png"))
    }
  }
}
