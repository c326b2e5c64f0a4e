import Foundation
import Kernels
import MOTE

/// Fixture kinds of the Training stage.
package let trainingFixtureKinds: [FixtureKind] = [
  FixtureKind(name: "kde", check: checkBandwidthSearch),
  FixtureKind(name: "kde_sample", check: checkDensitySampling),
  FixtureKind(name: "onecycle", check: checkOneCycle),
  FixtureKind(name: "adam", check: checkAdam),
  FixtureKind(name: "bce", check: checkBinaryCrossEntropy),
  FixtureKind(name: "early_stop", check: checkEarlyStopping),
  FixtureKind(name: "train_tiny") { fixture, _, _ in
    try checkTraining(TrainingCase(tiny: fixture))
  },
  FixtureKind(name: "train_full") { fixture, folder, stem in
    try checkTraining(
      TrainingCase(full: fixture, weights: folder.appendingPathComponent(stem + ".h5")))
  },
]

/// Cross-validated log-likelihoods of all bandwidths and the choice, float64. scikit-learn's values
/// with its default tree are in the file for information only and are not met (definitions 5).
private func checkBandwidthSearch(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let x = try fixture["X"].matrix
  let folds = try fixture.optional("cv")?.int ?? 5
  guard x.count >= 2, folds >= 2, let d = x.first?.count, x.allSatisfy({ $0.count == d }) else {
    throw FixtureError.wrongType(expected: "at least two rows of one length", found: "'X'")
  }
  var deviations = Deviations()
  for workers in [1, 2] {
    let search = BandwidthSearch(
      rows: x.flatMap { $0 }, n: x.count, d: d, folds: folds, workers: workers)
    try deviations.compare(
      "\(workers) workers",
      .members([
        "best_index": .count(search.bestIndex),
        "best_bandwidth": .number(search.bandwidth, absolute: 0, relative: 1e-12),
        "mean_scores": .list(search.meanScores, absolute: 1e-9, relative: 1e-9),
        "fold_scores": .list(search.foldScores.flatMap { $0 }, absolute: 1e-9, relative: 1e-9),
      ]), fixture["expected"], isPartial: true)
  }
  return deviations
}

/// Samples with given draws, float64.
private func checkDensitySampling(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let residuals = try fixture["X"].matrix
  let h = try fixture["bandwidth"].double
  let u = try fixture["u"].doubles
  guard !residuals.isEmpty, u.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
    throw FixtureError.wrongType(expected: "rows and u in [0, 1)", found: "others")
  }
  let z = try fixture["z"].matrix
  let expected = try fixture["expected"]
  var deviations = Deviations()
  for (key, reference) in [
    ("without_reference", nil), ("with_reference", try fixture.optional("reference")?.doubles),
  ] {
    guard let samples = try expected.optional(key)?.matrix else { continue }
    deviations.compareExactly("\(key) samples", u.count, samples.count)
    for i in u.indices where i < samples.count && i < z.count {
      deviations.compare(
        "\(key)[\(i)]",
        SyntheticMated.sample(
          residuals: residuals, bandwidth: h, u: u[i], z: z[i], reference: reference),
        samples[i])
    }
  }
  return deviations
}

/// Learning rate and beta1 after each step.
private func checkOneCycle(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let schedule = OneCycle(
    totalSteps: try fixture["total_steps"].int,
    maximumLearningRate: try fixture["max_lr"].double,
    warmUpShare: try fixture.optional("pct_start")?.double ?? 0.3,
    divisor: try fixture.optional("div_factor")?.double ?? 25,
    finalDivisor: try fixture.optional("final_div_factor")?.double ?? 1e4)
  var deviations = Deviations()
  for row in try fixture["expected"]["rows"].matrix {
    guard row.count == 3, let step = Int(exactly: row[0]) else {
      throw FixtureError.wrongType(expected: "rows of step, lr, beta1", found: "\(row)")
    }
    let (learningRate, beta1) = schedule.values(afterSteps: step)
    deviations.compare(
      "lr at \(row[0])", learningRate, row[1], absolute: 1e-17, relative: 1e-12)
    deviations.compare("beta1 at \(row[0])", beta1, row[2], absolute: 0, relative: 1e-12)
  }
  return deviations
}

/// Parameters after each update with given gradients, float64.
private func checkAdam(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  var p = try fixture["p0"].doubles
  var m = [Double](repeating: 0, count: p.count)
  var v = m
  let gradients = try fixture["grads"].matrix
  let rates = try fixture["lr"].doubles
  let beta1 = try fixture["beta1"].doubles
  let expected = try fixture["expected"]["params"].matrix
  let decay = try weightDecayKind(fixture["kind"].string)
  guard gradients.allSatisfy({ $0.count == p.count }), gradients.count <= rates.count,
    gradients.count <= beta1.count
  else {
    throw FixtureError.wrongType(expected: "a gradient, lr and beta1 per update", found: "fewer")
  }
  var deviations = Deviations()
  deviations.compareExactly("updates", gradients.count, expected.count)
  for t in 0..<min(gradients.count, expected.count) {
    let step = AdamStep(
      learningRate: rates[t], beta1: beta1[t],
      beta2: try fixture.optional("beta2")?.double ?? 0.999,
      epsilon: try fixture.optional("eps")?.double ?? 1e-8,
      weightDecay: try fixture["weight_decay"].double, decay: decay, step: t + 1)
    step.apply(to: &p, gradient: gradients[t], m: &m, v: &v)
    deviations.compare("params[\(t)]", p, expected[t])
  }
  return deviations
}

/// "adam" (L2) or "adamw" (decoupled), in any case.
func weightDecayKind(_ name: String) throws -> AdamStep.WeightDecay {
  switch name.lowercased() {
  case "adam": return .coupled
  case "adamw": return .decoupled
  default: throw FixtureError.wrongType(expected: "'adam' or 'adamw'", found: "'\(name)'")
  }
}

/// Loss and gradient per logit and mean, float64.
private func checkBinaryCrossEntropy(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let z = try fixture["logits"].doubles
  let y = try fixture["labels"].doubles
  let losses = zip(z, y).map { BinaryCrossEntropy.loss(logit: $0, label: $1) }
  let n = Double(z.count)
  return try Deviations(
    "bce",
    .members([
      "per_sample": .list(losses, relative: 1e-14),
      "mean": .number(losses.reduce(0, +) / n, relative: 1e-14),
      "grad": .list(zip(z, y).map { BinaryCrossEntropy.gradient(logit: $0, label: $1) / n }),
    ]), fixture["expected"])
}

/// Epochs run, restored epoch and its loss.
private func checkEarlyStopping(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let losses = try fixture["val_losses"].doubles
  let epochs = min(losses.count, try fixture["max_epochs"].int)
  var stopping = EarlyStopping(patience: try fixture["patience"].int)
  for loss in losses.prefix(epochs) where !stopping.shouldStop { _ = stopping.record(loss) }
  return try Deviations(
    "early stopping",
    .members([
      "epochs_run": .count(stopping.epochsRun),
      // The fixture counts epochs from 0.
      "restored_epoch_index": .count((stopping.bestEpoch ?? 0) - 1),
      "best_val_loss": .number(stopping.bestLoss, absolute: 0),
    ]), fixture["expected"])
}
