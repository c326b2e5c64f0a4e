import AttackReports
import Biometrics
import Configurations
import Foundation
import Specs

/// What heat maps of one cell of MOTE show, beside those of traditional templates: the record behind
/// Figure 4 and the claims about attention (definitions 7 and 12).
///
/// Scores are logits of MOTE and cosines of traditional templates. Trials are mated (a person's other
/// images against its reference) and non-mated (against the reference of the next person of its gender).
package struct MapRecord: Sendable, Codable {
  package static let currentVersion = 2
  package var version = MapRecord.currentVersion
  /// The MOTE cell; the traditional system of the same references stands beside it.
  package var key: Cell
  /// Hash of everything that the models follow from.
  package var inputHash: String
  /// SHA-256 of the file of exported maps.
  package var mapsHash: String
  package var isSynthetic: Bool
  /// The last layers that the file holds: "iresnet" or "depthwise".
  package var tail: String
  /// Channels, rows and columns of the maps.
  package var shape: [Int]
  /// Largest deviation of a component of the tail's embedding from the stored one, and what was allowed.
  package var deviation: Double
  package var tolerance: Double
  package var people: Int
  package var images: Int
  package var matedTrials: Int
  package var nonMatedTrials: Int
  /// Resamples of people behind each interval.
  package var replicates: Int
  package var scores: [MapScores]
  package var attention: [RegionAttention]
  package var likeness: [LikenessOfMaps]
  package var deletion: [ScoreDrop]
  /// The same by greyed pixels; nil: no embeddings of occluded faces were given.
  package var pixelDeletion: PixelDeletion?
  package var examples: [MapExample]
  package var provenance: Provenance

  package init(
    key: Cell, inputHash: String, mapsHash: String, isSynthetic: Bool, tail: String, shape: [Int],
    deviation: Double, tolerance: Double, people: Int, images: Int, matedTrials: Int,
    nonMatedTrials: Int, replicates: Int, scores: [MapScores] = [],
    attention: [RegionAttention] = [], likeness: [LikenessOfMaps] = [],
    deletion: [ScoreDrop] = [], pixelDeletion: PixelDeletion? = nil, examples: [MapExample] = [],
    provenance: Provenance = Provenance()
  ) {
    self.key = key
    self.inputHash = inputHash
    self.mapsHash = mapsHash
    self.isSynthetic = isSynthetic
    self.tail = tail
    self.shape = shape
    self.deviation = deviation
    self.tolerance = tolerance
    self.people = people
    self.images = images
    self.matedTrials = matedTrials
    self.nonMatedTrials = nonMatedTrials
    self.replicates = replicates
    self.scores = scores
    self.attention = attention
    self.likeness = likeness
    self.deletion = deletion
    self.pixelDeletion = pixelDeletion
    self.examples = examples
    self.provenance = provenance
  }
}

/// Scores of one system, and how far its alpha is from a weighting.
package struct MapScores: Sendable, Codable, Equatable {
  /// "mote" or "traditional".
  package var system: String
  /// Means over the trials; nil: there are none.
  package var meanMated: Double?
  package var meanNonMated: Double?
  /// Share of alpha outside [0, 1], mean over all trials, by rule.
  package var alphaOutside: [String: Double]
  /// Maps without any positive cell, over all trials, by rule.
  package var emptyMaps: [String: Int]

  package init(
    system: String, meanMated: Double?, meanNonMated: Double?, alphaOutside: [String: Double],
    emptyMaps: [String: Int]
  ) {
    self.system = system
    self.meanMated = meanMated
    self.meanNonMated = meanNonMated
    self.alphaOutside = alphaOutside
    self.emptyMaps = emptyMaps
  }
}

/// Share of a map's strongest tenth of pixels in some regions of the face.
package struct RegionAttention: Sendable, Codable, Equatable {
  package var system: String
  package var rule: AlphaRule
  package var isMated: Bool
  /// The regions counted together.
  package var regions: [FaceRegion]
  package var share: MeanOverPeople?
  /// Share of all pixels: what pixels drawn at random would have.
  package var uniform: Double
  package var againstUniform: MeanOverPeople?
  /// Difference from the traditional score's map of the same trials; nil for that system itself.
  package var againstTraditional: MeanOverPeople?

  package init(
    system: String, rule: AlphaRule, isMated: Bool, regions: [FaceRegion], share: MeanOverPeople?,
    uniform: Double, againstUniform: MeanOverPeople?, againstTraditional: MeanOverPeople?
  ) {
    self.system = system
    self.rule = rule
    self.isMated = isMated
    self.regions = regions
    self.share = share
    self.uniform = uniform
    self.againstUniform = againstUniform
    self.againstTraditional = againstTraditional
  }
}

/// Bhattacharyya coefficients of pairs of maps of one person against pairs of two.
package struct LikenessOfMaps: Sendable, Codable, Equatable {
  package var system: String
  package var rule: AlphaRule
  /// "min-max", "top 10 %", "top 1 %".
  package var form: String
  /// Which maps are paired.
  package var pairing: Pairing
  package var same: MeanOverPeople?
  package var different: MeanOverPeople?
  package var difference: MeanOverPeople?
  package var samePairs: Int
  package var differentPairs: Int

  /// Which maps are paired.
  package enum Pairing: String, Sendable, Codable, CaseIterable {
    /// Every probe against the reference of its own person: what is said to be specific.
    case own
    /// Two probes against one and the same reference: what the probe's person makes of it.
    case oneReference = "one reference"
    /// Two probes against two references: no reference is shared, of one person either.
    case twoReferences = "two references"
    /// Every image against the mean direction of its person's other images, without any enrolment.
    case otherImages = "other images"
  }

  package init(
    system: String, rule: AlphaRule, form: String, pairing: Pairing, same: MeanOverPeople?,
    different: MeanOverPeople?, difference: MeanOverPeople?, samePairs: Int, differentPairs: Int
  ) {
    self.system = system
    self.rule = rule
    self.form = form
    self.pairing = pairing
    self.same = same
    self.different = different
    self.difference = difference
    self.samePairs = samePairs
    self.differentPairs = differentPairs
  }
}

/// How far mated scores fall when pixels of the faces are greyed and the faces embedded again.
package struct PixelDeletion: Sendable, Codable, Equatable {
  /// SHA-256 of the file of occluded faces.
  package var facesHash: String
  /// What that file says about the network.
  package var model: String
  /// Draws over which random choices are averaged.
  package var draws: Int
  /// Largest deviation of a component of the unoccluded faces' embeddings from the recorded ones, and what
  /// was allowed.
  package var deviation: Double
  package var tolerance: Double
  /// By system, choice and number of pixels.
  package var drops: [ScoreDrop]

  package init(
    facesHash: String, model: String, draws: Int, deviation: Double, tolerance: Double,
    drops: [ScoreDrop]
  ) {
    self.facesHash = facesHash
    self.model = model
    self.draws = draws
    self.deviation = deviation
    self.tolerance = tolerance
    self.drops = drops
  }
}

/// How far mated scores fall when cells of the maps, or pixels, are deleted.
package struct ScoreDrop: Sendable, Codable, Equatable {
  package var system: String
  /// "most relevant", "random cells", ….
  package var cells: String
  /// Number of cells or pixels.
  package var count: Int
  package var drop: MeanOverPeople?
  /// Drop of the most relevant cells − this one, paired; nil for those themselves.
  package var strongestMinusThis: MeanOverPeople?

  package init(
    system: String, cells: String, count: Int, drop: MeanOverPeople?,
    strongestMinusThis: MeanOverPeople?
  ) {
    self.system = system
    self.cells = cells
    self.count = count
    self.drop = drop
    self.strongestMinusThis = strongestMinusThis
  }
}

/// One line of the contact sheet: a person's reference is compared with an own image and with another
/// person's. Maps are those of the rule `library`, scaled to [0, 1], row-major.
package struct MapExample: Sendable, Codable, Equatable {
  /// "person 1, female".
  package var label: String
  /// Height and width of the faces.
  package var faceShape: [Int]
  package var mated: MapPicture
  package var nonMated: MapPicture

  package init(label: String, faceShape: [Int], mated: MapPicture, nonMated: MapPicture) {
    self.label = label
    self.faceShape = faceShape
    self.mated = mated
    self.nonMated = nonMated
  }
}

/// A probe with the maps of both systems.
package struct MapPicture: Sendable, Codable, Equatable {
  /// RGB, row-major; empty: the file of maps has no faces.
  package var face: [UInt8]
  package var mote: [Double]
  package var traditional: [Double]
  package var logit: Double
  package var cosine: Double

  package init(face: [UInt8], mote: [Double], traditional: [Double], logit: Double, cosine: Double)
  {
    self.face = face
    self.mote = mote
    self.traditional = traditional
    self.logit = logit
    self.cosine = cosine
  }

  private enum CodingKeys: String, CodingKey { case face, mote, traditional, logit, cosine }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    // As base64, not as a list of numbers.
    face = Array(try values.decode(Data.self, forKey: .face))
    mote = try values.decode([Double].self, forKey: .mote)
    traditional = try values.decode([Double].self, forKey: .traditional)
    logit = try values.decode(Double.self, forKey: .logit)
    cosine = try values.decode(Double.self, forKey: .cosine)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Data(face), forKey: .face)
    try values.encode(mote, forKey: .mote)
    try values.encode(traditional, forKey: .traditional)
    try values.encode(logit, forKey: .logit)
    try values.encode(cosine, forKey: .cosine)
  }
}

extension ResultStore {
  package var mapsFolder: String { folder + "/maps" }

  /// Where the record of the heat maps of a cell is.
  package func mapRecordPath(_ key: Cell) -> String { "\(mapsFolder)/\(key.slug).json" }

  /// Where the heat maps of a cell are, as HDF5.
  package func mapsPath(_ key: Cell) -> String { "\(mapsFolder)/\(key.slug).h5" }

  /// Writes a record of heat maps.
  package func write(_ record: MapRecord) throws(StoreError) {
    try RecordFolder.write(record, to: mapRecordPath(record.key))
  }
}
