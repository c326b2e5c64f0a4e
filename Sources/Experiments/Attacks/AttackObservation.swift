import Biometrics
import Configurations
import Datasets
import Kernels
import MOTE
import Privacy
import Records
import Specs
import Workers

/// Whose references a unit of work makes.
enum AttackedSide: Sendable {
  /// The targets'.
  case targets
  /// Those that the attacker enrols himself to learn from.
  case own

  /// Name of a unit's block.
  func name(_ unit: UnitOfWork) -> String { self == .own ? "own-\(unit.name)" : unit.name }
}

extension AttackData {
  /// All units of work, fold by fold: the targets', then the attacker's own.
  var units: [(side: AttackedSide, fold: Int, unit: UnitOfWork)] {
    data.units.indices.flatMap { fold in
      data.units[fold].map { (.targets, fold, $0) } + own.units[fold].map { (.own, fold, $0) }
    }
  }
}

/// What an attacker observes of a cell, made unit by unit and kept on disk between units.
///
/// A row per reference: [scores against the probes | per attribute: scores against the gallery | per
/// attribute: what the template gives away]; own references have no probes. All in float32, so that
/// a resumed run reads what an uninterrupted one had in memory.
struct AttackObserver {
  /// Observes the references of one unit.
  typealias Observation = (UnitOfWork, AttackedSide) throws -> ScoreBlock<UnitOutcome>

  let attacked: AttackData
  let workers: Int
  let interruption: Interruption

  private var galleries: [AttackerGallery] { attacked.attributes.map(\.gallery) }

  /// Observes the references of one fold, networks or protected templates.
  func units(fold: Int) throws -> Observation {
    try attacked.inputs.enrolment == nil ? schemeUnits(fold: fold) : moteUnits(fold: fold)
  }

  /// Observes the MOTE references of one fold: a function of the unit. Networks are dropped as soon as
  /// they are observed.
  func moteUnits(fold: Int) throws -> Observation {
    let enrolment = attacked.inputs.enrolment!
    let data = attacked.data
    let comparison = data.comparisons[fold]
    let crew = try EnrolmentCrew(
      data.partitions[fold], enrolment, bandwidths: data.bandwidths, workers: workers,
      interruption: interruption)
    let galleryRows = stacked(galleries.map(\.vectors))
    let probesAndGalleries = stacked([comparison.probes.packed(), galleryRows])
    let observers = networkObservers()
    return { unit, side in
      let isOwn = side == .own
      let probes = isOwn ? galleryRows : probesAndGalleries
      return try crew.enrol(
        unit, isOwn ? attacked.own.comparisons[fold]! : comparison,
        width: probes.rows + 4 * data.set.dimension * observers.count,
        subjectKeys: isOwn ? attacked.own.keys : data.subjectKeys,
        factor: enrolment.balancingFactors[0],
        seed: data.seed
      ) { enrolled, row in
        let reference = enrolled.reference
        enrolled.comparator.score([reference], probes: probes, into: row, stride: probes.rows)
        let network = reference.network
        var next = row + probes.rows
        for (observer, sampleOfOwn) in observers {
          let seen = observer.observe(
            network, leavingOut: isOwn ? sampleOfOwn[enrolled.key] ?? nil : nil)
          for value in seen.values {
            next.pointee = Float(value)
            next += 1
          }
        }
      }
    }
  }

  /// What reads the networks for each attribute, with the gallery's sample of the person behind
  /// each own reference by the key of that person; none where networks are not opened.
  private func networkObservers() -> [(observer: WhiteBoxObserver, sampleOfOwn: [UInt32: Int?])] {
    guard attacked.inputs.attack!.observation.opensTemplates else { return [] }
    let keys = attacked.own.subjects.map { attacked.own.keys[Int($0)] }
    return attacked.attributes.map { attribute in
      (
        WhiteBoxObserver(
          gallery: attribute.gallery, inversion: InversionConfiguration(),
          seed: attacked.data.protocolSeed),
        Dictionary(uniqueKeysWithValues: zip(keys, attribute.sampleOfOwn))
      )
    }
  }

  /// Observes the protected references of one fold.
  func schemeUnits(fold: Int) throws -> Observation {
    let recipe = attacked.inputs.attack!.scheme!
    let templates = ProtectedTemplates(
      scheme: try scheme(recipe, fold: fold), attacked: attacked, fold: fold)
    let anchors =
      attacked.inputs.attack!.observation.opensTemplates ? galleries.map(\.meanVector) : []
    return { unit, side in
      let references = side == .own ? templates.own! : templates.targets
      let probes = side == .own ? templates.galleries : templates.probesAndGalleries
      let observed = references.selecting(rows: unit.rows)
      let features = anchors.map {
        templates.scheme.attackFeatures(templates: observed, anchor: $0)
      }
      let scores = try compared(references, unit, probes: probes, by: templates.scheme)
      let width = probes.rows + features.reduce(0) { $0 + $1.columns }
      return ScoreBlock(
        scores: ScoreMatrix(rows: unit.rows.count, columns: width) { target in
          var next = target
          for i in 0..<unit.rows.count {
            next.update(from: scores[row: i].baseAddress!, count: probes.rows)
            next += probes.rows
            for matrix in features {
              for value in matrix[row: i] {
                next.pointee = Float(value)
                next += 1
              }
            }
          }
        }, metadata: UnitOutcome())
    }
  }

  /// Scores of the references of a unit against probes, on all workers.
  ///
  /// - Throws: `Interrupted`.
  private func compared(
    _ references: FloatMatrix, _ unit: UnitOfWork, probes: FloatMatrix,
    by scheme: any ProtectionScheme
  ) throws -> FloatMatrix {
    let scores = FloatMatrix(rows: unit.rows.count, columns: probes.rows)
    // Cosines are made by blocks at once; what is slower is stopped between a few rows.
    let isFast = scheme is any CosineComparedScheme
    let share = isFast ? (unit.rows.count + workers - 1) / workers : 2
    let isStopped = { @Sendable in interruption.isRequested }
    concurrently(
      units: (unit.rows.count + share - 1) / share, workers: workers, isStopped: isStopped
    ) { _, piece in
      let begin = unit.rows.lowerBound + piece * share
      scheme.compare(
        references: references, rows: begin..<min(begin + share, unit.rows.upperBound),
        probes: probes, into: scores.base + (begin - unit.rows.lowerBound) * probes.rows)
    }
    try interruption.check()
    return scores
  }

  /// The scheme, trained on the labelled rows of the cohort where it needs them.
  private func scheme(_ recipe: ProtectionRecipe, fold: Int) throws -> any ProtectionScheme {
    let set = attacked.data.set
    let cohort = attacked.data.partitions[fold].cohort
    guard recipe.needsCohort else {
      return try recipe.scheme(
        trainedOn: TrainingCohort(
          vectors: FloatMatrix(rows: 0, columns: set.dimension), isFirst: []),
        seed: attacked.data.seed, check: interruption.check)
    }
    let attribute = attacked.inputs.attack!.observation.attributes[0]
    let labels = try AttributeLabels(attribute, of: cohort.set)
    return try recipe.scheme(
      trainedOn: TrainingCohort(cohort, labels: labels, question: labels.questions[0]),
      seed: attacked.data.seed, check: interruption.check)
  }
}

extension AttackerGallery {
  /// Mean of the samples: an ordinary embedding that an attacker can align templates with.
  var meanVector: [Float] {
    var sum = [Double](repeating: 0, count: vectors.columns)
    for i in 0..<vectors.rows { for (j, x) in vectors[row: i].enumerated() { sum[j] += Double(x) } }
    return sum.map { Float($0 / Double(max(vectors.rows, 1))) }
  }
}

/// Matrices of equal width one below the other.
func stacked(_ parts: [FloatMatrix]) -> FloatMatrix {
  let matrix = FloatMatrix(
    rows: parts.reduce(0) { $0 + $1.rows }, columns: parts.first?.columns ?? 0)
  var next = 0
  for part in parts {
    for i in 0..<part.rows {
      _ = matrix[row: next].update(fromContentsOf: part[row: i])
      next += 1
    }
  }
  return matrix
}
