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
  let expected = run.expected
  for (key, found) in [
    ("step_losses", trace.stepLosses), ("epoch_train_loss", trace.epochLosses),
    ("epoch_val_loss", trace.validationLosses),
  ] {
    guard let values = try expected.optional(key)?.doubles else { continue }
    deviations.compare("\(engine) \(key)", found, values, absolute: loss)
  }
  // PyTorch's float32 run: ours, in either precision, stays as close to it as float32 allows.
  for (key, found) in [
    ("step_losses_f32", trace.stepLosses), ("epoch_val_loss_f32", trace.validationLosses),
  ] {
    guard let values = try expected.optional(key)?.doubles else { continue }
    deviations.compare("\(engine) \(key)", found, values, absolute: max(loss, 2e-6))
  }
  if let rates = try expected.optional("lr_beta1")?.matrix {
    deviations.compareExactly("\(engine) lr_beta1", trace.rates.count, rates.count)
    for (i, pair) in zip(trace.rates, rates).enumerated() {
      deviations.compare(
        "\(engine) lr_beta1[\(i)]", pair.0, pair.1, absolute: 1e-17, relative: 1e-12)
    }
  }
  if let parameters = run.finalParameters {
    deviations.compare("\(engine) weights", trace.parameters, parameters, absolute: weights)
  }
  try compareSummaries(trace, run, engine, weights: weights, &deviations)
}

/// Norms and first entries of the final parameters, by layer.
private func compareSummaries(
  _ trace: TrainingTrace, _ run: TrainingCase, _ engine: String, weights: Double,
  _ deviations: inout Deviations
) throws {
  let shape = run.shape
  func slice(_ range: Range<Int>) -> ArraySlice<Double> { trace.parameters[range] }
  func norm(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
  let layers = 0..<shape.layerCount
  // |norm(a) - norm(b)| <= norm(a - b) <= sqrt(n) max|a - b|.
  if let norms = try run.expected.optional("weight_norms")?.doubles {
    let found = layers.map { k in
      norm(slice(shape.parameterOffset(ofLayer: k)..<shape.biasOffset(ofLayer: k)))
    }
    let largest = layers.map { shape.dims[$0] * shape.dims[$0 + 1] }.max() ?? 1
    deviations.compare(
      "\(engine) weight_norms", found, norms, absolute: weights * Double(largest).squareRoot())
  }
  if let norms = try run.expected.optional("bias_norms")?.doubles {
    let found = layers.map { k in
      norm(slice(shape.biasOffset(ofLayer: k)..<shape.parameterOffset(ofLayer: k + 1)))
    }
    let largest = shape.dims.dropFirst().max() ?? 1
    deviations.compare(
      "\(engine) bias_norms", found, norms, absolute: weights * Double(largest).squareRoot())
  }
  if let entries = try run.expected.optional("first_entries")?.matrix {
    deviations.compareExactly("\(engine) first_entries", entries.count, shape.layerCount)
    for (k, values) in entries.enumerated() where k < shape.layerCount {
      let start = shape.parameterOffset(ofLayer: k)
      deviations.compare(
        "\(engine) first_entries[\(k)]",
        Array(slice(start..<min(start + values.count, shape.biasOffset(ofLayer: k)))), values,
        absolute: weights)
    }
  }
}
