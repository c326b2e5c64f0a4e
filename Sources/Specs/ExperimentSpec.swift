import Biometrics
import Configurations

/// One experiment as its YAML file describes it: typed, checked, complete.
///
/// Read with `ExperimentSpec.load`; every value is valid and every name it mentions is defined.
/// `encode` covers the content alone, so that `specHash` does not depend on comments, key order, the
/// place of the file or of the data.
package struct ExperimentSpec: Sendable, Encodable {
  /// The file, as the user gave it.
  package let path: String
  /// Folder in which relative dataset paths are looked up.
  package let dataFolder: String
  /// The spec as one YAML file, with all that it extends and that the command line sets: reads back to
  /// a spec of the same hash.
  package let resolvedYAML: String
  /// What the command line sets (`--set`), as it was given.
  package var settings: [String] = []
  /// Where `groups` stands; nil: nowhere.
  package let groupsLocation: SourceLocation?

  /// Folder name under `results/`.
  package let name: String
  package let title: String
  package let outputs: [ReportOutput]
  package let extractors: [String]
  /// All declared datasets, in the order of the file.
  package var datasets: [DatasetSpec]
  /// Names of the datasets that are evaluated, in table order.
  package let evaluate: [String]
  package let partition: PartitionScheme
  /// Evaluated dataset -> what differs from a `cross` partition for it.
  package let partitionExceptions: [String: CrossException]
  /// Datasets whose subjects may stand in more than one partition, for all configurations.
  package let allowOverlap: [String]
  /// What becomes of people who train or develop and look like an enrolled one of another name.
  package let nearDuplicates: NearDuplicateRule
  /// The configurations that run, in table order: those that the spec names, then those of readings.
  package let configurations: [ConfigurationSpec]
  /// Ways to read the paper, which configurations are made of; nil: the spec has none.
  package let readings: ReadingsSpec?
  package let balancingFactors: [Double]
  /// True where a further system chooses each person's factor among these.
  package let choosesFactorPerSubject: Bool
  /// What subjects are grouped by: "gender" or the name of a label column.
  package let groups: String
  package let protocolSwitches: ProtocolSpec
  package let conventions: [EvaluationConvention]
  /// FMR targets.
  package let operatingPoints: [Double]
  /// FPIR targets of one-to-many searches; nil: none are made.
  package let identification: [Double]?
  package let bootstrap: BootstrapSpec
  package let seed: UInt64
  package let repeats: Int
  package let limits: LimitsSpec
  /// What is attacked and how; nil: nothing.
  package var attack: AttackSpec?
  /// Precision of the model-templates that a run saves; nil: none are saved.
  package let templatePrecision: WeightPrecision?
  /// What `Harness measure` does for Table 5.
  package let cost: CostSpec
  /// What `Harness learning-curves` observes; nil: what is usual.
  package let learningCurves: LearningCurvesSpec?

  /// The content: all but the places of the spec and of the data.
  private enum CodingKeys: CodingKey {
    case name, title, outputs, extractors, datasets, evaluate, partition, partitionExceptions
    case allowOverlap, nearDuplicates, configurations, readings, balancingFactors
    case choosesFactorPerSubject, groups
    case protocolSwitches, conventions, operatingPoints, identification, bootstrap, seed, repeats, limits
    case attack, templatePrecision, cost, learningCurves
  }
}

extension ExperimentSpec {
  /// The dataset of that name; names in a spec are checked, so it exists.
  package func dataset(_ name: String) -> DatasetSpec {
    datasets.first { $0.name == name }!
  }

  /// The configuration of that name; names in a spec are checked, so it exists.
  package func configuration(_ name: String) -> ConfigurationSpec {
    configurations.first { $0.name == name }!
  }

  /// The file a dataset has for an extractor, its path as written.
  package func source(dataset: String, extractor: String) -> EmbeddingSource {
    self.dataset(dataset).sources[extractor]!
  }

  /// Where a source's file is looked for.
  package func path(of source: EmbeddingSource) -> String {
    resolved(source.path, in: dataFolder)
  }

  /// The file a dataset has for an extractor, ready to be loaded.
  package func resolvedSource(dataset: String, extractor: String) -> EmbeddingSource {
    var source = source(dataset: dataset, extractor: extractor)
    source.path = path(of: source)
    return source
  }

  /// All files of data that the spec names, their paths resolved.
  package var dataFiles: [String] {
    datasets.flatMap { $0.sources.values.map(path(of:)) }.sorted()
      + evaluate.compactMap(splitPath(evaluating:))
  }

  /// The file that lists the division of an evaluated dataset, its path resolved; nil: none does.
  package func splitPath(evaluating dataset: String) -> String? {
    guard case .files(let files) = partition, let file = files[dataset] else { return nil }
    return resolved(file.path, in: dataFolder)
  }

  /// The seed of a repeat's training; splits, references and limits follow `seed` in all repeats. Neighbouring seeds give unrelated random numbers (see `CounterRNG`).
  package func seed(ofRepeat index: Int) -> UInt64 { seed &+ UInt64(index) }
}

/// A path inside a folder, unless it is absolute.
package func resolved(_ path: String, in folder: String) -> String {
  if path.hasPrefix("/") || folder.isEmpty { return path }
  return folder.hasSuffix("/") ? folder + path : folder + "/" + path
}
