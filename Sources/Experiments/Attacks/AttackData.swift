import AttackReports
import Configurations
import Datasets
import Kernels
import Privacy
import Records
import Specs

/// One attribute under attack: what the attacker knows, and what there is to infer.
struct AttackedAttribute {
  let gallery: AttackerGallery
  let questions: [BinaryQuestion]
  /// Group of each reference, folds one after the other: an index into the gallery's groups; -1
  /// without label.
  let groupOfReference: [Int]
  /// The same of each of the attacker's own references.
  let groupOfOwn: [Int]
  /// The gallery's sample of the person behind each own reference; nil: none.
  let sampleOfOwn: [Int?]
}

/// The data of an attacked cell. Making it finds everything that the data do not allow, before
/// anything is trained.
struct AttackData {
  /// Partitions, comparisons and units as an evaluation has them.
  let data: BatchData
  /// The partitions with the cohort cut to the cell's male share.
  let partitions: [SubjectPartition]
  let attributes: [AttackedAttribute]
  /// What the attacker enrols himself.
  let own: OwnEnrolments
  let cohort: AttackedCohort?
  let warnings: [String]

  /// - Throws: `PrivacyError`, `AttackDataError`, and what `BatchData` throws.
  init(spec: ExperimentSpec, cell: Cell, shelf: DataShelf) throws {
    let data = try BatchData(
      spec: spec,
      batch: CellBatch(
        dataset: cell.dataset, extractor: cell.extractor, repeatIndex: cell.repeatIndex,
        configuration: cell.preset, cells: [cell], learns: spec.trains(cell)),
      shelf: shelf)
    let trains = spec.trains(cell)
    let share = cell.attack?.cohortMaleShare
    partitions = try data.partitions.map { partition in
      guard let share else { return partition }
      return SubjectPartition(
        fold: partition.fold,
        cohort: try partition.cohort.cut(toMaleShare: share, seed: data.protocolSeed),
        development: partition.development, evaluation: partition.evaluation,
        evaluationSubjects: partition.evaluationSubjects)
    }
    cohort = trains ? AttackedCohort(partitions[0].cohort) : nil
    let attackerName = spec.attackerDataset(attacking: cell.dataset)!
    let attacker = try shelf.load(attackerName, extractor: cell.extractor)
    guard attacker.dimension == data.set.dimension else {
      throw AttackDataError.dimensions(
        attacker: attackerName, found: attacker.dimension, attacked: cell.dataset,
        expected: data.set.dimension)
    }
    // Names tell people apart within one dataset only.
    var taken: Set<String> = []
    for partition in data.partitions {
      for part in [partition.cohort, partition.development, partition.evaluation]
      where part.set.dataset == attackerName {
        taken.formUnion(part.subjects.map { attacker.subjects[Int($0)] })
      }
    }
    var warnings = data.warnings
    if attackerName != cell.dataset {
      warnings += shelf.warnings(of: attackerName, extractor: cell.extractor)
    }
    let observation = spec.attack!.observation
    let drawn = try observation.attributes.map { attribute in
      let labels = try AttributeLabels(attribute, of: data.set)
      let known =
        attackerName == cell.dataset ? labels : try AttributeLabels(attribute, of: attacker)
      let gallery = try AttackerGallery.draw(
        from: attacker, labels: known, excluding: taken, size: observation.gallery,
        seed: data.protocolSeed)
      return (attribute: attribute, labels: labels, known: known, gallery: gallery)
    }
    // References of the people that the first attribute chose serve all attributes.
    let own = try OwnEnrolments(
      gallery: drawn[0].gallery, of: attacker, perGroup: observation.ownReferences,
      folds: data.partitions.count, seed: data.protocolSeed)
    let ownRows = own.comparisons.flatMap { $0?.referenceRows ?? [] }
    attributes = try drawn.map { attribute, labels, known, gallery in
      let groups = data.comparisons.flatMap(\.referenceRows).map { row in
        let group = labels.groupOfRow[Int(row)]
        return group < 0 ? -1 : gallery.groups.firstIndex(of: labels.groups[group]) ?? -1
      }
      let (answerable, empty) = Self.divided(known.questions, groups: groups)
      if answerable.isEmpty {
        let question = empty[0]
        throw PrivacyError.targetsOfOneGroup(
          group: groups.contains(question.firstGroup) ? question.first : question.second,
          targets: groups.count { $0 >= 0 })
      }
      warnings += empty.map {
        "\(cell.dataset): '\($0.first)' of \(attribute) is not attacked, targets lack one side"
      }
      let samples = gallery.sampleOfSubject(in: attacker)
      return AttackedAttribute(
        gallery: gallery, questions: answerable, groupOfReference: groups,
        groupOfOwn: ownRows.map { known.groupOfRow[Int($0)] },
        sampleOfOwn: own.subjects.map { samples[Int($0)] })
    }
    self.data = data
    self.own = own
    self.warnings = warnings
  }

  /// Questions with targets on both sides, and the others.
  private static func divided(_ questions: [BinaryQuestion], groups: [Int])
    -> (answerable: [BinaryQuestion], empty: [BinaryQuestion])
  {
    let labelled = groups.count { $0 >= 0 }
    func isAnswerable(_ question: BinaryQuestion) -> Bool {
      let first = groups.count { $0 == question.firstGroup }
      return first > 0 && first < labelled
    }
    return (questions.filter(isAnswerable), questions.filter { !isAnswerable($0) })
  }
}

extension AttackedCohort {
  /// Counts of a training cohort.
  init(_ rows: EmbeddingRows) {
    let genders = rows.rows.map { rows.set.genderOfSubject[Int(rows.set.subjectOfRow[Int($0)])] }
    self.init(
      subjects: rows.subjects.count, rows: rows.rows.count,
      maleRows: genders.count { $0 == .male }, femaleRows: genders.count { $0 == .female })
  }
}

extension EmbeddingRows {
  /// Whole subjects left out, drawn by seed and identifier, until the male share of the rows is as
  /// near to `share` as they allow; subjects without gender label go too.
  ///
  /// - Throws: `AttackDataError.cohortOfOneGender`.
  func cut(toMaleShare share: Double, seed: UInt64) throws -> EmbeddingRows {
    var count = [Int](repeating: 0, count: set.subjects.count)
    for row in rows { count[Int(set.subjectOfRow[Int(row)])] += 1 }
    func members(_ gender: Gender) -> [Int] {
      var found = count.indices.filter { count[$0] > 0 && set.genderOfSubject[$0] == gender }
        .sorted { set.subjects[$0] < set.subjects[$1] }
      var rng = CounterRNG(
        seed: seed, purpose: .cohortSelection, subject: UInt32(gender.rawValue), step: 1)
      rng.shuffle(&found)
      return found
    }
    let (male, female) = (members(.male), members(.female))
    let maleRows = Double(male.reduce(0) { $0 + count[$1] })
    let femaleRows = Double(female.reduce(0) { $0 + count[$1] })
    guard maleRows > 0, femaleRows > 0 else {
      throw AttackDataError.cohortOfOneGender(
        dataset: set.dataset, share: share, male: Int(maleRows), female: Int(femaleRows))
    }
    func first(_ subjects: [Int], rows limit: Double) -> [Int] {
      var sum = 0.0
      return subjects.filter { subject in
        let added = Double(count[subject])
        guard sum + added / 2 <= limit else { return false }
        sum += added
        return true
      }
    }
    let kept =
      maleRows / (maleRows + femaleRows) > share
      ? first(male, rows: femaleRows * share / (1 - share)) + female
      : male + first(female, rows: maleRows * (1 - share) / share)
    var isKept = [Bool](repeating: false, count: set.subjects.count)
    for subject in kept { isKept[subject] = true }
    return EmbeddingRows(set: set, rows: rows.filter { isKept[Int(set.subjectOfRow[Int($0)])] })
  }
}

/// Why a system cannot be attacked with these data.
package enum AttackDataError: Error, CustomStringConvertible, Equatable {
  case dimensions(attacker: String, found: Int, attacked: String, expected: Int)
  case cohortOfOneGender(dataset: String, share: Double, male: Int, female: Int)

  package var description: String {
    switch self {
    case .dimensions(let attacker, let found, let attacked, let expected):
      "the attacker's dataset '\(attacker)' has dimension \(found), the attacked '\(attacked)' "
        + "\(expected); they must come from the same extractor"
    case .cohortOfOneGender(let dataset, let share, let male, let female):
      "'\(dataset)': a cohort with \(share) male rows needs both genders, found \(male) male and "
        + "\(female) female rows; use 'as_is' under 'cohort_male_shares'"
    }
  }
}
