import Foundation
import Specs

extension ExperimentSpec {
  /// Reads and checks a spec and all it extends.
  ///
  /// - Parameters:
  ///   - path: the YAML file.
  ///   - dataFolder: overrides the spec's `data` (`--data`); nil: `MOTE_DATA` of the environment,
  ///     else the spec's own, else "data" in the current directory.
  ///   - settings: what the command line sets (`--set`), later ones over earlier ones.
  ///   - checksFiles: whether missing dataset files are problems (no, for what only reads records).
  /// - Throws: `SpecError` with every problem found, in the order of files and places.
  package static func load(
    _ path: String, dataFolder: String? = nil, settings: [SpecSetting] = [],
    environment: [String: String] = ProcessInfo.processInfo.environment, checksFiles: Bool = true
  ) throws(SpecError) -> ExperimentSpec {
    var inheritance = SpecInheritance()
    var reader = SpecReader()
    let root = inheritance.load(path).map { reader.apply(settings, to: $0) }
    let override = dataFolder ?? environment["MOTE_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    // Without a complete tree, problems of content would be consequences of the missing file.
    var spec = root.map {
      reader.spec($0, path: path, dataFolder: override, checksFiles: checksFiles)
    }
    spec?.settings = settings.map(\.text)
    let problems = inheritance.problems + reader.problems
    guard let spec, problems.isEmpty else {
      throw SpecError(problems: sorted(problems, files: inheritance.files))
    }
    return spec
  }

  /// By file in reading order, then place; repeated problems once.
  private static func sorted(_ problems: [SpecProblem], files: [String]) -> [SpecProblem] {
    func rank(_ problem: SpecProblem) -> (Int, Int, Int) {
      (
        files.firstIndex(of: problem.location.file) ?? files.count, problem.location.line,
        problem.location.column
      )
    }
    var seen: Set<SpecProblem> = []
    return problems.filter { seen.insert($0).inserted }
      .enumerated().sorted { a, b in
        let (x, y) = (rank(a.element), rank(b.element))
        return x == y ? a.offset < b.offset : x < y
      }
      .map(\.element)
  }
}
