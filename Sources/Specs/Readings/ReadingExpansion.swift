import Configurations

/// Makes configurations of readings: settings that are there already are not made again.
struct ReadingExpansion {
  /// An option of a switch, as the spec has it.
  struct Option {
    let name: String
    let location: SourceLocation
    /// What it changes in a configuration.
    let settings: SpecNode
    /// The convention that readings with it are read under; nil: that of the others.
    let convention: String?
  }

  typealias Switch = (name: String, options: [Option])

  let bases: [ConfigurationSpec]
  let switches: [Switch]
  /// The convention of readings that choose none.
  let usualConvention: String
  /// Lays the settings of an option over a configuration.
  let lay: (SpecNode, inout ConfigurationSpec) -> Void

  /// All configurations of the experiment: those that the spec names, then those of readings.
  private(set) var configurations: [ConfigurationSpec]
  private(set) var readings: [Reading] = []

  init(
    bases: [ConfigurationSpec], switches: [Switch], usualConvention: String,
    configurations: [ConfigurationSpec], lay: @escaping (SpecNode, inout ConfigurationSpec) -> Void
  ) {
    self.bases = bases
    self.switches = switches
    self.usualConvention = usualConvention
    self.configurations = configurations
    self.lay = lay
  }

  /// What the options of the spec are drawn from.
  var product: ReadingProduct {
    ReadingProduct(bases: bases.count, options: switches.map(\.options.count))
  }

  /// Whether an option changes a base.
  func changes(_ option: Option, _ base: ConfigurationSpec) -> Bool {
    changesConvention(option) || changesSettings(option, base)
  }

  /// Adds the bases, and one switch at a time of each where that is asked for.
  mutating func addBases(oneAtATime: Bool) {
    for base in bases { add(base, []) }
    guard oneAtATime else { return }
    for base in bases {
      for (name, options) in switches {
        for option in options { add(base, [(name, option)]) }
      }
    }
  }

  /// Adds members of the product.
  mutating func add(_ members: [ReadingProduct.Member]) {
    for member in members {
      let chosen = zip(switches, member.options).compactMap { aSwitch, index in
        index.map { (aSwitch.name, aSwitch.options[$0]) }
      }
      add(bases[member.base], chosen, isSampled: true)
    }
  }

  /// Adds a reading. What the base has anyway is no choice; a reading that is there already is not
  /// added again.
  private mutating func add(
    _ base: ConfigurationSpec, _ asked: [(name: String, option: Option)], isSampled: Bool = false
  ) {
    let chosen = asked.filter { changes($0.option, base) }
    func choices(_ chosen: [(name: String, option: Option)]) -> [Reading.Choice] {
      chosen.map { Reading.Choice($0.name, $0.option.name) }
    }
    let name = Reading.name(base.name, choices(chosen))
    if let known = readings.firstIndex(where: { $0.name == name }) {
      readings[known].isSampled = readings[known].isSampled || isSampled
      return
    }
    let settings = chosen.filter { changesSettings($0.option, base) }
    var configuration = base
    for (_, option) in settings { lay(option.settings, &configuration) }
    configuration.name = Reading.name(base.name, choices(settings))
    let known = configurations.first { $0.settings == configuration.settings }
    if known == nil { configurations.append(configuration) }
    readings.append(
      Reading(
        base: base.name, choices: choices(chosen),
        configuration: (known ?? configuration).name,
        convention: chosen.lazy.compactMap(\.option.convention).first ?? usualConvention,
        isSampled: isSampled))
  }

  private func changesConvention(_ option: Option) -> Bool {
    option.convention.map { $0 != usualConvention } ?? false
  }

  private func changesSettings(_ option: Option, _ base: ConfigurationSpec) -> Bool {
    var configuration = base
    lay(option.settings, &configuration)
    return configuration.settings != base.settings
  }
}

extension ConfigurationSpec {
  /// The configuration without its names: two that agree in it are trained alike.
  fileprivate var settings: ConfigurationSpec {
    var settings = self
    (settings.name, settings.preset) = ("", .paper)
    return settings
  }
}
