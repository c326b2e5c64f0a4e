import AttackReports
import Configurations
import Datasets
import Foundation
import Kernels
import Privacy
import Records
import Specs

/// What attacking a cell adds to enrolling and comparing its targets, known once its data are open.
package struct AttackSize: Sendable, Hashable {
  /// References that the attacker enrols himself.
  package var ownReferences: Int
  /// Samples of the attacker, all attributes together.
  package var gallery: Int
  /// Groups asked for against the others, all attributes together.
  package var questions: Int
  /// Rows that a protection scheme learns from, all folds together; 0: it learns nothing.
  package var schemeRows: Int

  package init(ownReferences: Int, gallery: Int, questions: Int, schemeRows: Int) {
    self.ownReferences = ownReferences
    self.gallery = gallery
    self.questions = questions
    self.schemeRows = schemeRows
  }
}

/// Speeds of schemes and attacks on this machine, per core and second.
package struct AttackRates: Sendable, Hashable {
  /// PE-MIU comparisons by block size, assignment included.
  package var assignments: [Int: Double]
  /// Rows through one epoch of PFRNet.
  package var pfrNetRows: Double
  /// Rows, times the logarithm of their number, that a tree of IVE's forests is grown from.
  package var treeRows: Double
  /// Networks that are read and inverted (A7, A8).
  package var observations: Double
  /// Targets times columns (samples and template) that all attacks together go over.
  package var auditedValues: Double

  package init(
    assignments: [Int: Double], pfrNetRows: Double, treeRows: Double, observations: Double,
    auditedValues: Double
  ) {
    self.assignments = assignments
    self.pfrNetRows = pfrNetRows
    self.treeRows = treeRows
    self.observations = observations
    self.auditedValues = auditedValues
  }
}

extension AttackSize {
  /// Counts of an attacked cell.
  init(_ attacked: AttackData, learns: Bool) {
    self.init(
      ownReferences: attacked.own.count,
      gallery: attacked.attributes.reduce(0) { $0 + $1.gallery.count },
      questions: attacked.attributes.reduce(0) { $0 + $1.questions.count },
      schemeRows: learns ? attacked.partitions.reduce(0) { $0 + $1.cohort.rows.count } : 0)
  }
}

extension CellSize {
  /// The size of an attacked cell: its cohort may be cut, and there is the attacker's work.
  mutating func add(_ attacked: AttackData, learns: Bool) {
    cohortRows =
      attacked.partitions.reduce(0) { $0 + $1.cohort.rows.count }
      / max(1, attacked.partitions.count)
    attack = AttackSize(attacked, learns: learns)
  }
}

extension RunPlan.Unit {
  /// Adds what attacking the cell costs. Training a scheme and the attacks themselves use one core
  /// while the others wait.
  mutating func add(
    _ attack: AttackSize, of spec: ExperimentSpec, _ rates: CalibratedRates?, workers: Int
  ) {
    if key.preset != nil { trainings += attack.ownReferences }
    guard !isCached, let settings = spec.attack, let rates = rates?.attack else { return }
    let references = Double(size.references + attack.ownReferences)
    // Own references cost what targets cost, and all meet the gallery.
    coreSeconds *= references / Double(max(1, size.references))
    var alone =
      Double(attack.questions * size.references)
      * Double(attack.gallery / max(1, settings.observation.attributes.count) + size.dimension)
      / rates.auditedValues
    if key.preset != nil && settings.observation.opensTemplates {
      coreSeconds +=
        references * Double(settings.observation.attributes.count) / rates.observations
    }
    switch settings.recipe(of: key.system) {
    case .peMIU(let block):
      let pairs = Double(size.comparisons) + references * Double(attack.gallery)
      coreSeconds += pairs / (rates.assignments[block] ?? .infinity)
    case .pfrNet(let network):
      alone += Double(attack.schemeRows * network.epochs) / rates.pfrNetRows
    case .incrementalVariableElimination(let elimination):
      alone +=
        Double(elimination.trees * elimination.rounds) * treeWork(attack.schemeRows)
        / rates.treeRows
    default: break
    }
    coreSeconds += alone * Double(workers)
  }
}

/// Rows times the binary logarithm of their number.
private func treeWork(_ rows: Int) -> Double { Double(rows) * log2(Double(max(rows, 2))) }

extension AttackRates {
  /// Measures this machine for about a second, on one core, with made-up vectors. Seconds of CPU
  /// time: samples as short as these would be off by what else runs.
  static func measured(dimension d: Int, _ attack: AttackSpec) throws -> AttackRates {
    BLAS.useOneThread()
    func seconds(_ body: () throws -> Void) rethrows -> Double {
      let start = StopWatch.threadSeconds
      try body()
      return max(StopWatch.threadSeconds - start, 1e-9)
    }
    let people = 300
    let vectors = FloatMatrix(rows: people, columns: d)
    for i in 0..<people {
      var rng = CounterRNG(seed: 3, purpose: .syntheticDataset, subject: UInt32(i))
      for j in 0..<d { vectors[row: i][j] = Float(rng.uniform() - 0.5) }
    }
    let cohort = TrainingCohort(vectors: vectors, isFirst: (0..<people).map { $0 % 2 == 0 })

    var assignments: [Int: Double] = [:]
    for case .peMIU(let block) in attack.schemes {
      let scheme = try PEMIU(dimension: d, block: block, seed: 1)
      let references = scheme.protect(vectors, role: .reference)
      let probes = scheme.protect(vectors, role: .probe)
      let scores = FloatMatrix(rows: 1, columns: people)
      var rows = 0
      // The first row warms up; then for a tenth of a second.
      scheme.compare(references: references, rows: 0..<1, probes: probes, into: scores.base)
      let time = seconds {
        let start = StopWatch.threadSeconds
        while StopWatch.threadSeconds - start < 0.1 {
          let row = rows % people
          scheme.compare(
            references: references, rows: row..<(row + 1), probes: probes, into: scores.base)
          rows += 1
        }
      }
      assignments[block] = Double(rows * people) / time
    }
    var network = PFRNetConfiguration()
    network.epochs = 1
    let pfrNet = try seconds {
      _ = try PFRNet.train(on: cohort, configuration: network, seed: 1)
    }
    let ranks = FeatureRanks(vectors)
    let trees = 10
    let forest = try seconds {
      _ = try DecisionForest(
        ranks, isFirst: cohort.isFirst, features: Array(0..<d), trees: trees, seed: 1)
    }
    let widths = [d, 128, 64, 1]
    let parameters = zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
    var rng = CounterRNG(seed: 4, purpose: .syntheticDataset)
    let model = Float64Network(
      widths: widths, parameters: (0..<parameters).map { _ in 0.2 * (rng.uniform() - 0.5) })
    let gallery = AttackerGallery(
      dataset: "made-up", attribute: "gender", groups: ["male", "female"], vectors: vectors,
      groupOfSample: (0..<people).map { $0 % 2 })
    let observer = WhiteBoxObserver(
      gallery: gallery, inversion: InversionConfiguration(), seed: 1)
    _ = observer.observe(model)
    let observation = seconds { _ = observer.observe(model) }
    let targets = 60
    let scores = Matrix64(vectors).values.prefix(targets * d)
    let templates = Matrix64(rows: targets, columns: d, values: Array(scores))
    let input = AttackInput(
      system: "made-up", gallery: gallery,
      scores: Matrix64(
        rows: targets, columns: people,
        values: (0..<(targets * people)).map { _ in rng.uniform() }),
      kind: .logit, groupOfTarget: (0..<targets).map { $0 % 2 },
      whiteBox: WhiteBoxFeatures(
        (0..<targets).map { i in
          let row = Array(templates[row: i])
          return WhiteBoxObservation(
            meanGradient: row, linearisedProduct: row, recovered: row, recoveredFromBestStart: row)
        }))
    let audit = try seconds {
      _ = try GenderInference(attack.configuration(replicates: 1000, seed: 1))
        .audit(input, question: BinaryQuestion(first: "male", second: "female", firstGroup: 0))
    }
    return AttackRates(
      assignments: assignments, pfrNetRows: Double(people) / pfrNet,
      treeRows: Double(trees) * treeWork(people) / forest, observations: 1 / observation,
      auditedValues: Double(targets * (people + d)) / audit)
  }
}

extension RunPlan {
  /// One line per attacked block size of PE-MIU.
  var assignmentLines: [[String]] {
    (attackRates?.assignments ?? [:]).sorted { $0.key < $1.key }.map { block, rate in
      ["PE-MIU, block \(block)", "\(grouped(Int(rate))) comparisons a second and core"]
    }
  }
}
