import Configurations

/// Overrides of hyper-parameters and of the KDE.
extension SpecReader {
  private enum TrainingKey: String, CaseIterable {
    case hiddenWidths = "hidden_widths"
    case dropout
    case optimiser
    case beta2
    case epsilon
    case weightDecay = "weight_decay"
    case maximumLearningRate = "maximum_learning_rate"
    case scheduleStep = "schedule_step"
    case epochs
    case batchSize = "batch_size"
    case patience
    case batching
    case matedShare = "mated_share"
  }
  private enum KDEKey: String, CaseIterable {
    case bandwidth
    case keepSingleImage = "keep_single_image"
    case shrinkage
    case searchRows = "search_rows"
    case validationSource = "validation_source"
  }
  private enum BandwidthKey: String, CaseIterable {
    case male, female
  }

  /// Lays the given hyper-parameters over a configuration.
  mutating func training(_ node: SpecNode?, onto training: inout TrainingConfiguration) {
    let fields = fields(node, "training", TrainingKey.self)
    func name(_ key: TrainingKey) -> String { key.rawValue }
    if let widths = fields[.hiddenWidths] {
      let values = list(widths, name(.hiddenWidths)).compactMap {
        integer($0, "hidden_widths", in: 1...65_536)
      }
      if values.count > 8 {
        mismatch(widths, name(.hiddenWidths), expected: "a list of at most 8")
      }
      if !values.isEmpty { training.hiddenWidths = values }
    }
    func number(_ key: TrainingKey, _ rule: NumberRule, _ value: inout Double) {
      if let found = self.number(fields[key], key.rawValue, rule) { value = found }
    }
    number(.dropout, .belowOne, &training.dropout)
    number(.beta2, .openFraction, &training.beta2)
    number(.epsilon, .positive, &training.epsilon)
    number(.weightDecay, .notNegative, &training.weightDecay)
    number(.maximumLearningRate, .positive, &training.maximumLearningRate)
    training.optimiser =
      choice(fields[.optimiser], name(.optimiser), of: TrainingConfiguration.Optimiser.self)
      ?? training.optimiser
    training.scheduleStep =
      choice(
        fields[.scheduleStep], name(.scheduleStep), of: TrainingConfiguration.ScheduleStep.self)
      ?? training.scheduleStep
    training.batching =
      choice(fields[.batching], name(.batching), of: TrainingConfiguration.Batching.self)
      ?? training.batching
    training.epochs =
      integer(fields[.epochs], name(.epochs), in: 1...1_000_000) ?? training.epochs
    training.batchSize =
      integer(fields[.batchSize], name(.batchSize), in: 2...65_536) ?? training.batchSize
    if let patience = fields[.patience] {
      training.patience =
        isWord(patience, "none") ? nil : integer(patience, name(.patience), in: 1...1_000_000)
    }
    if let share = fields[.matedShare] {
      training.matedShare =
        isWord(share, "auto") ? nil : self.number(share, name(.matedShare), .positive)
    }
  }

  /// Lays the given KDE options over a configuration's.
  mutating func kde(_ node: SpecNode?, onto kde: inout KDESpec) {
    let fields = fields(node, "kde", KDEKey.self)
    if let bandwidth = fields[.bandwidth] {
      if bandwidth.entries != nil {
        let genders = self.fields(bandwidth, "bandwidth", BandwidthKey.self)
        if let male = genders[.male] { kde.maleBandwidth = self.bandwidth(male, "male") }
        if let female = genders[.female] { kde.femaleBandwidth = self.bandwidth(female, "female") }
      } else {
        kde.maleBandwidth = self.bandwidth(bandwidth, "bandwidth")
        kde.femaleBandwidth = kde.maleBandwidth
      }
    }
    kde.keepSingleImage =
      boolean(fields[.keepSingleImage], "keep_single_image") ?? kde.keepSingleImage
    kde.shrinkage = boolean(fields[.shrinkage], "shrinkage") ?? kde.shrinkage
    if let rows = fields[.searchRows] {
      kde.searchRows = isWord(rows, "all") ? nil : integer(rows, "search_rows", in: 2...Int.max)
    }
    kde.validationSource =
      choice(fields[.validationSource], "validation_source", of: KDESpec.ValidationSource.self)
      ?? kde.validationSource
  }

  /// A fixed bandwidth, or nil for `search`.
  private mutating func bandwidth(_ node: SpecNode, _ name: String) -> Double? {
    if isWord(node, "search") { return nil }
    return number(
      node, name, NumberRule(text: "'search' or a bandwidth above 0", accepts: { $0 > 0 }))
  }

  private func isWord(_ node: SpecNode, _ word: String) -> Bool {
    if case .scalar(let text, _) = node.content { text == word } else { false }
  }
}
