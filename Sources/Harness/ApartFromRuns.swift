import ArgumentParser
import Claims
import Experiments
import Foundation
import Records
import Reports
import Specs

extension SpecOptions {
  /// What commands do that measure apart from runs: work that signals stop, then its outputs rendered
  /// and told.
  ///
  /// - Parameters:
  ///   - outputs: to render.
  ///   - readClaims: as of `renderOutputs`.
  ///   - isOfResults: errors of the results folder, exit code 1; others are of spec or data, 65.
  ///   - work: receives the loaded spec, where signals are noted, and who prints a line per step.
  func measureApart(
    outputs: (ExperimentSpec) -> [String], readClaims: (String) throws -> [Claim] = { _ in [] },
    isOfResults: (any Error) -> Bool = { $0 is StoreError },
    work: (ExperimentSpec, Interruption, @escaping (String) -> Void) throws -> Void
  ) throws {
    let experiment = try load()
    let interruption = Interruption()
    interruption.install()
    do {
      try work(experiment, interruption) { Console.standardError.line($0) }
      let rendered = try renderOutputs(
        experiment: URL(fileURLWithPath: results).appendingPathComponent(experiment.name),
        outputs: outputs(experiment), onPage: experiment.outputs.map(\.rawValue),
        readClaims: readClaims)
      rendered.tell()
      RenderedOutputs.updateIndex(of: URL(fileURLWithPath: results))
      print(rendered.answers, terminator: "")
    } catch {
      if let code = interruption.exitCode { throw failure(Interrupted(exitCode: code), code: code) }
      throw failure(error, code: isOfResults(error) ? 1 : 65)
    }
  }
}
