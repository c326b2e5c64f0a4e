import Foundation
import Kernels
import MOTE

/// Holds a training case against the float64 reference and against the enrolment engine on every
/// CPU path of this machine.
///
/// Tolerances: float64 losses 1e-9, weights 1e-8 (1e-7 where the file stores float32); engine
/// losses and weights 2e-6, weights also within ten times the deviation that PyTorch's own float32
/// run is recorded with.
func checkTraining(_ run: TrainingCase) throws -> Deviations {
  var deviations = Deviations()
  let reference = run.runReference()
  try compare(reference, run, "float64", loss: 1e-9, weights: run.finalTolerance, &deviations)
  let recorded =
    try run.expected.optional("max_weight_difference_f32_vs_f64").map { try $0.double } ?? 0
  for path in CPUPath.allCases where path.isAvailable {
    try compare(
      run.runEngine(path: path), run, path.name, loss: 2e-6, weights: max(2e-6, 10 * recorded),
      &deviations)
  }
  return deviations
}

private func compare(
  _ trace: TrainingTrace, _ run: TrainingCase, _ engine: String, loss: Double, weights: Double,
  _ deviations: inout Deviations
) throws {
  let shape = run.shape
  // PyTorch's float32 run: ours, in either precision, stays as close to it as float32 allows.
  let single = max(loss, 2e-6)
  let layers = 0..<shape.layerCount
  let weightsOf = layers.map { shape.parameterOffset(ofLayer: $0)..<shape.biasOffset(ofLayer: $0) }
  let biasesOf = layers.map {
    shape.biasOffset(ofLayer: $0)..<shape.parameterOffset(ofLayer: $0 + 1)
  }
  /// |norm(a) - norm(b)| <= norm(a - b) <= sqrt(n) max|a - b|.
  func norms(_ ranges: [Range<Int>]) -> Found {
    .list(
      ranges.map { trace.parameters[$0].reduce(0) { $0 + $1 * $1 }.squareRoot() },
      absolute: weights * Double(ranges.map(\.count).max() ?? 1).squareRoot())
  }
  let firstEntries = try run.expected.optional("first_entries")?.matrix ?? []
  try deviations.compare(
    engine,
    .members([
      "step_losses": .list(trace.stepLosses, absolute: loss),
      "epoch_train_loss": .list(trace.epochLosses, absolute: loss),
      "epoch_val_loss": .list(trace.validationLosses, absolute: loss),
      "step_losses_f32": .list(trace.stepLosses, absolute: single),
      "epoch_val_loss_f32": .list(trace.validationLosses, absolute: single),
      "lr_beta1": .list(trace.rates.flatMap { $0 }, absolute: 1e-17, relative: 1e-12),
      "weight_norms": norms(weightsOf), "bias_norms": norms(biasesOf),
      "first_entries": .list(
        zip(weightsOf, firstEntries).flatMap { trace.parameters[$0].prefix($1.count) },
        absolute: weights),
    ]), run.expected, isPartial: true)
  if let parameters = run.finalParameters {
    deviations.compare("\(engine) weights", trace.parameters, parameters, absolute: weights)
  }
}
