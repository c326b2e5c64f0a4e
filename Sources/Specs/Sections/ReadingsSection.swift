import Biometrics
import Configurations

/// The keys of `readings`.
enum ReadingsKey: String, SpecKey {
  case bases, switches
  case oneAtATime = "one_at_a_time"
  case sample, seed

  static let section = SectionDocumentation(
    "readings",
    "Choices that the paper leaves open, as configurations: each base as it is, with one switch set to "
      + "one of its options, and a sample of everything that can be combined. Configurations of equal "
      + "settings are trained once. Attacks run in the first repeat, on the configurations of "
      + "`presets`, the bases and what changes one switch.")

  var documentation: KeyDocumentation {
    switch self {
    case .bases:
      .init(
        .list(.either(.words(of: TrainingConfiguration.Preset.self), .text)),
        absent: .nothing("what `presets` lists"),
        "Presets and names of `configurations` that readings depart from.", definition: "12.1")
    case .switches:
      .init(
        .named("switches", .named("options", .section(ReadingOptionKey.self))), absent: .required,
        "What is left open, and the options beside what the base has. No two switches set the same key.",
        definition: "12.1")
    case .oneAtATime:
      .init(
        .boolean, absent: .yaml("true"),
        "Whether each option is laid over each base alone.", definition: "12.1")
    case .sample:
      .init(
        .integer(0...1_000_000), absent: .yaml("0"),
        "Members of the product of bases and switches, drawn by seed without repetition.",
        definition: "12.1")
    case .seed:
      .init(.integer(0...Int.max), absent: .yaml("1"), "Seed of the sample alone.")
    }
  }
}

/// The key of an option that is none of a configuration.
enum ReadingOptionKey: String, SpecKey {
  case convention

  static let section = SectionDocumentation(
    "readings.switches",
    "An option has the keys of `configurations` but for `preset`, laid over the base, and this one."
  )

  var documentation: KeyDocumentation {
    .init(
      .text, absent: .nothing("the first of `conventions`"),
      "One of `conventions` that the reading is read under; nothing is trained for it.",
      definition: "2.3")
  }
}

extension SpecReader {
  /// Most characters of a configuration that is made here: names of files hold it.
  private static let longestName = 150

  /// The readings, their configurations added to those that run.
  mutating func readings(
    _ node: SpecNode, presets: [LocatedName], among known: KnownConfigurations,
    running: inout [ConfigurationSpec], conventions: [EvaluationConvention],
    scope: ConfigurationScope
  ) -> ReadingsSpec? {
    let fields = fields(node, "readings", ReadingsKey.self)
    // Names of `presets` that are unknown have been reported.
    let bases =
      fields[.bases] == nil
      ? running.filter { base in presets.contains { $0.name == base.name } }
      : configurations(texts(fields[.bases], "bases"), among: known)
    let problemsBefore = problems.count
    let switches = switches(required(fields, .switches, in: "'readings'")) { name, node, reader in
      reader.option(
        name, node, trial: bases.first, conventions: conventions.map(\.name), scope: scope)
    }
    let sample = integer(fields, .sample) ?? 0
    let seed = UInt64(integer(fields, .seed) ?? 1)
    let oneAtATime = boolean(fields, .oneAtATime) ?? true
    guard !bases.isEmpty, !switches.isEmpty, problems.count == problemsBefore else { return nil }

    // Problems of options have been reported.
    var expansion = ReadingExpansion(
      bases: bases, switches: switches, usualConvention: conventions.first?.name ?? "",
      configurations: running
    ) { settings, configuration in
      var silent = SpecReader()
      let fields = silent.fields(settings, "option", ConfigurationKey.self)
      silent.lay(fields, onto: &configuration, scope: scope)
    }
    for (name, options) in switches {
      for option in options where !bases.contains(where: { expansion.changes(option, $0) }) {
        report(
          option.location,
          "option '\(option.name)' of switch '\(name)' changes nothing: "
            + (bases.count == 1 ? "the base has" : "all bases have") + " it already; remove it")
      }
    }
    expansion.addBases(oneAtATime: oneAtATime)
    if let count = expansion.product.count, sample > count {
      report(
        fields[.sample]!.location,
        "'sample' is \(sample), but the product of bases and switches has \(count) members; expected "
          + "at most \(count)")
    } else if expansion.product.count == nil, let size = fields[.sample] {
      report(size.location, "the product of bases and switches has more than 2^62 members")
    } else {
      expansion.add(expansion.product.sample(sample, seed: seed))
    }
    for made in expansion.configurations.dropFirst(running.count) {
      checkBatch(made, at: node.location)
      if made.name.count > Self.longestName {
        report(
          node.location,
          "the reading '\(made.name)' has a name of \(made.name.count) characters, which names of "
            + "files hold, expected at most \(Self.longestName); shorten names of switches and options"
        )
      }
    }
    running = expansion.configurations
    return ReadingsSpec(
      bases: bases.map(\.name),
      switches: switches.map { .init($0.name, options: $0.options.map(\.name)) },
      readings: expansion.readings)
  }

  /// The switches with their options, in the order of the file.
  private mutating func switches(
    _ node: SpecNode?,
    option: (LocatedName, SpecNode, inout SpecReader) -> ReadingExpansion.Option?
  ) -> [ReadingExpansion.Switch] {
    var switches: [ReadingExpansion.Switch] = []
    /// Keys that options set, and the first switch whose option does.
    var owners: [String: String] = [:]
    for entry in named(node, "switches", allowEmpty: false) {
      checkName(entry.name, "name of a switch")
      var options: [ReadingExpansion.Option] = []
      for item in named(entry.value, entry.key, allowEmpty: false) {
        checkName(item.name, "name of an option")
        for key in keys(item.value) {
          if let owner = owners[key], owner != entry.key {
            report(
              item.keyLocation,
              "switches '\(owner)' and '\(entry.key)' both set '\(key)'; a reading takes an option of "
                + "each, so make them one switch")
          }
          owners[key] = owners[key] ?? entry.key
        }
        if let option = option(item.name, item.value, &self) { options.append(option) }
      }
      switches.append((entry.key, options))
    }
    return switches
  }

  /// The keys that an option sets, those of its sections one by one: "training: epochs".
  private func keys(_ node: SpecNode) -> [String] {
    (node.entries ?? []).flatMap { entry in
      entry.value.entries.map { $0.map { "\(entry.key): \($0.key)" } } ?? [entry.key]
    }
  }

  /// An option, read once for its problems.
  ///
  /// - Parameter trial: a base, for what can be checked with one only.
  private mutating func option(
    _ name: LocatedName, _ node: SpecNode, trial: ConfigurationSpec?, conventions: [String],
    scope: ConfigurationScope
  ) -> ReadingExpansion.Option? {
    guard let entries = node.entries, !entries.isEmpty else {
      mismatch(
        node, name.name, expected: "a mapping of what the option changes",
        hint: "what the base has is no option")
      return nil
    }
    let own = ReadingOptionKey.convention.rawValue
    var convention: String?
    if let given = node[own], let found = text(given, own) {
      convention = found
      if !conventions.contains(found) {
        report(
          given.location,
          "'conventions' does not list '\(shortened(found))'"
            + suggestion(for: found, among: conventions))
      }
    }
    if let preset = entries.first(where: { $0.key == ConfigurationKey.preset.rawValue }) {
      report(
        preset.keyLocation,
        "an option changes a base, so it has no 'preset'; list another base in 'bases'")
    }
    let settings = SpecNode(
      location: node.location, content: .mapping(entries.filter { $0.key != own }))
    let fields = fields(settings, name.name, ConfigurationKey.self)
    if var trial { lay(fields, onto: &trial, scope: scope) }
    return ReadingExpansion.Option(
      name: name.name, location: name.location, settings: settings, convention: convention)
  }
}
