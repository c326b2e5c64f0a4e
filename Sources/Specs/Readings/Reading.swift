import Configurations

/// One way to read the paper (definitions 12.1): a base with some switches set to one of their options,
/// read under a convention.
package struct Reading: Sendable, Codable, Hashable {
  /// A switch and the option that it is set to.
  package struct Choice: Sendable, Codable, Hashable {
    /// Name of the switch.
    package let name: String
    package let option: String

    package init(_ name: String, _ option: String) {
      self.name = name
      self.option = option
    }
  }

  /// The base and what differs from it: "paper", "paper+horizon=30+batches=shuffled".
  package let name: String
  /// The configuration that it departs from.
  package let base: String
  /// The switches that differ from the base, in the order of the spec.
  package let choices: [Choice]
  /// The configuration that is trained. Readings of equal settings share it: it may have the name of
  /// another one, and those that differ in their convention have the same.
  package let configuration: String
  /// The evaluation convention that it is read under.
  package let convention: String
  /// Whether it is a member of the sample of the whole product.
  package internal(set) var isSampled: Bool

  package init(
    base: String, choices: [Choice], configuration: String, convention: String,
    isSampled: Bool = false
  ) {
    name = Self.name(base, choices)
    self.base = base
    self.choices = choices
    self.configuration = configuration
    self.convention = convention
    self.isSampled = isSampled
  }

  /// A base itself, or a base with one switch changed.
  package var isOneAtATime: Bool { choices.count <= 1 }

  /// Separates the parts of names; names that users choose do not hold it.
  package static let separator: Character = "+"

  /// "paper+horizon=30".
  static func name(_ base: String, _ choices: [Choice]) -> String {
    base + choices.map { "\(separator)\($0.name)=\($0.option)" }.joined()
  }

  /// Whether a configuration was made by the section `readings`, rather than named by the spec.
  package static func isMade(_ configuration: String) -> Bool { configuration.contains(separator) }
}

/// The readings of an experiment.
package struct ReadingsSpec: Sendable, Codable, Hashable {
  /// A choice that the paper leaves open.
  package struct Switch: Sendable, Codable, Hashable {
    package let name: String
    /// Names of the options, in the order of the spec; what the base has is none of them.
    package let options: [String]

    package init(_ name: String, options: [String]) {
      self.name = name
      self.options = options
    }
  }

  /// Configurations that readings depart from, in the order of the spec.
  package let bases: [String]
  package let switches: [Switch]
  /// Bases first, then one switch at a time by base and switch, then the sample in the order of its
  /// draws; names are different.
  package let readings: [Reading]

  package init(bases: [String], switches: [Switch], readings: [Reading]) {
    self.bases = bases
    self.switches = switches
    self.readings = readings
  }

  /// What is trained and read in the same way, each with all readings that lead to it, in the order of
  /// the first of these.
  package var distinct: [[Reading]] {
    var places: [[String]: Int] = [:]
    var distinct: [[Reading]] = []
    for reading in readings {
      let key = [reading.configuration, reading.convention]
      if let place = places[key] {
        distinct[place].append(reading)
      } else {
        places[key] = distinct.count
        distinct.append([reading])
      }
    }
    return distinct
  }

  /// Configurations that readings are trained with, each once.
  package var configurations: [String] { readings.map(\.configuration).distinct() }
}
