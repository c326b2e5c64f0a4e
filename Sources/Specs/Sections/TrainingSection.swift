import Configurations

/// The keys of `training`.
enum TrainingKey: String, SpecKey {
  case hiddenWidths = "hidden_widths"
  case loss
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
  case enrolmentGuard = "guard"

  static let section = SectionDocumentation(
    "training",
    "Hyper-parameters of MOTE's networks, laid over every preset that runs; under `configurations` "
      + "over that configuration alone.")

  var documentation: KeyDocumentation {
    /// What the presets have.
    func own(_ value: @escaping @Sendable (TrainingConfiguration) -> String) -> AbsentValue {
      .preset { value($0.configuration) }
    }
    return switch self {
    case .hiddenWidths:
      .init(
        .list(.integer(1...65_536)), absent: own { "\($0.hiddenWidths)" },
        "Widths of the hidden layers, at most 8; []: none, a linear classifier, in which nothing is "
          + "dropped out.", definition: "6.4")
    case .loss:
      .init(
        .words(of: TrainingConfiguration.Loss.self), absent: own { $0.loss.rawValue },
        "What training and early stopping minimise. With hinge and without hidden layers the network "
          + "is a linear support vector machine, the weight decay its penalty.", definition: "6.1")
    case .dropout:
      .init(
        .number(.belowOne), absent: own { "\($0.dropout)" },
        "Probability that a hidden unit is zeroed during training.", definition: "6.4")
    case .optimiser:
      .init(
        .words(of: TrainingConfiguration.Optimiser.self), absent: own { $0.optimiser.rawValue },
        "adam adds the weight decay to the gradient, adamw decouples it.", definition: "6.1")
    case .beta2:
      .init(
        .number(.openFraction), absent: own { "\($0.beta2)" },
        "Decay of the second moment; beta1 is cycled by the schedule.", definition: "6.1")
    case .epsilon:
      .init(
        .number(.positive), absent: own { "\($0.epsilon)" },
        "Added to the root of the second moment.", definition: "6.1")
    case .weightDecay:
      .init(
        .number(.notNegative), absent: own { "\($0.weightDecay)" },
        "Weight decay.", definition: "6.1")
    case .maximumLearningRate:
      .init(
        .number(.positive), absent: own { "\($0.maximumLearningRate)" },
        "Highest learning rate of the one-cycle schedule.", definition: "6.2")
    case .scheduleStep:
      .init(
        .words(of: TrainingConfiguration.ScheduleStep.self),
        absent: own { $0.scheduleStep.rawValue },
        "When the schedule advances; its total counts batches either way, so that with epoch most "
          + "of it is never reached (a defect of the official code).", definition: "6.2")
    case .epochs:
      .init(
        .integer(1...1_000_000), absent: own { "\($0.epochs)" },
        "Most epochs, and the epochs that the schedule is made for.", definition: "6.3")
    case .batchSize:
      .init(
        .integer(2...65_536), absent: own { "\($0.batchSize)" },
        "Rows of a batch; even where batches are balanced.", definition: "6.3")
    case .patience:
      .init(
        .either(.words(["none"]), .integer(1...1_000_000)),
        absent: own { $0.patience.map(String.init) ?? "none" },
        "Epochs without a better validation loss before training stops; none: no early stop.",
        definition: "6.3")
    case .batching:
      .init(
        .words(of: TrainingConfiguration.Batching.self), absent: own { $0.batching.rawValue },
        "balanced: half of each batch synthetic mated, half cohort; shuffled: all rows mixed, last "
          + "partial batch kept.", definition: "6.3")
    case .matedShare:
      .init(
        .either(.words(["auto"]), .number(.positive)),
        absent: own { $0.matedShare.map { "\($0)" } ?? "auto" },
        "Synthetic mated rows per subject as a share of the cohort's rows; auto: 1 for balanced, "
          + "0.5 for shuffled batches.", definition: "6.4")
    case .enrolmentGuard:
      .init(
        .either(.words(["none"]), .section(GuardKey.self)), absent: .yaml("none"),
        "Train several networks for each person, judge them without evaluation data and keep one.",
        definition: "6.8")
    }
  }
}

extension SpecReader {
  /// Lays the given hyper-parameters over a configuration.
  mutating func training(_ node: SpecNode?, onto training: inout TrainingConfiguration) {
    let fields = fields(node, "training", TrainingKey.self)
    if let node = fields[.hiddenWidths] {
      let range = TrainingKey.hiddenWidths.documentation.values.integers
      let widths = list(node, "hidden_widths", allowEmpty: true).compactMap {
        integer($0, "hidden_widths", in: range)
      }
      if widths.count > 8 { mismatch(node, "hidden_widths", expected: "a list of at most 8") }
      training.hiddenWidths = widths
    }
    training.loss = choice(fields, .loss) ?? training.loss
    training.dropout = number(fields, .dropout) ?? training.dropout
    training.beta2 = number(fields, .beta2) ?? training.beta2
    training.epsilon = number(fields, .epsilon) ?? training.epsilon
    training.weightDecay = number(fields, .weightDecay) ?? training.weightDecay
    training.maximumLearningRate =
      number(fields, .maximumLearningRate) ?? training.maximumLearningRate
    training.optimiser = choice(fields, .optimiser) ?? training.optimiser
    training.scheduleStep = choice(fields, .scheduleStep) ?? training.scheduleStep
    training.batching = choice(fields, .batching) ?? training.batching
    training.epochs = integer(fields, .epochs) ?? training.epochs
    training.batchSize = integer(fields, .batchSize) ?? training.batchSize
    if fields[.patience] != nil {
      training.patience =
        isWord(fields[.patience], "none") ? nil : integer(fields, .patience)
    }
    if fields[.matedShare] != nil {
      training.matedShare =
        isWord(fields[.matedShare], "auto") ? nil : number(fields, .matedShare)
    }
    if let node = fields[.enrolmentGuard] {
      training.enrolmentGuard =
        isWord(node, "none") ? nil : enrolmentGuard(node, onto: training.enrolmentGuard)
    }
  }
}
