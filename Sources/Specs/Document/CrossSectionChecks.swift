import Configurations
import Foundation

/// What must fit together between the sections of a spec.
extension SpecReader {
  /// Reports what makes whole datasets overlap by construction, unless it is allowed by name.
  mutating func checkDisjoint(_ spec: ExperimentSpec, at place: SourceLocation) {
    for dataset in spec.evaluate {
      var users: [String: [String]] = [:]
      for configuration in spec.configurations
      where !spec.allowsOverlap(evaluating: dataset, configuration: configuration.name) {
        let (cohort, development) = spec.partition(
          evaluating: dataset, configuration: configuration.name
        ).wholeDatasets
        if cohort == dataset {
          users["the training cohort", default: []].append(configuration.name)
        }
        if development == dataset {
          users["the development set", default: []].append(configuration.name)
        }
        if let cohort, cohort == development, cohort != dataset, !cohort.isEmpty {
          users["'\(cohort)'", default: []].append(configuration.name)
        }
      }
      for (role, configurations) in users.sorted(by: { $0.key < $1.key }) {
        let who = configurations.map { "'\($0)'" }.joined(separator: ", ")
        let what =
          role.hasPrefix("the ")
          ? "'\(dataset)' is evaluated and is also \(role) of \(who)"
          : "when '\(dataset)' is evaluated, \(role) is both training cohort and development set of \(who)"
        report(
          place,
          "\(what); choose another dataset under 'exceptions', or name '\(dataset)' in 'allow_overlap'"
        )
      }
    }
  }

  /// Reports sources that are needed but not declared, and files that are declared but not there.
  mutating func checkFiles(
    _ spec: ExperimentSpec, places: [String: SourceLocation], extractors: [LocatedName],
    datasetsAt: SourceLocation, onDisk: Bool
  ) {
    for dataset in spec.usedDatasets {
      guard let declared = spec.datasets.first(where: { $0.name == dataset }) else { continue }
      for extractor in extractors {
        guard let source = declared.sources[extractor.name] else {
          let known = declared.sources.keys.sorted()
          let hint = nearestName(to: extractor.name, among: known).map { "; did you mean '\($0)'?" }
          report(
            extractor.location,
            "dataset '\(dataset)' has no file for extractor '\(extractor.name)'"
              + (hint ?? "; add it under 'datasets: \(dataset): files'"))
          continue
        }
        guard onDisk, !source.path.isEmpty else { continue }
        let path = spec.path(of: source)
        guard let reason = unreadable(path) else { continue }
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        report(
          places["\(dataset)/\(extractor.name)"] ?? datasetsAt,
          "\(dataset) embeddings by \(extractor.name) \(reason): looked for \(absolute)"
            + "; datasets.md tells how to get them, '--data DIR' or MOTE_DATA where they are"
            + "; 'make smoke' works without")
      }
    }
  }

  private func unreadable(_ path: String) -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return "are missing"
    }
    if isFolder.boolValue { return "are a folder, expected an HDF5 file" }
    return FileManager.default.isReadableFile(atPath: path) ? nil : "may not be read"
  }

  /// Reports attacked datasets for which no attacker's dataset can be had.
  mutating func checkAttackers(_ spec: ExperimentSpec, at place: SourceLocation) {
    guard let attack = spec.attack else { return }
    for dataset in spec.evaluate {
      let attacker = spec.attackerDataset(attacking: dataset)
      if attacker == nil {
        report(
          place,
          "no dataset is left for the attacker when '\(dataset)' is attacked: all others train or "
            + "develop; declare another one, name it ('attacker: {other_dataset: NAME}'), or write "
            + "'attacker: same_dataset'")
      }
      if case .otherDataset(_?) = attack.attacker, attacker == dataset {
        report(
          place,
          "'\(dataset)' is attacked and is also the attacker's dataset; name another one, or write "
            + "'attacker: same_dataset' for disjoint subjects of it")
      }
    }
  }
}
