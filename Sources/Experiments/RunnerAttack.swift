import Biometrics
import Datasets
import Foundation
import Kernels
import MOTE
import Privacy

/// Attacks: from the data of a cell to its record.
extension Runner {
  /// Finds what the data do not allow: missing labels, one group only, a gallery that is too large.
  ///
  /// - Throws: `PrivacyError`, `AttackDataError`, or what is wrong with the data themselves.
  func checkAttacks(_ cells: [CellKey], _ shelf: DataShelf) throws {
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
  func attack(_ cell: CellKey, _ fingerprint: CellFingerprint, _ shelf: DataShelf) throws
    -> AttackRecord
  {
    let start = ContinuousClock.now
    let began = Date()
    BLAS.useOneThread()
    let attacked = try AttackData(spec: spec, cell: cell, shelf: shelf)
    let data = attacked.data
    report(.attack(cell, references: data.references))
    let observer = AttackObserver(
      cell: cell, spec: spec, attacked: attacked, workers: options.workers,
      interruption: interruption)
    var seen = AttackedScores(attacked)
    for fold in data.units.indices {
      var observe: ((UnitOfWork) throws -> ScoreBlock<UnitOutcome>)?
      for unit in data.units[fold] {
        try interruption.check()
        let kept = try keptUnit(unit, cell, fingerprint.scoreHash)
        let block: ScoreBlock<UnitOutcome>
        if let kept {
          block = kept
        } else {
          if observe == nil {
            observe =
              try cell.preset == nil
              ? observer.schemeUnits(fold: fold) : observer.moteUnits(fold: fold)
          }
          block = try observe!(unit)
          try store.writeScores(
            block, cell: cell, name: unit.name, scoreHash: fingerprint.scoreHash)
        }
        seen.append(block, fold: fold)
        report(.unit(cell, name: unit.name, references: unit.rows.count, wasKept: kept != nil))
      }
    }
    try interruption.check()
    let reports = try seen.reports(cell: cell, spec: spec)
    try interruption.check()

    let convention = spec.conventions[0]
    let evaluation = try Biometrics.evaluate(
      data.trials(blocks: seen.trialBlocks),
      EvaluationRequest(
        conventions: [EvaluationConvention(convention)], targets: spec.operatingPoints,
        fixedThreshold: cell.preset == nil ? nil : 0,
        bootstrap: data.bootstrapDraws(spec.bootstrap), keepsReplicates: [],
        workers: options.workers))
    var provenance = Provenance.current(spec: spec, dataHashes: shelf.hashesByPath)
    provenance.seed = data.seed
    provenance.startedAt = began.formatted(.iso8601)
    provenance.wallSeconds = (ContinuousClock.now - start) / .seconds(1)
    return AttackRecord(
      key: cell, fingerprint: fingerprint, isSynthetic: data.set.isSynthetic, reports: reports,
      recognition: evaluation.measurements.filter { ["fnmr", "eer", "auc"].contains($0.quantity) },
      convention: convention.name, cohort: attacked.cohort, counts: evaluation.counts,
      audit: data.audit, warnings: attacked.warnings + evaluation.warnings,
      provenance: provenance)
  }

  /// The unit's block when it is on disk, intact and made from the same inputs.
  private func keptUnit(_ unit: UnitOfWork, _ cell: CellKey, _ hash: String) throws
    -> ScoreBlock<UnitOutcome>?
  {
    do {
      return try store.scores(
        cell: cell, name: unit.name, scoreHash: hash, metadata: UnitOutcome.self)
    } catch StoreError.badBlock(let path, let reason) {
      report(.warning("'\(path)' is damaged (\(reason)); the unit is done again"))
      return nil
    }
  }
}

/// The observed rows of a cell, taken apart (see `AttackObserver` for their layout).
private struct AttackedScores {
  let attacked: AttackData
  /// Scores against probes by fold.
  private(set) var trialBlocks: [[Biometrics.ScoreBlock]]
  private var galleryScores: [[Double]]
  private var features: [[Double]]

  init(_ attacked: AttackData) {
    self.attacked = attacked
    trialBlocks = attacked.data.comparisons.map { _ in [] }
    galleryScores = attacked.attributes.map { _ in [] }
    features = attacked.attributes.map { _ in [] }
  }

  mutating func append(_ block: ScoreBlock<UnitOutcome>, fold: Int) {
    let probes = attacked.data.comparisons[fold].probeCount
    let scores = FloatMatrix(rows: block.rows, columns: probes)
    let galleries = attacked.attributes.map(\.gallery.count)
    let width = (block.columns - probes - galleries.reduce(0, +)) / galleries.count
    for i in 0..<block.rows {
      var place = i * block.columns
      _ = scores[row: i].update(fromContentsOf: block.scores[place..<(place + probes)])
      place += probes
      for (a, count) in galleries.enumerated() {
        galleryScores[a] += block.scores[place..<(place + count)].map(Double.init)
        place += count
      }
      for a in galleries.indices {
        features[a] += block.scores[place..<(place + width)].map(Double.init)
        place += width
      }
    }
    trialBlocks[fold].append(
      Biometrics.ScoreBlock(
        base: UnsafePointer(scores.base), rows: block.rows, columns: probes, owner: scores))
  }

  /// All attacks on every attribute.
  func reports(cell: CellKey, spec: ExperimentSpec) throws -> [AttackReport] {
    let data = attacked.data
    let attack = spec.attack!
    let audit = GenderInference(
      attack.configuration(replicates: spec.bootstrap.replicates, seed: data.seed))
    let references = data.references
    return try attacked.attributes.indices.flatMap { a in
      let attribute = attacked.attributes[a]
      let targets = chosen(attribute, attack.audit.targets)
      func matrix(_ values: [Double]) -> Matrix64 {
        Matrix64(rows: references, columns: values.count / references, values: values)
          .selecting(rows: targets)
      }
      let features = matrix(self.features[a])
      let (own, second) = vectors(of: targets)
      let isNetwork = cell.preset != nil
      let hasFeatures = features.columns > 0
      let input = AttackInput(
        system: cell.attackedSystem, gallery: attribute.gallery,
        scores: matrix(galleryScores[a]), kind: isNetwork ? .logit : .similarity,
        groupOfTarget: targets.map { attribute.groupOfReference[$0] },
        whiteBox: isNetwork && hasFeatures ? WhiteBoxFeatures(rows: features) : nil,
        templates: !isNetwork && hasFeatures ? features : nil, references: own,
        secondSamples: second)
      return try attribute.questions.map { try audit.audit(input, question: $0) }
    }
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

extension CellKey {
  /// The attacked system as sentences name it, e.g. "MOTE (paper, cohort 0.85 male)".
  package var attackedSystem: String {
    var details = preset.map { [$0] } ?? []
    if let balancingFactor, balancingFactor != 0.5 { details.append("factor \(balancingFactor)") }
    if let share = attack?.cohortMaleShare { details.append("cohort \(share) male") }
    let name = system == "mote" ? "MOTE" : system
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }
}
