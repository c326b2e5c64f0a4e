import Configurations

/// A named way to enrol: a preset (definitions 6.4) with the spec's changes applied.
package struct ConfigurationSpec: Sendable, Codable, Hashable {
  /// The name in records and tables; a preset's own name where nothing else was chosen.
  package var name: String
  package var preset: TrainingConfiguration.Preset
  /// All hyper-parameters of training, overrides applied.
  package var training: TrainingConfiguration
  package var kde: KDEConfiguration
  /// Evaluated dataset -> cohort or development dataset that this configuration uses instead.
  package var exceptions: [String: CrossException]
  /// Datasets whose subjects may stand in more than one partition under this configuration.
  package var allowOverlap: [String]
  /// Most subjects of the cohort; nil: as the spec's limits say.
  package var cohortSubjects: Int?
  /// Share of male rows that the cohort is cut down to; nil: as it is.
  package var cohortMaleShare: Double?
  /// Which sample of a person is the reference; nil: as the protocol says.
  package var reference: ReferenceSelection?
  /// What vectors networks are given; nil: as the datasets say.
  package var input: VectorInput?
}

/// The keys of a configuration.
enum ConfigurationKey: String, SpecKey {
  case preset, training, kde, cohort, development
  case allowOverlap = "allow_overlap"
  case cohortSubjects = "cohort_subjects"
  case cohortMaleShare = "cohort_male_share"
  case reference, input

  static let section = SectionDocumentation(
    "configurations",
    "A named configuration: a preset with changes. One with the name of a preset changes that "
      + "preset. It runs where `presets` lists it. Values come from the preset, then from the "
      + "spec's own `training` and `kde`, then from here.")

  var documentation: KeyDocumentation {
    switch self {
    case .preset:
      .init(
        .words(of: TrainingConfiguration.Preset.self),
        absent: .nothing("required, unless the name is a preset's"),
        "What the configuration starts from.", definition: "6.4")
    case .training:
      .init(.section(TrainingKey.self), absent: .nothing("as above"), "Hyper-parameters.")
    case .kde: .init(.section(KDEKey.self), absent: .nothing("as above"), "Densities.")
    case .cohort, .development:
      .init(
        .named("evaluated datasets", .text), absent: .nothing("what partition says"),
        "Datasets that give the \(rawValue) rows instead; not where the division is listed in files. "
          + "Beside shares of one dataset, the people of its \(rawValue) share have no part then, and "
          + "the other parts stay.")
    case .allowOverlap:
      .init(
        .list(.text), absent: .nothing("none but those of the spec"),
        "Evaluated datasets whose subjects may also train or develop under this configuration.")
    case .cohortSubjects:
      .init(
        .integer(2...Int.max), absent: .nothing("what limits says"),
        "Most subjects of the training cohort, drawn by seed.", definition: "12.1")
    case .cohortMaleShare:
      .init(
        .number(Self.maleShare), absent: .yaml(Self.asIs),
        "Male share of rows that the training cohort is cut down to: whole subjects are left out, "
          + "drawn by seed, after the limit of subjects; the shares of attacked cells replace it.",
        definition: "3.3")
    case .reference:
      .init(
        .words(of: ReferenceSelection.self), absent: .nothing("what protocol says"),
        "Which sample of a subject is the reference. The traditional system is evaluated with the "
          + "same, and differences are formed with that.", definition: "1.2")
    case .input:
      .init(
        .words(of: VectorInput.self), absent: .nothing("what the datasets say with `normalise`"),
        "Whether networks are trained on, and compared with, vectors of length 1 or vectors as the "
          + "files have them; the traditional system is a cosine either way. raw is refused where "
          + "all vectors of a file have length 1.", definition: "5")
    }
  }

  /// A cohort that is not cut.
  static let asIs = "as_is"
  /// Male shares that a cohort can be cut down to.
  static let maleShare = NumberRule(
    text: "'\(asIs)' or a number above 0 and below 1", accepts: { $0 > 0 && $0 < 1 })
}

extension SpecReader {
  /// Everything that `presets` can name. Configurations that do not run are checked all the same.
  mutating func knownConfigurations(
    definitions: SpecNode?, training: SpecNode?, kde: SpecNode?, scope: ConfigurationScope
  ) -> KnownConfigurations {
    var known = KnownConfigurations(shared: shared(training: training, kde: kde))
    for entry in named(definitions, "configurations") {
      checkName(entry.name, "configuration name")
      known.defined[entry.key] = configuration(entry, shared: known.shared, scope: scope)
    }
    return known
  }

  /// The configurations of a list of names, in its order.
  ///
  /// Values are taken from the preset, then the spec's `training` and `kde`, then the
  /// configuration's own.
  mutating func configurations(
    _ names: [LocatedName], among known: KnownConfigurations
  ) -> [ConfigurationSpec] {
    names.compactMap { name in
      if let configuration = known.defined[name.name] { return configuration }
      guard let found = reference(name, to: "preset or configuration", among: known.names),
        let preset = TrainingConfiguration.Preset(rawValue: found)
      else { return nil }
      return known.shared.applied(to: preset, name: found, reader: &self)
    }
  }

  private mutating func configuration(
    _ entry: SpecNode.Entry, shared: SharedOverrides, scope: ConfigurationScope
  ) -> ConfigurationSpec? {
    let fields = fields(entry.value, entry.key, ConfigurationKey.self)
    let own = TrainingConfiguration.Preset(rawValue: entry.key)
    let given = choice(fields[.preset], "preset", of: TrainingConfiguration.Preset.self)
    if let own, let given, own != given, let node = fields[.preset] {
      report(
        node.location,
        "configuration '\(entry.key)' has the name of a preset but is based on '\(given.rawValue)'; "
          + "choose another name")
    }
    if own == nil && fields[.preset] == nil {
      _ = required(fields, .preset, in: "configuration '\(entry.key)'")
    }
    // Without a preset the overrides are still read, so that their problems are reported.
    let preset = given ?? own ?? .paper
    var configuration = shared.applied(to: preset, name: entry.key, reader: &self)
    lay(fields, onto: &configuration, scope: scope)
    checkBatch(configuration, at: entry.keyLocation)
    return configuration
  }

  /// Lays what a configuration says beside its preset over another one.
  mutating func lay(
    _ fields: SpecFields<ConfigurationKey>, onto configuration: inout ConfigurationSpec,
    scope: ConfigurationScope
  ) {
    training(fields[.training], onto: &configuration.training)
    kde(fields[.kde], onto: &configuration.kde)
    let roles: [(ConfigurationKey, WritableKeyPath<CrossException, String?>)] = [
      (.cohort, \.cohort), (.development, \.development),
    ]
    for (role, path) in roles {
      for item in named(fields[role], role.rawValue) {
        _ = reference(item.name, to: "evaluated dataset", among: scope.evaluated)
        configuration.exceptions[item.key, default: CrossException()][keyPath: path] =
          reference(item.value, role.rawValue, to: "dataset", among: scope.datasets)
      }
    }
    if let overlap = fields[.allowOverlap] {
      configuration.allowOverlap = texts(overlap, "allow_overlap", allowEmpty: true)
        .compactMap { reference($0, to: "evaluated dataset", among: scope.evaluated) }
    }
    configuration.cohortSubjects =
      integer(fields, .cohortSubjects) ?? configuration.cohortSubjects
    if let share = fields[.cohortMaleShare] {
      configuration.cohortMaleShare =
        isWord(share, ConfigurationKey.asIs)
        ? nil : number(share, "cohort_male_share", ConfigurationKey.maleShare)
    }
    configuration.reference = choice(fields, .reference) ?? configuration.reference
    configuration.input = choice(fields, .input) ?? configuration.input
    if scope.isListed { checkListed(fields, of: configuration.name) }
  }

  /// Reports what a listed division decides and a configuration cannot.
  private mutating func checkListed(_ fields: SpecFields<ConfigurationKey>, of name: String) {
    for (key, what) in [
      (ConfigurationKey.cohort, "whose rows train"), (.development, "whose rows develop"),
      (.reference, "which samples are references"),
    ] {
      guard let node = fields[key] else { continue }
      report(
        node.location,
        "configuration '\(name)' has '\(key.rawValue)', but files list the division, and with it "
          + "\(what); remove it, or list another division")
    }
  }

  /// Overrides of the whole spec. They are read once for their problems, and once per configuration
  /// for their values.
  private mutating func shared(training: SpecNode?, kde: SpecNode?) -> SharedOverrides {
    var trial = TrainingConfiguration.Preset.paper.configuration
    self.training(training, onto: &trial)
    var trialKDE = TrainingConfiguration.Preset.paper.kde
    self.kde(kde, onto: &trialKDE)
    return SharedOverrides(training: training, kde: kde)
  }

  /// Reports balanced batches of an odd size.
  mutating func checkBatch(_ configuration: ConfigurationSpec, at place: SourceLocation) {
    let training = configuration.training
    if training.batching == .balanced && !training.batchSize.isMultiple(of: 2) {
      report(
        place,
        "configuration '\(configuration.name)' has balanced batches of \(training.batchSize), "
          + "expected an even 'batch_size'")
    }
  }
}

/// What a configuration can name.
struct ConfigurationScope {
  let datasets: [String]
  let evaluated: [String]
  /// Whether files list the division, which a configuration cannot change then.
  let isListed: Bool
}

/// What `presets` and the bases of readings can name.
struct KnownConfigurations {
  fileprivate let shared: SharedOverrides
  /// Those of the section `configurations`, by name.
  fileprivate var defined: [String: ConfigurationSpec] = [:]

  fileprivate init(shared: SharedOverrides) { self.shared = shared }

  /// The presets, then the others by name.
  fileprivate var names: [String] {
    let presets = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    return presets + defined.keys.filter { !presets.contains($0) }.sorted()
  }
}

/// The spec's own `training` and `kde` sections.
private struct SharedOverrides {
  let training: SpecNode?
  let kde: SpecNode?

  /// The preset with these overrides. Problems of the overrides have been reported before; only
  /// what depends on the preset is reported here.
  func applied(
    to preset: TrainingConfiguration.Preset, name: String, reader: inout SpecReader
  ) -> ConfigurationSpec {
    var silent = SpecReader()
    var configuration = ConfigurationSpec(
      name: name, preset: preset, training: preset.configuration, kde: preset.kde,
      exceptions: [:], allowOverlap: [])
    silent.training(training, onto: &configuration.training)
    silent.kde(kde, onto: &configuration.kde)
    if let training { reader.checkBatch(configuration, at: training.location) }
    return configuration
  }
}
