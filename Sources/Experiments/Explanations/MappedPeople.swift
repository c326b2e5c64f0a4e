import Configurations
import Datasets
import Explain
import Kernels

/// The people of a file of exported maps, found again among the evaluated people of a spec.
struct MappedPeople {
  /// In order of identifier, [p].
  let identities: [String]
  let genders: [Gender]
  /// Fold and reference of each, [p].
  let folds: [Int]
  let references: [Int]
  /// Row of each person's reference sample in the set, [p].
  let referenceRows: [Int32]
  /// Person of each image of the file, [n].
  let personOfImage: [Int]
  /// Whether an image is the reference sample itself (or nearly), [n].
  let isReference: [Bool]
  /// One comparison with a reference each: mated ones first, in order of images.
  let trials: [MapTrial]

  var count: Int { identities.count }
  var matedTrials: Int { trials.count(where: \.isMated) }

  /// Cosine from which on two embeddings are of one image: other alignments of it stay above.
  private static let sameImage = 0.99

  /// - Throws: `MappedPeopleError` where people are not evaluated ones, an image is none of the person's,
  ///   or nobody has an image besides the reference.
  init(_ maps: ExportedMaps, _ data: BatchData) throws {
    let set = data.set
    guard set.dimension == maps.dimension else {
      throw MappedPeopleError.otherDimension(
        maps: maps.path, found: maps.dimension, set: set.path, expected: set.dimension)
    }
    let identities = Set(maps.identities).sorted()
    let subjects = Dictionary(
      uniqueKeysWithValues: set.subjects.enumerated().map { ($1, Int32($0)) })
    var places: [Int32: (fold: Int, reference: Int)] = [:]
    for (fold, comparison) in data.comparisons.enumerated() {
      for (r, subject) in comparison.referenceSubjects.enumerated() {
        if places[subject] == nil { places[subject] = (fold, r) }
      }
    }
    let unknown = identities.filter { subjects[$0] == nil }
    let others = identities.filter { subjects[$0].map { places[$0] == nil } ?? false }
    guard unknown.isEmpty, others.isEmpty else {
      throw MappedPeopleError.notEvaluated(
        maps: maps.path, set: set.path, people: identities.count, unknown: unknown, others: others)
    }
    let own = identities.map { subjects[$0]! }
    self.identities = identities
    genders = own.map { set.genderOfSubject[Int($0)] }
    folds = own.map { places[$0]!.fold }
    references = own.map { places[$0]!.reference }
    referenceRows = own.map {
      data.comparisons[places[$0]!.fold].referenceRows[places[$0]!.reference]
    }
    let person = Dictionary(uniqueKeysWithValues: identities.enumerated().map { ($1, $0) })
    personOfImage = maps.identities.map { person[$0]! }
    isReference = try Self.referenceImages(maps, set, own, personOfImage, referenceRows)
    trials = Self.trials(personOfImage, isReference, genders)
    guard trials.contains(where: \.isMated) else {
      throw MappedPeopleError.nobodyMated(maps: maps.path)
    }
  }

  /// Which images show the reference sample; every image must be one of the person's in the set.
  private static func referenceImages(
    _ maps: ExportedMaps, _ set: EmbeddingSet, _ own: [Int32], _ personOfImage: [Int],
    _ referenceRows: [Int32]
  ) throws -> [Bool] {
    try personOfImage.enumerated().map { image, person in
      let probe = maps.embedding(image)
      func cosine(_ row: Int32) -> Double {
        ExplainedScore.cosine(with: set.vectors[row: Int(row)].map(Double.init))
          .value(of: probe, isNormalised: true)
      }
      let nearest = set.rows(of: Int(own[person])).map(cosine).max() ?? -1
      guard nearest >= sameImage else {
        throw MappedPeopleError.otherImage(
          maps: maps.path, image: image, identity: maps.identities[image], set: set.path,
          cosine: nearest, expected: sameImage)
      }
      return cosine(referenceRows[person]) >= sameImage
    }
  }

  /// Every image but the reference sample against the own reference, and every image against that of the
  /// next person of its gender (of any, where there is no other).
  private static func trials(
    _ personOfImage: [Int], _ isReference: [Bool], _ genders: [Gender]
  ) -> [MapTrial] {
    let mated = personOfImage.indices.filter { !isReference[$0] }.map {
      MapTrial(image: $0, person: personOfImage[$0], reference: personOfImage[$0])
    }
    let others = personOfImage.indices.compactMap { image -> MapTrial? in
      let person = personOfImage[image]
      let next = (1..<max(1, genders.count)).map { (person + $0) % genders.count }
      guard let other = next.first(where: { genders[$0] == genders[person] }) ?? next.first else {
        return nil
      }
      return MapTrial(image: image, person: person, reference: other)
    }
    return mated + others
  }
}

/// One image compared with one reference; people by their place in `MappedPeople`.
struct MapTrial {
  let image: Int
  let person: Int
  let reference: Int
  var isMated: Bool { person == reference }
}

/// Why the people of a file of maps cannot be explained under a spec.
enum MappedPeopleError: Error, CustomStringConvertible, Equatable {
  case otherDimension(maps: String, found: Int, set: String, expected: Int)
  case notEvaluated(maps: String, set: String, people: Int, unknown: [String], others: [String])
  case otherImage(
    maps: String, image: Int, identity: String, set: String, cosine: Double, expected: Double)
  case nobodyMated(maps: String)
  case noNetworks(spec: String)

  var description: String {
    func list(_ names: [String]) -> String {
      names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
    return switch self {
    case .otherDimension(let maps, let found, let set, let expected):
      "\(maps): 'embedding' has \(found) dimensions, expected \(expected) as '\(set)' has; the maps and "
        + "the spec's embeddings must come from one network"
    case .notEvaluated(let maps, let set, let people, let unknown, let others):
      "\(maps): 'identity' names \(people) people, expected evaluated people of '\(set)' alone"
        + (unknown.isEmpty ? "" : "; not in it: \(list(unknown))")
        + (others.isEmpty
          ? ""
          : "; in it, but not enrolled (they train, develop, are left out or have no reference): "
            + list(others))
        + "; evaluate them, by a listed division ('partition: {files: …}') or with other datasets for "
        + "cohort and development set ('partition: {cross: …}')"
    case .otherImage(let maps, let image, let identity, let set, let cosine, let expected):
      "\(maps): 'embedding' of image \(image) is like none of the rows of '\(identity)' in '\(set)': "
        + "cosine \(cosine), expected at least \(expected); export maps with the network, alignment and "
        + "channel order that the embeddings were made with, and check 'identity'"
    case .nobodyMated(let maps):
      "\(maps): every image is the reference sample of its person, expected at least one other; export "
        + "maps of further images"
    case .noNetworks(let spec):
      "\(spec): no cell of MOTE, expected at least one preset under 'presets': there is no network to "
        + "explain"
    }
  }
}
