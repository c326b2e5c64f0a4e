import AttackReports
import Biometrics
import Datasets
import Foundation
import Kernels
import MOTE
import Privacy
import Records
import Specs

/// Attacks: from the data of a cell to its record.
extension Runner {
  /// Finds what the data do not allow: missing labels, one group only, a gallery that is too large.
  ///
  /// - Throws: `PrivacyError`, `AttackDataError`, or what is wrong with the data themselves.
  func checkAttacks(_ cells: [Cell], _ shelf: DataShelf) throws {
    var seen: Set<[String]> = []
    for cell in cells {
      let share = cell.attack?.cohortMaleShare.map { "\($0)" } ?? ""
      let what = [
        cell.dataset, cell.extractor, "\(cell.repeatIndex)", cell.preset ?? "",
        "\(spec.trains(cell))", share,
      ]
      if seen.insert(what).inserted { _ = try AttackData(spec: spec, cell: cell, shelf: shelf) }
    }
  }

  /// Makes and attacks the references of a cell. Units of references that are on disk are kept.
  func attack(_ cell: Cell, _ fingerprint: CellFingerprint, _ shelf: DataShelf) throws
    -> AttackRecord
  {
    let start = ContinuousClock.now
    let began = Date()
    let attacked = try AttackData(spec: spec, cell: cell, shelf: shelf)
    let data = attacked.data
    var seen = AttackedScores(attacked)
    _ = try observe(cell, fingerprint, attacked) { seen.append($0, fold: $1, $2) }
    try interruption.check()
    let reports = try seen.reports(cell: cell, spec: spec, interruption)
    try interruption.check()

    let convention = spec.conventions[0]
    let evaluation = try Biometrics.evaluate(
      data.trials(blocks: seen.trialBlocks),
      EvaluationRequest(
        conventions: [convention], targets: spec.operatingPoints,
        fixedThreshold: cell.preset == nil ? nil : 0,
        bootstrap: data.bootstrapDraws(spec.bootstrap), keepsReplicates: [],
        workers: options.workers))
    var provenance = Provenance.current(spec: spec, dataHashes: shelf.hashesByPath)
    provenance.seed = data.seed
    provenance.startedAt = began.formatted(.iso8601)
    provenance.wallSeconds = (ContinuousClock.now - start) / .seconds(1)
    return AttackRecord(
      key: cell, fingerprint: fingerprint, isSynthetic: data.set.isSynthetic, reports: reports,
      recognition: evaluation.measurements.filter { [.fnmr, .eer, .auc].contains($0.quantity) },
      convention: convention.name, cohort: attacked.cohort, counts: evaluation.counts,
      audit: data.audit, warnings: attacked.warnings + evaluation.warnings,
      provenance: provenance)
  }

  /// Makes what the attacker observes of a cell, unit by unit; in a shard, its own units only. Units
  /// that are on disk are kept.
  ///
  /// - Parameter use: receives each unit's block with its fold.
  /// - Returns: units that were made, not found on disk.
  func observe(
    _ cell: Cell, _ fingerprint: CellFingerprint, _ attacked: AttackData,
    use: (ScoreBlock<UnitOutcome>, Int, AttackedSide) -> Void
  ) throws -> Int {
    BLAS.useOneThread()
    let ordinal = spec.cells().firstIndex(of: cell)!
    let units = attacked.units.enumerated().filter { number, _ in
      options.shard?.owns(unit: number, cell: ordinal) ?? true
    }.map(\.element)
    report(.attack(cell, references: units.reduce(0) { $0 + $1.unit.rows.count }))
    let observer = AttackObserver(
      cell: cell, spec: spec, attacked: attacked, workers: options.workers,
      interruption: interruption)
    var observation: (fold: Int, observe: AttackObserver.Observation)?
    var made = 0
    for (side, fold, unit) in units {
      try interruption.check()
      let name = side.name(unit)
      let kept = try keptBlock(name, cell, fingerprint.scoreHash, UnitOutcome.self)
      let block: ScoreBlock<UnitOutcome>
      if let kept {
        block = kept
      } else {
        // Made when the first unit of a fold needs it; it holds what the fold was trained on.
        if observation?.fold != fold {
          observation = nil
          observation = (
            fold,
            try cell.preset == nil
              ? observer.schemeUnits(fold: fold) : observer.moteUnits(fold: fold)
          )
        }
        block = try observation!.observe(unit, side)
        try store.writeScores(block, cell: cell, name: name, scoreHash: fingerprint.scoreHash)
        made += 1
      }
      use(block, fold, side)
      report(.unit(cell, name: name, references: unit.rows.count, wasKept: kept != nil))
    }
    return made
  }
}

/// The observed rows of a cell, taken apart (see `AttackObserver` for their layout).
private struct AttackedScores {
  let attacked: AttackData
  /// Scores against probes by fold.
  private(set) var trialBlocks: [[ScoreMatrix]]
  private var targets: Rows
  private var own: Rows

  /// What follows the scores against probes, by attribute: rows one after the other.
  private struct Rows {
    var count = 0
    var galleryScores: [[Double]]
    var features: [[Double]]

    init(attributes: Int) {
      galleryScores = Array(repeating: [], count: attributes)
      features = galleryScores
    }

    mutating func append(_ row: UnsafeBufferPointer<Float>, galleries: [Int]) {
      let width = (row.count - galleries.reduce(0, +)) / galleries.count
      var place = 0
      for (a, count) in galleries.enumerated() {
        galleryScores[a] += row[place..<(place + count)].map(Double.init)
        place += count
      }
      for a in galleries.indices {
        features[a] += row[place..<(place + width)].map(Double.init)
        place += width
      }
      count += 1
    }

    func matrix(_ values: [Double], _ rows: [Int]) -> Matrix64 {
      Matrix64(rows: count, columns: values.count / max(count, 1), values: values)
        .selecting(rows: rows)
    }
  }

  init(_ attacked: AttackData) {
    self.attacked = attacked
    trialBlocks = attacked.data.comparisons.map { _ in [] }
    targets = Rows(attributes: attacked.attributes.count)
    own = targets
  }

  mutating func append(_ block: ScoreBlock<UnitOutcome>, fold: Int, _ side: AttackedSide) {
    let galleries = attacked.attributes.map(\.gallery.count)
    if side == .own {
      for i in 0..<block.scores.rows { own.append(block.scores[row: i], galleries: galleries) }
      return
    }
    let probes = attacked.data.comparisons[fold].probeCount
    let rest = block.scores.columns(probes..<block.scores.columns)
    for i in 0..<rest.rows { targets.append(rest[row: i], galleries: galleries) }
    trialBlocks[fold].append(block.scores.columns(0..<probes))
  }

  /// All attacks on every attribute.
  ///
  /// - Throws: `PrivacyError`, or `Interrupted`.
  func reports(cell: Cell, spec: ExperimentSpec, _ interruption: Interruption) throws
    -> [AttackReport]
  {
    let data = attacked.data
    let attack = spec.attack!
    let audit = GenderInference(
      attack.configuration(replicates: spec.bootstrap.replicates, seed: data.seed))
    let isNetwork = cell.preset != nil
    let opens = attack.observation.opensTemplates
    return try attacked.attributes.indices.flatMap { a in
      let attribute = attacked.attributes[a]
      let chosen = chosen(attribute, attack.audit.targets)
      let features = targets.matrix(targets.features[a], chosen)
      let (references, second) = vectors(of: chosen)
      let input = AttackInput(
        system: cell.attackedSystem, gallery: attribute.gallery,
        scores: targets.matrix(targets.galleryScores[a], chosen),
        kind: isNetwork ? .logit : .similarity,
        groupOfTarget: chosen.map { attribute.groupOfReference[$0] },
        whiteBox: isNetwork && opens ? WhiteBoxFeatures(rows: features) : nil,
        templates: !isNetwork && opens ? features : nil, references: references,
        secondSamples: second, own: ownReferences(a, isNetwork: isNetwork, opens: opens))
      return try attribute.questions.map {
        try audit.audit(input, question: $0, check: interruption.check)
      }
    }
  }

  /// What the attacker enrolled himself and has a label of the attribute; nil: nothing.
  private func ownReferences(_ a: Int, isNetwork: Bool, opens: Bool) -> OwnReferences? {
    let attribute = attacked.attributes[a]
    let labelled = attribute.groupOfOwn.indices.filter { attribute.groupOfOwn[$0] >= 0 }
    guard !labelled.isEmpty else { return nil }
    let features = own.matrix(own.features[a], labelled)
    var references = OwnReferences(
      scores: own.matrix(own.galleryScores[a], labelled),
      groupOfReference: labelled.map { attribute.groupOfOwn[$0] },
      whiteBox: isNetwork && opens ? WhiteBoxFeatures(rows: features) : nil,
      templates: !isNetwork && opens ? features : nil)
    references.leaveOutOwnSamples(
      labelled.map { attribute.sampleOfOwn[$0] }, groupOfSample: attribute.gallery.groupOfSample)
    return references
  }

  /// The attacked references: all with a label, or equally many of each group.
  private func chosen(_ attribute: AttackedAttribute, _ rule: AttackSpec.Targets) -> [Int] {
    let groups = attribute.groupOfReference
    let labelled = groups.indices.filter { groups[$0] >= 0 }
    guard rule == .balanced else { return labelled }
    let members = attribute.gallery.groups.indices.map { g in labelled.filter { groups[$0] == g } }
      .filter { !$0.isEmpty }
    let smallest = members.map(\.count).min() ?? 0
    return members.enumerated().flatMap { g, indices in
      var order = indices
      var rng = CounterRNG(
        seed: attacked.data.seed, purpose: .attackerGallery, subject: UInt32(g), step: 1)
      rng.shuffle(&order)
      return order.prefix(smallest)
    }.sorted()
  }

  /// Reference samples of the targets, and another sample of those who have one.
  private func vectors(of targets: [Int]) -> (
    own: Matrix64, second: (targets: [Int], vectors: Matrix64)
  ) {
    let set = attacked.data.set
    let rows = attacked.data.comparisons.flatMap(\.referenceRows)
    func values(_ row: Int32) -> [Double] { set.vectors.values(ofRow: Int(row)).map(Double.init) }
    var second: (targets: [Int], rows: [Int32]) = ([], [])
    for (t, target) in targets.enumerated() {
      let subject = Int(set.subjectOfRow[Int(rows[target])])
      if let other = set.rows(of: subject).first(where: { $0 != rows[target] }) {
        second.targets.append(t)
        second.rows.append(other)
      }
    }
    return (
      Matrix64(targets.map { values(rows[$0]) }),
      (second.targets, Matrix64(second.rows.map(values)))
    )
  }
}

extension WhiteBoxFeatures {
  /// From rows of four vectors of equal width.
  fileprivate init(rows: Matrix64) {
    let d = rows.columns / 4
    self.init(
      (0..<rows.rows).map { i in
        let row = Array(rows[row: i])
        func part(_ k: Int) -> [Double] { Array(row[(k * d)..<((k + 1) * d)]) }
        return WhiteBoxObservation(
          meanGradient: part(0), linearisedProduct: part(1), recovered: part(2),
          recoveredFromBestStart: part(3))
      })
  }
}
