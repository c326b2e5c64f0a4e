import AttackReports
import Configurations
import Datasets
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
  /// What the cell follows from.
  var inputs: CellInputs
  /// Partitions, comparisons and units as an evaluation has them.
  let data: BatchData
  let attributes: [AttackedAttribute]
  /// What the attacker enrols himself.
  let own: OwnEnrolments
  let cohort: AttackedCohort?
  let warnings: [String]

  /// - Throws: `PrivacyError`, `AttackDataError`, and what `BatchData` throws.
  init(_ inputs: CellInputs, shelf: DataShelf) throws {
    let (attack, attackedName) = (inputs.attack!, inputs.division.evaluated.dataset)
    let data = try BatchData(inputs, shelf: shelf)
    cohort = inputs.division.cohort != nil ? AttackedCohort(data.partitions[0].cohort) : nil
    let attacker = try shelf.load(attack.attacker)
    guard attacker.dimension == data.set.dimension else {
      throw AttackDataError.dimensions(
        attacker: attack.attacker.dataset, found: attacker.dimension, attacked: attackedName,
        expected: data.set.dimension)
    }
    var warnings = data.warnings
    if attack.attacker.dataset != attackedName {
      warnings += shelf.warnings(of: attack.attacker)
    }
    let observation = attack.observation
    let drawn = try observation.attributes.map {
      try DrawnAttribute($0, of: data, attacker: attacker, size: observation.gallery)
    }
    // References of the people that the first attribute chose serve all attributes.
    let own = try OwnEnrolments(
      gallery: drawn[0].gallery, of: attacker, perGroup: observation.ownReferences,
      folds: data.partitions.count, seed: data.protocolSeed)
    attributes = try drawn.map {
      try AttackedAttribute($0, of: data, attacker: attacker, own: own, warnings: &warnings)
    }
    self.inputs = inputs
    self.data = data
    self.own = own
    self.warnings = warnings
  }
}

/// An attribute with its labels in the attacked data and in the attacker's, and what the attacker
/// drew of it.
private struct DrawnAttribute {
  let labels: AttributeLabels
  let known: AttributeLabels
  let gallery: AttackerGallery

  /// - Throws: `PrivacyError`.
  init(_ attribute: String, of data: BatchData, attacker: EmbeddingSet, size: GallerySize) throws {
    labels = try AttributeLabels(attribute, of: data.set)
    known =
      attacker.dataset == data.set.dataset
      ? labels : try AttributeLabels(attribute, of: attacker)
    gallery = try AttackerGallery.draw(
      from: attacker, labels: known, excluding: data.people(of: attacker.dataset), size: size,
      seed: data.protocolSeed)
  }
}

extension AttackedAttribute {
  /// - Parameter warnings: receives the questions that cannot be asked.
  /// - Throws: `PrivacyError.targetsOfOneGroup` where none can be.
  fileprivate init(
    _ drawn: DrawnAttribute, of data: BatchData, attacker: EmbeddingSet, own: OwnEnrolments,
    warnings: inout [String]
  ) throws {
    let (labels, known, gallery) = (drawn.labels, drawn.known, drawn.gallery)
    let groups = data.comparisons.flatMap(\.referenceRows).map { row in
      let group = labels.groupOfRow[Int(row)]
      return group < 0 ? -1 : gallery.groups.firstIndex(of: labels.groups[group]) ?? -1
    }
    let labelled = groups.count { $0 >= 0 }
    let answerable = known.questions.filter { question in
      // Questions need targets on both sides.
      let first = groups.count { $0 == question.firstGroup }
      return first > 0 && first < labelled
    }
    if answerable.isEmpty {
      let question = known.questions[0]
      throw PrivacyError.targetsOfOneGroup(
        group: groups.contains(question.firstGroup) ? question.first : question.second,
        targets: labelled)
    }
    for question in known.questions where !answerable.contains(question) {
      warnings.append(
        "\(data.set.dataset): '\(question.first)' of \(labels.attribute) is not attacked, targets "
          + "lack one side")
    }
    let samples = gallery.sampleOfSubject(in: attacker)
    self.init(
      gallery: gallery, questions: answerable, groupOfReference: groups,
      groupOfOwn: own.comparisons.flatMap { $0?.referenceRows ?? [] }.map {
        known.groupOfRow[Int($0)]
      },
      sampleOfOwn: own.subjects.map { samples[Int($0)] })
  }
}

extension BatchData {
  /// Names of all people of a dataset who take a part, or would in a cohort that is not cut, so that
  /// the attacker has the same samples whatever the share; they tell people apart within it only.
  fileprivate func people(of dataset: String) -> Set<String> {
    var names: Set<String> = []
    for (partition, uncut) in zip(partitions, uncutCohorts) {
      for part in [uncut, partition.development, partition.evaluation]
      where part.set.dataset == dataset {
        names.formUnion(part.subjects.map { part.set.subjects[Int($0)] })
      }
    }
    return names
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

/// Why a system cannot be attacked with these data.
package enum AttackDataError: Error, CustomStringConvertible, Equatable {
  case dimensions(attacker: String, found: Int, attacked: String, expected: Int)

  package var description: String {
    switch self {
    case .dimensions(let attacker, let found, let attacked, let expected):
      "the attacker's dataset '\(attacker)' has dimension \(found), the attacked '\(attacked)' "
        + "\(expected); they must come from the same extractor"
    }
  }
}
