import AttackReports
import Biometrics
import Configurations
import Datasets
import Kernels
import Privacy
import Records
import Specs

extension Runner {
  /// Measures an attacked cell: a scheme's training with a few of its epochs or trees, a few targets
  /// as the attacker observes them, and the audit of some of them.
  func pilot(_ cell: Cell, _ attacked: AttackData, seconds: Double) throws -> Pilot {
    let size = CellSize(attacked)
    let data = attacked.data
    let folds = Double(data.partitions.count)
    var observe: AttackObserver.Observation?
    func preparing(_ spec: ExperimentSpec) throws -> Double {
      let observer = AttackObserver(
        cell: cell, spec: spec, attacked: attacked, workers: options.workers,
        interruption: interruption)
      let watch = StopWatch()
      observe =
        try cell.preset == nil ? observer.schemeUnits(fold: 0) : observer.moteUnits(fold: 0)
      return watch.wallSeconds
    }
    let steps = spec.attack!.recipe(of: cell.system)?.steps ?? 0
    let training =
      steps <= 2
      ? try preparing(spec)
      : extrapolated(
        to: steps, from: (1, try preparing(spec.training(cell.system, steps: 1))),
        (2, try preparing(spec.training(cell.system, steps: 2))))
    let sample = try PilotSample(
      of: data.comparisons[0], workers: options.workers, seconds: seconds
    ) { try observe!($0, .targets).scores }
    let isNetwork = cell.preset != nil
    let evaluating = try self.evaluating(
      sample, data, conventions: [spec.conventions[0]], targets: spec.operatingPoints,
      isNetwork: isNetwork, keepsReplicates: [])
    return Pilot(
      size: size, epochRows: spec.epochRows(of: cell, size), preparing: training * folds,
      enrolling: sample.secondsPerReference, evaluating: evaluating,
      auditing: try auditing(sample, cell, attacked))
  }

  /// Wall seconds of all attacks: one question about so many targets and twice as many is carried
  /// over to all targets and questions.
  ///
  /// Where fewer were observed, the rows are used again, each value a little changed.
  private func auditing(_ sample: PilotSample, _ cell: Cell, _ attacked: AttackData) throws
    -> Double
  {
    let attribute = attacked.attributes[0]
    let labelled = attribute.groupOfReference.count { $0 >= 0 }
    let audit = GenderInference(
      spec.attack!.configuration(
        replicates: spec.bootstrap.replicates, seed: attacked.data.seed))
    func seconds(_ targets: Int) throws -> Double {
      let input = auditInput(sample, cell, attacked, targets: targets)
      let watch = StopWatch()
      _ = try audit.audit(input, question: attribute.questions[0], check: interruption.check)
      return watch.wallSeconds
    }
    let most = max(8, min(labelled, 60))
    let total = extrapolated(
      to: labelled, from: (most / 2, try seconds(most / 2)), (most, try seconds(most)))
    return total * Double(attacked.attributes.reduce(0) { $0 + $1.questions.count })
  }

  private func auditInput(
    _ sample: PilotSample, _ cell: Cell, _ attacked: AttackData, targets: Int
  ) -> AttackInput {
    let attribute = attacked.attributes[0]
    let comparison = attacked.data.comparisons[0]
    let isNetwork = cell.preset != nil
    let opens = spec.attack!.observation.opensTemplates
    let first = attribute.questions[0].firstGroup
    let other = attribute.gallery.groups.indices.first { $0 != first }!
    let observed = sample.blocks.flatMap { block in (0..<block.rows).map { block[row: $0] } }
    let galleries = attacked.attributes.reduce(0) { $0 + $1.gallery.count }
    /// Columns of rows that are observed, over and over.
    func rows(_ count: Int, _ columns: Range<Int>, of side: UInt32) -> Matrix64 {
      Matrix64(
        (0..<count).map { i in
          var rng = CounterRNG(seed: 0, purpose: .bootstrap, subject: UInt32(i), step: side)
          return observed[i % observed.count][columns].map {
            Double($0) * (0.95 + 0.1 * rng.uniform())
          }
        })
    }
    let start = comparison.probeCount
    let scores = start..<(start + attribute.gallery.count)
    let width = (observed[0].count - start - galleries) / attacked.attributes.count
    let features = (start + galleries)..<(start + galleries + width)
    func whiteBox(_ rows: Matrix64) -> WhiteBoxFeatures? {
      isNetwork && opens ? WhiteBoxFeatures(rows: rows) : nil
    }
    func templates(_ rows: Matrix64) -> Matrix64? { isNetwork || !opens ? nil : rows }
    let targetFeatures = rows(targets, features, of: 0)
    let ownCount = attribute.groupOfOwn.count { $0 >= 0 }
    let ownFeatures = rows(ownCount, features, of: 1)
    let references = Matrix64(
      (0..<targets).map { i in
        let row = comparison.referenceRows[sample.rows[i % sample.rows.count]]
        return comparison.set.vectors.values(ofRow: Int(row)).map(Double.init)
      })
    return AttackInput(
      system: cell.attackedSystem, gallery: attribute.gallery,
      scores: rows(targets, scores, of: 0), kind: isNetwork ? .logit : .similarity,
      groupOfTarget: (0..<targets).map { $0 % 2 == 0 ? first : other },
      whiteBox: whiteBox(targetFeatures), templates: templates(targetFeatures),
      references: references, secondSamples: (Array(0..<targets), references),
      own: ownCount == 0
        ? nil
        : OwnReferences(
          scores: rows(ownCount, scores, of: 1),
          groupOfReference: attribute.groupOfOwn.filter { $0 >= 0 },
          whiteBox: whiteBox(ownFeatures), templates: templates(ownFeatures)))
  }
}

extension ExperimentSpec {
  /// The spec with a scheme that is trained in so many steps.
  func training(_ system: String, steps: Int) -> ExperimentSpec {
    var spec = self
    spec.attack?.schemes = attack!.schemes.map {
      $0.name == system ? $0.training(steps: steps) : $0
    }
    return spec
  }
}

extension ProtectionRecipe {
  /// Epochs of PFRNet or trees per forest of IVE, which its training time is proportional to; nil
  /// where there are none.
  var steps: Int? {
    switch self {
    case .pfrNet(let network): network.epochs
    case .incrementalVariableElimination(let elimination): elimination.trees
    default: nil
    }
  }

  /// The recipe with so many of these steps.
  func training(steps: Int) -> ProtectionRecipe {
    switch self {
    case .pfrNet(var network):
      network.epochs = steps
      return .pfrNet(network)
    case .incrementalVariableElimination(var elimination):
      elimination.trees = steps
      return .incrementalVariableElimination(elimination)
    default: return self
    }
  }
}
