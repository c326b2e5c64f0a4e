import Configurations
import Kernels

extension ProtectionRecipe {
  /// The scheme, trained where it needs to be.
  ///
  /// - Parameter check: called often while something is trained; what it throws ends the training.
  /// - Throws: `PrivacyError` for settings that do not fit or too little training data.
  package func scheme(
    trainedOn cohort: TrainingCohort, seed: UInt64, check: () throws -> Void = {}
  ) throws -> any ProtectionScheme {
    let dimension = cohort.vectors.columns
    return switch self {
    case .unprotected: UnprotectedScheme(dimension: dimension)
    case .peMIU(let block): try PEMIU(dimension: dimension, block: block, seed: seed)
    case .pfrNet(let configuration):
      try PFRNet.train(
        on: cohort, configuration: configuration, seed: seed, check: check)
    case .incrementalVariableElimination(let configuration):
      try IncrementalVariableElimination.train(
        on: cohort, configuration: configuration, seed: seed, check: check)
    case .cosineNoise(let similarity):
      try CosineSensitiveNoise(dimension: dimension, similarity: similarity, seed: seed)
    case .euclideanNoise(let distance):
      try EuclideanSensitiveNoise(dimension: dimension, distance: distance, seed: seed)
    case .negative(let bins):
      try NegativeFaceRecognition.train(on: cohort.vectors, bins: bins, seed: seed)
    }
  }
}
