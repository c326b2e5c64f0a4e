import Biometrics
import Configurations
import Foundation

/// The keys of a spec.
enum TopLevelKey: String, SpecKey {
  case extends, name, title, outputs, data, extractors, datasets, subset, evaluate, partition
  case allowOverlap = "allow_overlap"
  case nearDuplicates = "near_duplicates"
  case presets, configurations, training, kde, readings
  case balancingFactors = "balancing_factors"
  case groups
  case protocolSwitches = "protocol"
  case conventions
  case operatingPoints = "operating_points"
  case identification
  case bootstrap, seed, repeats, limits, attack
  case saveTemplates = "save_templates"
  case templatePrecision = "template_precision"
  case cost
  case learningCurves = "learning_curves"

  static let section = SectionDocumentation(
    "",
    "A spec is a YAML file that describes one experiment. Unknown keys, words and names are errors "
      + "that say where they stand and what was probably meant.")

  var documentation: KeyDocumentation {
    switch self {
    case .extends:
      .init(
        .text, absent: .nothing("nothing"),
        "A spec file beside this one whose values hold where this one has none: mappings are "
          + "merged key by key, lists and `partition` are replaced whole.")
    case .name:
      .init(
        .text, absent: .required,
        "Folder of the results: letters, digits, '-' and '.'.")
    case .title: .init(.text, absent: .required, "One line for people.")
    case .outputs:
      .init(
        .list(.words(of: ReportOutput.self)), absent: .required,
        "Tables and figures to write; table5 and scale are made by `Harness measure`, figure4 by `Harness "
          + "explain`, learning-curves by `Harness learning-curves`, kde also by `Harness kde`. With `attack`, systems are evaluated, attacked, or "
          + "both, as these need it; report alone needs both.")
    case .data:
      .init(
        .text, absent: .yaml(ExperimentSpec.usualDataFolder),
        "Folder of the dataset files; `--data` and MOTE_DATA go before it.")
    case .extractors:
      .init(.list(.text), absent: .required, "Extractors whose embeddings are evaluated.")
    case .datasets:
      .init(
        .named("names", .section(DatasetKey.self)), absent: .required,
        "Datasets by name: their files and how to read them."
      )
    case .subset:
      .init(
        .section(SubsetKey.self), absent: .nothing("everybody takes part"),
        "A few people of each dataset instead of all, for small runs.")
    case .evaluate:
      .init(.list(.text), absent: .required, "Evaluated datasets in table order.")
    case .partition:
      .init(
        .section(PartitionKey.self), absent: .required,
        "Who trains, who develops, who is evaluated.")
    case .allowOverlap:
      .init(
        .list(.text), absent: .nothing("none"),
        "Evaluated datasets whose subjects may also train or develop, for all configurations.")
    case .nearDuplicates:
      .init(
        .words(of: NearDuplicateRule.self), absent: .yaml(NearDuplicateRule.warn.rawValue),
        "What becomes of people of cohort and development who look like an enrolled person of "
          + "another name: they are named in a warning, left out, or the partition is refused.",
        definition: "1.8")
    case .presets:
      .init(
        .list(.either(.words(of: TrainingConfiguration.Preset.self), .text)), absent: .required,
        "Presets and names of `configurations` that run, in table order.", definition: "6.4")
    case .configurations:
      .init(
        .named("names", .section(ConfigurationKey.self)),
        absent: .nothing("the presets as they are"),
        "Presets with changes, by name.", definition: "6.4")
    case .training:
      .init(
        .section(TrainingKey.self), absent: .section,
        "Hyper-parameters of the networks, for all presets.", definition: "6.4")
    case .kde:
      .init(
        .section(KDEKey.self), absent: .section, "Intra-subject densities, for all presets.",
        definition: "5")
    case .readings:
      .init(
        .section(ReadingsKey.self), absent: .nothing("none besides `presets`"),
        "Ways to read the paper: configurations that are made of bases and switches.",
        definition: "12.1")
    case .balancingFactors:
      .init(
        .list(.either(.words([Self.perSubject]), .number(.fraction))),
        absent: .yaml("\(ExperimentSpec.usualFactors)"),
        "Shares of male among the synthetic mated samples, each a system of its own; per_subject "
          + "adds the system that chooses each person's factor among the others.",
        definition: "2.5")
    case .groups:
      .init(
        .text, absent: .yaml(ExperimentSpec.genderGroups),
        "What subjects are grouped by: gender, or a label column of the files.", definition: "2.3")
    case .protocolSwitches:
      .init(
        .section(ProtocolKey.self), absent: .section, "Which comparisons are made.",
        definition: "1.2")
    case .conventions:
      .init(
        .list(.either(.words(EvaluationConvention.knownNames), .section(ConventionKey.self))),
        absent: .yaml("[\(EvaluationConvention.usualNames.joined(separator: ", "))]"),
        "How error rates are formed from scores; each table is made once per convention.",
        definition: "2.3")
    case .operatingPoints:
      .init(
        .list(.number(.openFraction)), absent: .yaml("\(ExperimentSpec.usualTargets)"),
        "FMR targets; tables are made for each, that of the paper (0.001) first.", definition: "1.3"
      )
    case .identification:
      .init(
        .list(.number(.openFraction)), absent: .nothing("no searches"),
        "FPIR targets of one-to-many searches, e.g. [0.003, 0.01]; output identification shows them.",
        definition: "1.11")
    case .bootstrap:
      .init(
        .section(BootstrapKey.self), absent: .section, "Replicates and seed of the intervals.",
        definition: "1.6")
    case .seed:
      .init(
        .integer(0...Int.max), absent: .required,
        "Seed of splits, references, limits, draws and training.")
    case .repeats:
      .init(
        .integer(1...10_000), absent: .yaml("1"),
        "How often systems are trained: each time with the next seed, on the same people and "
          + "references.")
    case .limits:
      .init(.section(LimitsKey.self), absent: .section, "Upper limits of subjects, for small runs.")
    case .attack:
      .init(
        .section(AttackKey.self), absent: .nothing("nothing is attacked"),
        "Who is attacked, by whom, and how.",
        definition: "3")
    case .saveTemplates:
      .init(.boolean, absent: .yaml("false"), "Whether model-templates are written.")
    case .templatePrecision:
      .init(
        .words(of: WeightPrecision.self), absent: .yaml(WeightPrecision.float32.rawValue),
        "How the weights of written model-templates are stored.", definition: "6.5")
    case .cost:
      .init(
        .section(CostKey.self), absent: .section, "What `Harness measure` measures.",
        definition: "6.5")
    case .learningCurves:
      .init(
        .section(LearningCurvesKey.self), absent: .section,
        "What `Harness learning-curves` observes.", definition: "6.9")
    }
  }

  /// The word among balancing factors.
  static let perSubject = "per_subject"
}

extension ExperimentSpec {
  /// What holds where a spec says nothing.
  static let usualDataFolder = "data"
  static let usualFactors = [0.5]
  static let usualTargets = [1e-3]
}

extension SpecReader {
  /// The spec that a tree of nodes says; what is wrong with it stands in `problems`.
  package mutating func spec(
    _ root: SpecNode, path: String, dataFolder: String?, checksFiles: Bool
  ) -> ExperimentSpec {
    let top = fields(root, "the spec", TopLevelKey.self)
    func required(_ key: TopLevelKey) -> SpecNode? {
      self.required(top, key, in: "the spec")
    }

    let nameNode = required(.name)
    let name = text(nameNode, "name") ?? ""
    if let nameNode, !name.isEmpty {
      checkName(LocatedName(name: name, location: nameNode.location), "experiment name")
    }
    _ = required(.seed)
    let titleNode = required(.title)
    let title = text(titleNode, "title") ?? ""
    if let titleNode, title.unicodeScalars.contains(where: { isControl($0) || turnsDirection($0) })
    {
      report(
        titleNode.location,
        "the title has a line feed, control characters or marks that turn the direction of writing; write "
          + "one line without them")
    }
    let outputs = different(list(required(.outputs), "outputs"), "outputs") { reader, item in
      reader.choice(item, "outputs", of: ReportOutput.self)
    }
    let extractors = texts(required(.extractors), "extractors")
    let (datasets, places) = datasets(required(.datasets), subset: subset(top[.subset]))
    let names = datasets.map(\.name)
    let evaluated = texts(required(.evaluate), "evaluate")
    let evaluate = evaluated.compactMap { reference($0, to: "dataset", among: names) }
    let partition = partition(required(.partition), datasets: names, evaluated: evaluate)
    let allowOverlap = texts(top[.allowOverlap], "allow_overlap", allowEmpty: true)
      .compactMap { reference($0, to: "evaluated dataset", among: evaluate) }
    var isListed = false
    if case .files? = partition?.scheme { isListed = true }
    let scope = ConfigurationScope(datasets: names, evaluated: evaluate, isListed: isListed)
    let known = knownConfigurations(
      definitions: top[.configurations], training: top[.training], kde: top[.kde], scope: scope)
    let presets = texts(required(.presets), "presets")
    var configurations = configurations(presets, among: known)
    let switches = protocolSwitches(top[.protocolSwitches])
    let conventions = conventions(top[.conventions], selfTrials: switches.selfTrials)
    let readings = top[.readings].flatMap {
      self.readings(
        $0, presets: presets, among: known, running: &configurations, conventions: conventions,
        scope: scope)
    }
    let (factors, choosesFactorPerSubject) = balancingFactors(top)
    let folder = text(top, .data) ?? ExperimentSpec.usualDataFolder
    let attack = top[.attack].map { self.attack($0, datasets: names) }
    if attack == nil, let node = top[.outputs],
      let output = outputs.first(where: ReportOutput.ofAttacks.contains)
    {
      report(
        node.location,
        "output '\(output.rawValue)' needs attacked systems; add a section 'attack'")
    }
    if top[.identification] == nil, let node = top[.outputs], outputs.contains(.identification) {
      report(
        node.location,
        "output 'identification' needs FPIR targets; add 'identification: [0.003, 0.01]'")
    }
    if top[.readings] == nil, let node = top[.outputs], outputs.contains(.readings) {
      report(node.location, "output 'readings' needs readings; add a section 'readings'")
    }

    let spec = ExperimentSpec(
      path: path, dataFolder: dataFolder ?? folder, resolvedYAML: resolvedYAML(root),
      groupsLocation: top[.groups]?.location, name: name, title: title, outputs: outputs,
      extractors: extractors.map(\.name), datasets: datasets, evaluate: evaluate,
      partition: partition?.scheme ?? .cross(cohort: "", development: ""),
      partitionExceptions: partition?.exceptions ?? [:],
      allowOverlap: allowOverlap, nearDuplicates: choice(top, .nearDuplicates) ?? .warn,
      configurations: configurations, readings: readings,
      balancingFactors: factors, choosesFactorPerSubject: choosesFactorPerSubject,
      groups: text(top, .groups) ?? ExperimentSpec.genderGroups,
      protocolSwitches: switches,
      conventions: conventions,
      operatingPoints: numbers(top, .operatingPoints) ?? ExperimentSpec.usualTargets,
      identification: numbers(top, .identification), bootstrap: bootstrap(top[.bootstrap]),
      seed: UInt64(integer(top, .seed) ?? 0), repeats: integer(top, .repeats) ?? 1,
      limits: limits(top[.limits]),
      attack: attack,
      templatePrecision: templatePrecision(top),
      cost: cost(top[.cost]), learningCurves: learningCurves(top[.learningCurves]))

    // Checks across sections need sections that are sound in themselves.
    guard partition != nil else { return spec }
    let place = top[.partition]?.location ?? root.location
    checkDisjoint(spec, at: place)
    checkAttackers(spec, at: top[.attack]?.location ?? place)
    checkFiles(
      spec, places: places, extractors: extractors, datasetsAt: top[.datasets]?.location ?? place,
      onDisk: checksFiles)
    return spec
  }

  /// The spec as one file: what it says in the order of the reference, and no comments.
  private func resolvedYAML(_ root: SpecNode) -> String {
    let entries = root.entries ?? []
    let ordered = TopLevelKey.allCases.compactMap { key in entries.first { $0.key == key.rawValue }
    }
    return SpecNode(location: root.location, content: .mapping(ordered)).yaml
  }

  /// Balancing factors; `per_subject` among them adds the system that chooses each person's factor
  /// among the others.
  private mutating func balancingFactors(_ top: SpecFields<TopLevelKey>) -> (
    factors: [Double], isPerSubject: Bool
  ) {
    guard let node = top[.balancingFactors] else { return (ExperimentSpec.usualFactors, false) }
    var fixed: [SpecNode] = []
    var perSubject: [SpecNode] = []
    for item in list(node, "balancing_factors") {
      if isWord(item, TopLevelKey.perSubject) {
        perSubject.append(item)
      } else {
        fixed.append(item)
      }
    }
    if perSubject.count > 1 {
      report(perSubject[1].location, "'per_subject' is listed twice in 'balancing_factors'")
    }
    let rule = TopLevelKey.balancingFactors.documentation.values.numbers
    let factors = numbers(fixed, "balancing_factors", rule)
    if let first = perSubject.first, factors.count < 2 {
      report(
        first.location,
        "'per_subject' chooses among the other balancing factors and found \(factors.count), "
          + "expected at least 2; list them, e.g. [0.4, 0.5, 0.6, per_subject]")
    }
    return (factors, !perSubject.isEmpty)
  }
}
