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
    /// Ours and the peers'; their inputs are made by `measure`.
    package var programs: ContestantPrograms
    /// Path without extension; `.csv`, `.md` and figures are written there.
    package var output: String
    /// Seconds for the start of a contestant, and for one run.
    package var timeout: Double
    /// The command, for the first line of the files.
    package var command: String

    package init(
      scale: BenchmarkScale, rounds: Int, workloads: [String] = [], programs: ContestantPrograms,
      output: String, timeout: Double = 900, command: String
    ) {
      self.scale = scale
      self.rounds = rounds
      self.workloads = workloads
      self.programs = programs
      self.output = output
      self.timeout = timeout
      self.command = command
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
    var programs = options.programs
    if let python = programs.python {
      guard files.isExecutableFile(atPath: python) else {
        throw BenchmarkError.noInterpreter(python)
      }
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: programs.peerScript, isDirectory: &isFolder),
        !isFolder.boolValue
      else {
        throw BenchmarkError.noPeerScript(programs.peerScript)
      }
    }
    var file = MeasurementFile(
      context: MeasurementContext(
        scale: options.scale, started: ISO8601DateFormatter().string(from: Date()),
        machine: Machine.current.description, revision: programs.revision, command: options.command)
    )
    try file.write(to: options.csv)
    let inputs = files.temporaryDirectory
      .appendingPathComponent("benchmark-\(UUID().uuidString)")
    try files.createDirectory(at: inputs, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: inputs) }
    programs.inputs = inputs.path
    let runner = BenchmarkRunner(
      programs: programs, processors: MachineLimits.allowedProcessors(), rounds: options.rounds,
      timeout: options.timeout, report: report)
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
    for path in isRendering ? ["\(stem).md"] : ["\(stem).csv", "\(stem).meta.json", "\(stem).md"] {
      try OutputFile.check(
        path, inputs: inputs, replaces: replaces || OutputFile.isGenerated(path, by: "bench"))
    }
    for path in [figure, "\(stem)-curves.png"] {
      try OutputFile.check(path, inputs: inputs, replaces: replaces || isOwnFigure)
    }
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
