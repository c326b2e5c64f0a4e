import Biometrics
import Datasets
import Dispatch
import Kernels
import MOTE
import Privacy

/// What an attacker observes of a cell, made unit by unit and kept on disk between units.
///
/// A row per reference: [scores against the probes | per attribute: scores against the gallery | per
/// attribute: what the template gives away]. All in float32, so that a resumed run reads what an
/// uninterrupted one had in memory.
struct AttackObserver {
  let cell: CellKey
  let spec: ExperimentSpec
  let attacked: AttackData
  let workers: Int
  let interruption: Interruption

  private var galleries: [AttackerGallery] { attacked.attributes.map(\.gallery) }

  /// Probes of a fold on top of all galleries.
  private func columns(_ comparison: ComparisonProtocol) -> FloatMatrix {
    stacked([comparison.probes.packed()] + galleries.map(\.vectors))
  }

  /// Observes the MOTE references of one fold: a function of the unit. Networks are dropped as soon as
  /// they are observed.
  func moteUnits(fold: Int) throws -> (UnitOfWork) throws -> ScoreBlock<UnitOutcome> {
    let configuration = spec.configuration(cell.preset!)
    let data = attacked.data
    let comparison = data.comparisons[fold]
    let context = try EnrolmentContext(
      partition: attacked.partitions[fold], configuration: configuration.trainingConfiguration,
      kde: configuration.kdeConfiguration, workers: workers)
    let crew = EnrolmentCrew(context: context, workers: workers, interruption: interruption)
    let probes = columns(comparison)
    let observers =
      spec.attack!.observation.opensTemplates
      ? galleries.map {
        WhiteBoxObserver(gallery: $0, inversion: ModelInversion.Configuration(), seed: data.seed)
      } : []
    let width = probes.rows + 4 * data.set.dimension * observers.count
    return { unit in
      try crew.enrol(
        unit, comparison, columns: width, subjectKeys: data.subjectKeys,
        factor: cell.balancingFactor!, seed: data.seed
      ) { reference, comparator, row in
        comparator.score([reference], probes: probes, into: row, stride: probes.rows)
        let network = try PersonalNetwork(widths: reference.dims, parameters: reference.weights)
        var next = row + probes.rows
        for observer in observers {
          let seen = observer.observe(network)
          for values in [
            seen.meanGradient, seen.linearisedProduct, seen.recovered, seen.recoveredFromBestStart,
          ] {
            for value in values {
              next.pointee = Float(value)
              next += 1
            }
          }
        }
      }
    }
  }

  /// Observes the protected references of one fold.
  func schemeUnits(fold: Int) throws -> (UnitOfWork) throws -> ScoreBlock<UnitOutcome> {
    let attack = spec.attack!
    let recipe = attack.recipe(of: cell.system)!
    let data = attacked.data
    let comparison = data.comparisons[fold]
    let scheme = try scheme(recipe, fold: fold)
    let references = scheme.protect(
      comparison.references.packed(),
      serials: comparison.referenceSubjects.map { data.subjectKeys[Int($0)] }, role: .reference)
    // A fresh protection for every template: serial numbers of probes and galleries differ.
    var templates = [
      scheme.protect(
        comparison.probes.packed(), serials: comparison.probeRows.map { UInt32($0) }, role: .probe)
    ]
    for (a, gallery) in galleries.enumerated() {
      let first = 0x8000_0000 + UInt32(a) * 0x0100_0000
      templates.append(
        scheme.protect(
          gallery.vectors, serials: (0..<UInt32(gallery.count)).map { first + $0 }, role: .probe))
    }
    let probes = stacked(templates)
    let anchors = attack.observation.opensTemplates ? galleries.map(\.meanVector) : []
    return { unit in
      let own = FloatMatrix(rows: unit.rows.count, columns: references.columns)
      for (i, r) in unit.rows.enumerated() {
        _ = own[row: i].update(fromContentsOf: references[row: r])
      }
      let features = anchors.map { scheme.attackFeatures(templates: own, anchor: $0) }
      let scores = FloatMatrix(rows: unit.rows.count, columns: probes.rows)
      let share = (unit.rows.count + workers - 1) / workers
      DispatchQueue.concurrentPerform(iterations: workers) { w in
        let begin = min(w * share, unit.rows.count)
        let rows = begin..<min(begin + share, unit.rows.count)
        guard !rows.isEmpty else { return }
        let first = unit.rows.lowerBound
        scheme.compare(
          references: references, rows: (first + rows.lowerBound)..<(first + rows.upperBound),
          probes: probes, into: scores.base + rows.lowerBound * probes.rows)
      }
      let width = probes.rows + features.reduce(0) { $0 + $1.columns }
      var values: [Float] = []
      values.reserveCapacity(unit.rows.count * width)
      for i in 0..<unit.rows.count {
        values += scores[row: i]
        for matrix in features { values += matrix[row: i].map { Float($0) } }
      }
      return ScoreBlock(
        rows: unit.rows.count, columns: width, scores: values, metadata: UnitOutcome())
    }
  }

  /// The scheme, trained on the labelled rows of the cohort where it needs them.
  private func scheme(_ recipe: ProtectionRecipe, fold: Int) throws -> any ProtectionScheme {
    let set = attacked.data.set
    let cohort = attacked.partitions[fold].cohort
    guard recipe.needsCohort else {
      return try recipe.scheme(
        trainedOn: TrainingCohort(
          vectors: FloatMatrix(rows: 0, columns: set.dimension), isFirst: []),
        seed: attacked.data.seed)
    }
    let attribute = spec.attack!.observation.attributes[0]
    let labels = try AttributeLabels(attribute, of: cohort.set)
    return try recipe.scheme(
      trainedOn: TrainingCohort(cohort, labels: labels, question: labels.questions[0]),
      seed: attacked.data.seed)
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
private func stacked(_ parts: [FloatMatrix]) -> FloatMatrix {
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
