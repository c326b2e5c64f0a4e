import Configurations
import Foundation

extension ExperimentSpec {
  fileprivate enum Key: String, CaseIterable {
    case name, title, outputs, data, extractors, datasets, evaluate, partition
    case allowOverlap = "allow_overlap"
    case presets, configurations, training, kde
    case balancingFactors = "balancing_factors"
    case protocolSwitches = "protocol"
    case conventions
    case operatingPoints = "operating_points"
    case bootstrap, seed, repeats, limits, attack, groups, cost
    case saveTemplates = "save_templates"
    case templatePrecision = "template_precision"
  }
}

extension SpecReader {
  /// The spec that a tree of nodes says; what is wrong with it stands in `problems`.
  package mutating func spec(
    _ root: SpecNode, path: String, dataFolder: String?, checksFiles: Bool
  ) -> ExperimentSpec {
    let top = fields(root, "the spec", ExperimentSpec.Key.self)
    func required(_ key: ExperimentSpec.Key) -> SpecNode? {
      self.required(top, key, in: "the spec")
    }

    let nameNode = required(.name)
    let name = text(nameNode, "name") ?? ""
    if let nameNode, !name.isEmpty {
      checkName(LocatedName(name: name, location: nameNode.location), "experiment name")
    }
    let title = text(required(.title), "title") ?? ""
    let outputs = list(required(.outputs), "outputs").compactMap {
      choice($0, "outputs", of: OutputSpec.self)
    }
    let extractors = texts(required(.extractors), "extractors")
    let (datasets, places) = datasets(required(.datasets))
    let names = datasets.map(\.name)
    let evaluated = texts(required(.evaluate), "evaluate")
    let evaluate = evaluated.compactMap { reference($0, to: "dataset", among: names) }
    let partition = partition(required(.partition), datasets: names, evaluated: evaluate)
    let allowOverlap = texts(top[.allowOverlap], "allow_overlap", allowEmpty: true)
      .compactMap { reference($0, to: "evaluated dataset", among: evaluate) }
    let configurations = configurations(
      presets: required(.presets), definitions: top[.configurations], training: top[.training],
      kde: top[.kde], datasets: names, evaluated: evaluate)
    let switches = protocolSwitches(top[.protocolSwitches])
    let (factors, choosesFactorPerSubject) = balancingFactors(top[.balancingFactors])
    let folder = text(top[.data], "data") ?? "data"
    let attack = top[.attack].map { self.attack($0, datasets: names) }
    if attack == nil, let node = top[.outputs],
      let output = outputs.first(where: OutputSpec.ofAttacks.contains)
    {
      report(
        node.location,
        "output '\(output.rawValue)' needs attacked systems; add a section 'attack'")
    }

    let spec = ExperimentSpec(
      path: path, dataFolder: dataFolder ?? folder, name: name, title: title, outputs: outputs,
      extractors: extractors.map(\.name), datasets: datasets, evaluate: evaluate,
      partition: partition ?? .cross(CrossSpec(cohort: "", development: "", exceptions: [:])),
      allowOverlap: allowOverlap, configurations: configurations,
      balancingFactors: factors, choosesFactorPerSubject: choosesFactorPerSubject,
      groups: text(top[.groups], "groups") ?? ExperimentSpec.genderGroups,
      protocolSwitches: switches,
      conventions: conventions(top[.conventions], selfTrials: switches.selfTrials),
      operatingPoints: operatingPoints(top[.operatingPoints]),
      bootstrap: bootstrap(top[.bootstrap]),
      seed: UInt64(integer(required(.seed), "seed", in: 0...Int.max) ?? 0),
      repeats: integer(top[.repeats], "repeats", in: 1...10_000) ?? 1, limits: limits(top[.limits]),
      attack: attack,
      templatePrecision: templates(top[.saveTemplates], precision: top[.templatePrecision]),
      cost: cost(top[.cost]))

    // Checks across sections need sections that are sound in themselves.
    guard let partition else { return spec }
    let place = top[.partition]?.location ?? root.location
    checkDisjoint(spec, partition: partition, at: place)
    checkAttackers(spec, at: top[.attack]?.location ?? place)
    checkFiles(
      spec, places: places, extractors: extractors, datasetsAt: top[.datasets]?.location ?? place,
      onDisk: checksFiles)
    return spec
  }

  /// Reports what makes a `cross` scheme overlap by construction, unless it is allowed by name.
  private mutating func checkDisjoint(
    _ spec: ExperimentSpec, partition: PartitionSpec, at place: SourceLocation
  ) {
    guard case .cross = partition else { return }
    for dataset in spec.evaluate {
      var users: [String: [String]] = [:]
      for configuration in spec.configurations
      where !spec.allowsOverlap(evaluating: dataset, configuration: configuration.name) {
        guard
          case .cross(let cohort, let development) = spec.partition(
            evaluating: dataset, configuration: configuration.name)
        else { continue }
        if cohort == dataset {
          users["the training cohort", default: []].append(configuration.name)
        }
        if development == dataset {
          users["the development set", default: []].append(configuration.name)
        }
        if cohort == development, cohort != dataset, !cohort.isEmpty {
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
  private mutating func checkFiles(
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
}
