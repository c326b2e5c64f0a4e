/// Work that ours and its peers do on the same inputs, and what is asked of ours.
package struct Workload: Sendable, Equatable {
  /// The clock whose seconds are compared.
  package enum Clock: String, Sendable, Equatable {
    /// CPU seconds of the process: one thread against one, whatever else the machine does.
    case cpu
    /// Elapsed seconds: what a user waits for; needs an otherwise idle machine.
    case wall
  }

  /// What one figure is about.
  package enum Item: String, Sendable, Equatable {
    /// One enrolled person: `identities` of the answer.
    case identity
    /// One comparison score: `work` of the answer.
    case score
    /// One whole evaluation, search or bootstrap: `identities` of the answer.
    case evaluation, search, bootstrap
    /// One probe against the whole gallery: `identities` of the answer.
    case probe
  }

  /// Short name: CSV key and command-line argument.
  package var name: String
  /// A few words for tables.
  package var title: String
  /// The work with its sizes, one sentence.
  package var details: String
  package var clock: Clock
  package var item: Item
  /// What `work` of an answer counts, e.g. "samples".
  package var workUnit: String
  /// In the order in which they run; ours is called "ours".
  package var contestants: [Contestant]
  package var goals: [Goal]
  /// Files both sides read.
  package var inputs: [BenchmarkInput]
  /// What the horizontal axis is, when this is a cost curve.
  package var sizeName: String?

  package init(
    _ name: String, _ title: String, details: String, clock: Clock, item: Item, workUnit: String,
    contestants: [Contestant], goals: [Goal] = [], inputs: [BenchmarkInput] = [],
    sizeName: String? = nil
  ) {
    self.name = name
    self.title = title
    self.details = details
    self.clock = clock
    self.item = item
    self.workUnit = workUnit
    self.contestants = contestants
    self.goals = goals
    self.inputs = inputs
    self.sizeName = sizeName
  }

  /// How many items an answer stands for.
  package func items(of answer: ContestantAnswer) -> Int {
    item == .score ? answer.work : answer.identities
  }

  /// The contestant of this name.
  package func contestant(_ name: String) -> Contestant? {
    contestants.first { $0.name == name }
  }
}

/// What is asked of the contestant "ours" of a workload.
package enum Goal: Sendable, Equatable {
  /// At least `times` as fast as the fastest of the named contestants, called `name` in the report.
  case faster(than: [String], times: Double, name: String)
  case secondsPerItem(atMost: Double)
  case itemsPerSecond(atLeast: Double)
  /// The same `result` as the named contestant, to a relative difference.
  case sameResult(as: String, relative: Double)
  /// Peak memory of the process, inputs included.
  case peakBytes(atMost: Int)
}
