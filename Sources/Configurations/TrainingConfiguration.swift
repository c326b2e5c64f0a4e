// Everything that determines the training of one personal network (definitions 6.4).

/// Hyper-parameters of MOTE training. A preset gives all of them; a spec may override each.
package struct TrainingConfiguration: Sendable, Codable, Hashable {
  package enum Optimiser: String, Sendable, Codable, Hashable, CaseIterable {
    /// L2 weight decay added to the gradient.
    case adam
    /// Decoupled weight decay.
    case adamw
  }
  package enum ScheduleStep: String, Sendable, Codable, Hashable, CaseIterable {
    case batch
    /// Stepped once per epoch although the total counts batches (the official code's bug).
    case epoch
  }
  package enum Batching: String, Sendable, Codable, Hashable, CaseIterable {
    /// Each batch half synthetic mated, half cohort; an epoch passes the cohort once.
    case balanced
    /// All rows shuffled, last partial batch kept; floor(cohort rows / 2) synthetic mated rows.
    case shuffled
  }

  package enum Loss: String, Sendable, Codable, Hashable, CaseIterable {
    case crossEntropy = "cross-entropy"
    /// Of the logit; a linear support vector machine where there are no hidden layers.
    case hinge
  }

  /// Widths of the hidden layers, e.g. [128, 64]; empty: a linear classifier.
  package var hiddenWidths: [Int]
  /// What training minimises.
  package var loss: Loss
  /// Probability of zeroing a hidden unit during training, 0 ..< 1.
  package var dropout: Double
  package var optimiser: Optimiser
  /// beta1 is cycled by the schedule (0.95 - 0.85 - 0.95).
  package var beta2: Double
  package var epsilon: Double
  package var weightDecay: Double
  package var maximumLearningRate: Double
  package var scheduleStep: ScheduleStep
  /// Upper limit of epochs; also the epochs the schedule's total is made for.
  package var epochs: Int
  package var batchSize: Int
  /// Epochs without improvement of the validation loss before training stops; nil: no early stop.
  package var patience: Int?
  package var batching: Batching
  /// Synthetic mated rows drawn per subject, as a share of the cohort rows; nil: what the batching
  /// implies (balanced: 1, shuffled: 0.5).
  package var matedShare: Double?
  /// How several networks of a person are judged and one is kept; nil: one is trained.
  package var enrolmentGuard: EnrolmentGuard?

  package init(
    hiddenWidths: [Int], loss: Loss = .crossEntropy, dropout: Double, optimiser: Optimiser,
    beta2: Double, epsilon: Double,
    weightDecay: Double, maximumLearningRate: Double, scheduleStep: ScheduleStep, epochs: Int,
    batchSize: Int, patience: Int?, batching: Batching, matedShare: Double?,
    enrolmentGuard: EnrolmentGuard? = nil
  ) {
    self.hiddenWidths = hiddenWidths
    self.loss = loss
    self.dropout = dropout
    self.optimiser = optimiser
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximumLearningRate = maximumLearningRate
    self.scheduleStep = scheduleStep
    self.epochs = epochs
    self.batchSize = batchSize
    self.patience = patience
    self.batching = batching
    self.matedShare = matedShare
    self.enrolmentGuard = enrolmentGuard
  }
}

extension TrainingConfiguration {
  /// Named presets (definitions 6.4 and 6.6).
  package enum Preset: String, Sendable, Codable, Hashable, CaseIterable {
    case paper
    case paperAnnealed = "paper-annealed"
    case officialCode = "official-code"
    case hybrid

    /// The preset's hyper-parameters.
    package var configuration: TrainingConfiguration {
      switch self {
      case .paper:
        TrainingConfiguration(
          hiddenWidths: [128, 64], dropout: 0.5, optimiser: .adam, beta2: 0.999, epsilon: 1e-8,
          weightDecay: 5e-5, maximumLearningRate: 0.01, scheduleStep: .batch, epochs: 100,
          batchSize: 128, patience: 5, batching: .balanced, matedShare: nil)
      case .paperAnnealed:
        // The text states no horizon of the one-cycle, only "up to 100 epochs": here the rate has
        // come down where early stopping ends (definitions 6.6).
        Preset.paper.configuration.with { $0.epochs = 30 }
      case .officialCode:
        TrainingConfiguration(
          hiddenWidths: [128, 64, 16], dropout: 0.5, optimiser: .adamw, beta2: 0.999,
          epsilon: 1e-8, weightDecay: 5e-5, maximumLearningRate: 0.01, scheduleStep: .epoch,
          epochs: 120, batchSize: 128, patience: 5, batching: .shuffled, matedShare: nil)
      case .hybrid:
        // The network of the code with the schedule of the paper: stepped per batch.
        Preset.officialCode.configuration.with { $0.scheduleStep = .batch }
      }
    }
  }
}

extension TrainingConfiguration {
  /// The same with a change.
  fileprivate func with(_ change: (inout TrainingConfiguration) -> Void) -> TrainingConfiguration {
    var changed = self
    change(&changed)
    return changed
  }

  /// Synthetic mated rows per subject asked for with `cohortRows` rows: floor of the share. The
  /// split between the genders may lose one (`MatedSplit`).
  package func matedRows(cohortRows: Int) -> Int {
    let share =
      matedShare
      ?? {
        switch batching {
        case .balanced: 1
        case .shuffled: 0.5
        }
      }()
    return Int(Double(cohortRows) * share)
  }

  /// What cannot be trained with, one line each; empty when all values are possible.
  package var problems: [String] {
    var problems: [String] = []
    func require(_ holds: Bool, _ text: String) { if !holds { problems.append(text) } }
    for width in hiddenWidths {
      require((1...32_768).contains(width), "hidden width \(width), expected 1 to 32768")
    }
    require(dropout >= 0 && dropout < 1, "dropout \(dropout), expected 0 <= dropout < 1")
    require(beta2 >= 0 && beta2 < 1, "beta2 \(beta2), expected 0 <= beta2 < 1")
    require(epsilon > 0 && epsilon.isFinite, "epsilon \(epsilon), expected a positive number")
    require(
      weightDecay >= 0 && weightDecay.isFinite, "weight decay \(weightDecay), expected >= 0")
    require(
      maximumLearningRate > 0 && maximumLearningRate.isFinite,
      "maximum learning rate \(maximumLearningRate), expected a positive number")
    require((1...1_000_000).contains(epochs), "\(epochs) epochs, expected 1 to 1000000")
    let smallest = batching == .balanced ? 2 : 1
    require(
      (smallest...32_768).contains(batchSize),
      "batch size \(batchSize), expected \(smallest) to 32768")
    if let patience { require(patience >= 1, "patience \(patience), expected at least 1") }
    if let matedShare {
      require(
        matedShare > 0 && matedShare <= 100, "mated share \(matedShare), expected above 0 to 100")
    }
    return problems + (enrolmentGuard?.problems ?? [])
  }
}
