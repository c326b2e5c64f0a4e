import AttackReports
import Biometrics
import Datasets
import Kernels
import Privacy
import Records
import Specs

/// The observed rows of a cell, taken apart (see `AttackObserver` for their layout).
struct AttackedScores {
  let attacked: AttackData
  /// Scores against probes by fold.
  private(set) var trialBlocks: [[ScoreMatrix]]
  /// What the units left behind besides their scores.
  private(set) var outcome = UnitOutcome()
  /// Values of a row that are neither scores against probes nor against galleries.
  private var featureColumns: Int?
  private var targets: Rows
  private var own: Rows

  /// What follows the scores against probes, by attribute: rows one after the other.
  private struct Rows {
    /// Place of each row's reference among those of all folds.
    var references: [Int] = []
    var galleryScores: [[Double]]
    var features: [[Double]]

    init(attributes: Int) {
      galleryScores = Array(repeating: [], count: attributes)
      features = galleryScores
    }

    mutating func append(
      _ row: UnsafeBufferPointer<Float>, reference: Int, galleries: [Int]
    ) {
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
      references.append(reference)
    }

    func matrix(_ values: [Double], _ rows: [Int]) -> Matrix64 {
      let count = references.count
      return Matrix64(rows: count, columns: values.count / max(count, 1), values: values)
        .selecting(rows: rows)
    }
  }

  init(_ attacked: AttackData) {
    self.attacked = attacked
    trialBlocks = attacked.data.comparisons.map { _ in [] }
    targets = Rows(attributes: attacked.attributes.count)
    own = targets
  }

  /// Takes the rows of one unit.
  ///
  /// - Throws: `StoreError.badBlock` for rows that do not hold what was observed.
  mutating func append(
    _ block: ScoreBlock<UnitOutcome>, _ unit: UnitOfWork, _ side: AttackedSide
  ) throws(StoreError) {
    let galleries = attacked.attributes.map(\.gallery.count)
    let scores = block.scores
    let probes = side == .own ? 0 : attacked.data.comparisons[unit.fold].probeCount
    let features = scores.columns - probes - galleries.reduce(0, +)
    guard scores.rows == unit.rows.count, features >= 0, features.isMultiple(of: galleries.count),
      featureColumns == nil || featureColumns == features
    else {
      throw .badBlock(
        path: unit.name,
        reason: "it has \(scores.rows) rows of \(scores.columns) values, which are not those of the"
          + " attack; remove the folder 'scores' of the experiment and run again")
    }
    featureColumns = features
    outcome.append(block.metadata)
    if side == .own {
      let before = attacked.own.comparisons[..<unit.fold].reduce(0) {
        $0 + ($1?.referenceCount ?? 0)
      }
      for (i, r) in unit.rows.enumerated() {
        own.append(scores[row: i], reference: before + r, galleries: galleries)
      }
      return
    }
    let comparisons = attacked.data.comparisons
    let before = comparisons[..<unit.fold].reduce(0) { $0 + $1.referenceCount }
    let rest = scores.columns(probes..<scores.columns)
    for (i, r) in unit.rows.enumerated() {
      targets.append(rest[row: i], reference: before + r, galleries: galleries)
    }
    trialBlocks[unit.fold].append(scores.columns(0..<probes))
  }

  /// Targets that were observed.
  var targetCount: Int { targets.references.count }

  /// Questions about an attribute that have so many observed targets on both sides. When all targets
  /// are observed, each question has one.
  func questions(_ attribute: AttackedAttribute, targets least: Int) -> [BinaryQuestion] {
    let groups = targets.references.map { attribute.groupOfReference[$0] }
    let labelled = groups.count { $0 >= 0 }
    return attribute.questions.filter { question in
      let first = groups.count { $0 == question.firstGroup }
      return min(first, labelled - first) >= least
    }
  }

  /// All attacks on every attribute. The attacker's own draws (classifiers, folds, chosen targets,
  /// replicates) are the same in every repeat, so that repeats differ by the training of the attacked
  /// system alone and replicate b of each draws the same targets (definitions 13).
  ///
  /// - Parameter least: targets that a question needs on both sides; others are left out.
  /// - Throws: `PrivacyError`, or `Interrupted`.
  func reports(
    _ interruption: Interruption, targets least: Int = 1
  ) throws -> [AttackReport] {
    let inputs = attacked.inputs
    let rules = inputs.evaluation.audit!
    let audit = GenderInference(
      rules.configuration(
        replicates: inputs.evaluation.bootstrap.replicates, seed: inputs.division.seed))
    let isNetwork = inputs.enrolment != nil
    let opens = inputs.attack!.observation.opensTemplates
    return try attacked.attributes.indices.flatMap { a in
      let attribute = attacked.attributes[a]
      let chosen = chosen(attribute, rules.targets)
      let features = targets.matrix(targets.features[a], chosen)
      let (references, second) = vectors(of: chosen.map { targets.references[$0] })
      let input = AttackInput(
        system: inputs.cell.attackedSystem, gallery: attribute.gallery,
        scores: targets.matrix(targets.galleryScores[a], chosen),
        kind: isNetwork ? .logit : .similarity,
        groupOfTarget: chosen.map { attribute.groupOfReference[targets.references[$0]] },
        whiteBox: isNetwork && opens ? WhiteBoxFeatures(rows: features) : nil,
        templates: !isNetwork && opens ? features : nil, references: references,
        secondSamples: second, own: ownReferences(a, isNetwork: isNetwork, opens: opens))
      return try questions(attribute, targets: least).map {
        try audit.audit(input, question: $0, check: interruption.check)
      }
    }
  }

  /// What the attacker enrolled himself and has a label of the attribute; nil: nothing.
  private func ownReferences(_ a: Int, isNetwork: Bool, opens: Bool) -> OwnReferences? {
    let attribute = attacked.attributes[a]
    let people = own.references
    let labelled = people.indices.filter { attribute.groupOfOwn[people[$0]] >= 0 }
    guard !labelled.isEmpty else { return nil }
    let features = own.matrix(own.features[a], labelled)
    var references = OwnReferences(
      scores: own.matrix(own.galleryScores[a], labelled),
      groupOfReference: labelled.map { attribute.groupOfOwn[people[$0]] },
      whiteBox: isNetwork && opens ? WhiteBoxFeatures(rows: features) : nil,
      templates: !isNetwork && opens ? features : nil)
    references.leaveOutOwnSamples(
      labelled.map { attribute.sampleOfOwn[people[$0]] },
      groupOfSample: attribute.gallery.groupOfSample)
    return references
  }

  /// The attacked ones of the observed references: all with a label, or equally many of each group.
  private func chosen(_ attribute: AttackedAttribute, _ rule: AttackSpec.Targets) -> [Int] {
    let groups = targets.references.map { attribute.groupOfReference[$0] }
    let labelled = groups.indices.filter { groups[$0] >= 0 }
    guard rule == .balanced else { return labelled }
    let members = attribute.gallery.groups.indices.map { g in labelled.filter { groups[$0] == g } }
      .filter { !$0.isEmpty }
    let smallest = members.map(\.count).min() ?? 0
    return members.enumerated().flatMap { g, indices in
      var order = indices
      var rng = CounterRNG(
        seed: attacked.data.protocolSeed, purpose: .attackerGallery, subject: UInt32(g), step: 1)
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
