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
}

/// The keys of a configuration.
enum ConfigurationKey: String, SpecKey {
  case preset, training, kde, cohort, development
  case allowOverlap = "allow_overlap"

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
        "Datasets that give the \(rawValue) rows instead, with a cross partition.")
    case .allowOverlap:
      .init(
        .list(.text), absent: .nothing("none but those of the spec"),
        "Evaluated datasets whose subjects may also train or develop under this configuration.")
    }
  }
}

extension SpecReader {
  /// The configurations that run, in the order of `presets`.
  ///
  /// Values are taken from the preset, then the spec's `training` and `kde`, then the
  /// configuration's own. Configurations that do not run are checked all the same.
  mutating func configurations(
    presets: SpecNode?, definitions: SpecNode?, training: SpecNode?, kde: SpecNode?,
    datasets: [String], evaluated: [String]
  ) -> [ConfigurationSpec] {
    let presetNames = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    var defined: [String: ConfigurationSpec] = [:]
    let shared = shared(training: training, kde: kde)
    for entry in named(definitions, "configurations") {
      checkName(entry.name, "configuration name")
      defined[entry.key] = configuration(
        entry, shared: shared, datasets: datasets, evaluated: evaluated)
    }
    let known = presetNames + defined.keys.filter { !presetNames.contains($0) }.sorted()
    return texts(presets, "presets").compactMap { name in
      if let configuration = defined[name.name] { return configuration }
      guard let found = reference(name, to: "preset or configuration", among: known),
        let preset = TrainingConfiguration.Preset(rawValue: found)
      else { return nil }
      return shared.applied(to: preset, name: found, reader: &self)
    }
  }

  private mutating func configuration(
    _ entry: SpecNode.Entry, shared: SharedOverrides, datasets: [String], evaluated: [String]
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
    training(fields[.training], onto: &configuration.training)
    kde(fields[.kde], onto: &configuration.kde)
    let roles: [(ConfigurationKey, WritableKeyPath<CrossException, String?>)] = [
      (.cohort, \.cohort), (.development, \.development),
    ]
    for (role, path) in roles {
      for item in named(fields[role], role.rawValue) {
        _ = reference(item.name, to: "evaluated dataset", among: evaluated)
        configuration.exceptions[item.key, default: CrossException()][keyPath: path] =
          reference(item.value, role.rawValue, to: "dataset", among: datasets)
      }
    }
    configuration.allowOverlap = texts(
      fields[.allowOverlap], "allow_overlap", allowEmpty: true
    )
    .compactMap { reference($0, to: "evaluated dataset", among: evaluated) }
    checkBatch(configuration, at: entry.keyLocation)
    return configuration
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

  fileprivate mutating func checkBatch(_ configuration: ConfigurationSpec, at place: SourceLocation)
  {
    let training = configuration.training
    if training.batching == .balanced && !training.batchSize.isMultiple(of: 2) {
      report(
        place,
        "configuration '\(configuration.name)' has balanced batches of \(training.batchSize), "
          + "expected an even 'batch_size'")
    }
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
