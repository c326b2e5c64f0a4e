import ArgumentParser
import Datasets
import Files
import Foundation

extension SyntheticDataset.Likeness: ExpressibleByArgument {}
extension SyntheticSuite: ExpressibleByArgument {}

/// `Harness synthesize`: embedding files with known structure.
struct Synthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write synthetic embedding files with known structure.",
    discussion: """
      The model and its parameters are described in datasets.md. The same options and seed give the
      same bytes; two extractors of one name and seed share subjects, images and labels.

      Examples:
        Harness synthesize --like lfw --output data/lfw_arcface.h5
        Harness synthesize --like adience --scale 0.01 --extractor magface --output small.h5
        Harness synthesize --subjects 10000 --rows 1000000 --output large.h5
        Harness synthesize --suite smoke --output results/smoke/data
      """)

  @Option(help: "Size and composition of a real dataset: lfw, adience, colorferet, morph.")
  var like: SyntheticDataset.Likeness?

  @Option(help: "Share of the real dataset's subjects and images.")
  var scale: Double?

  @Option(help: "A named set of files instead of one; --output is then a folder.")
  var suite: SyntheticSuite?

  @Option(help: "Name of the dataset in identifiers (default: that of --like, else synthetic).")
  var name: String?

  @Option(help: "Number of subjects.")
  var subjects: Int?

  @Option(help: "Number of images.")
  var rows: Int?

  @Option(help: "arcface (magnitudes nearly constant) or magface (magnitudes follow quality).")
  var extractor = "arcface"

  @Option(help: "Seed of all random numbers.")
  var seed: UInt64 = 1

  @Option(help: "Embedding dimension.")
  var dimension: Int?

  @Option(help: "Dimensions that identities differ in.")
  var identityDimensions: Int?

  @Option(help: "Share of male subjects.")
  var maleShare: Double?

  @Option(help: "Share of subjects without gender label.")
  var unlabelledShare: Double?

  @Option(help: "Share of subjects with one image.")
  var singleImageShare: Double?

  @Option(help: "Distance of either gender from the middle in standard deviations; 0: no gender.")
  var genderStrength: Double?

  @Option(help: "Expected cosine of two images of a male subject.")
  var matedCosine: Double?

  @Option(help: "Intra-subject spread of female relative to male subjects.")
  var femaleSpread: Double?

  @Option(help: "How little the genders' directions of scatter have in common; 0: all, 1: nothing.")
  var scatterContrast: Double?

  @Option(help: "How much image quality varies.")
  var qualitySpread: Double?

  @Flag(help: "Add age_group and ethnicity labels, each with a direction of its own.")
  var labels = false

  @Option(help: "File to write (with --suite: folder).")
  var output: String

  @Flag(help: "Replace files that are there; those of the same options are replaced anyway.")
  var force = false

  func validate() throws {
    if suite == nil && like == nil && (subjects == nil || rows == nil) {
      throw ValidationError("expected --suite, --like, or --subjects with --rows")
    }
    if suite != nil && (like != nil || subjects != nil || rows != nil || scale != nil) {
      throw ValidationError(
        "--suite fixes the sizes: leave out --like, --scale, --subjects, --rows")
    }
    if scale != nil && like == nil { throw ValidationError("--scale needs --like") }
    if let scale, !(scale > 0 && scale <= 10_000) {
      throw ValidationError("--scale \(scale): expected above 0 and at most 10,000")
    }
    if !SyntheticExtractor.all.contains(where: { $0.name == extractor }) {
      throw ValidationError("--extractor '\(extractor)': expected arcface or magface")
    }
  }

  func run() throws {
    do {
      if let suite {
        try suite.write(to: output, seed: seed, replaces: force) { path, dataset in
          print("\(path): \(dataset.rows) images of \(dataset.subjects) subjects, SYNTHETIC")
        }
      } else {
        let dataset = self.dataset
        try dataset.protect(output, replaces: force)
        try dataset.write(to: output)
        print("\(output): \(dataset.rows) images of \(dataset.subjects) subjects, SYNTHETIC")
      }
    } catch {
      throw failure(error, code: error is SyntheticDatasetError || error is OutputError ? 64 : 1)
    }
  }

  /// The dataset that the options describe.
  private var dataset: SyntheticDataset {
    let extractor = SyntheticExtractor.all.first { $0.name == self.extractor } ?? .arcface
    var dataset =
      like.map {
        SyntheticDataset(like: $0, scale: scale ?? 1, extractor: extractor, seed: seed)
      }
      ?? SyntheticDataset(name: "synthetic", subjects: 1, rows: 1, seed: seed)
    dataset.extractor = extractor
    func set<T>(_ value: T?, _ path: WritableKeyPath<SyntheticDataset, T>) {
      if let value { dataset[keyPath: path] = value }
    }
    set(name, \.name)
    set(subjects, \.subjects)
    set(rows, \.rows)
    set(dimension, \.dimension)
    set(
      identityDimensions ?? dimension.map { min($0, dataset.identityDimensions) },
      \.identityDimensions)
    set(maleShare, \.maleShare)
    set(unlabelledShare, \.unlabelledShare)
    set(singleImageShare, \.singleImageShare)
    set(genderStrength, \.genderStrength)
    set(matedCosine, \.matedCosine)
    set(femaleSpread, \.femaleSpreadRatio)
    set(scatterContrast, \.scatterContrast)
    set(qualitySpread, \.qualitySpread)
    dataset.hasLabels = labels
    return dataset
  }
}
