// Synthetic embeddings with known structure. Letters: s subject, i image, e extractor, g = +1 for
// male, -1 for female, d embedding dimension, m identity dimensions, N(0, I_m) standard normal.
//
//   latent      w_s = sqrt(a) u_s + sqrt(1-a) u_se + g_s delta e_0 + label shifts,   u ~ N(0, I_m)
//   centroid    c_s = B_e w_s / |w_s|             B_e: d x m, orthonormal columns, one per extractor
//   quality     q_i ~ N(0, 1)                     large is bad; the same for all extractors
//   angle       tan(theta_i) = t_g exp(tau q_i)
//   sample      x_i = cos(theta_i) c_s + sin(theta_i) n_i,   n_i unit vector orthogonal to c_s along
//                                                            a normal vector; of its coordinates the
//                                                            second half (men) or the first (women)
//                                                            is scaled by 1 - kappa
//   magnitude   |raw_i| = M exp(sigma (-k q_i + sqrt(1-k^2) z_i)),   z_i ~ N(0, 1)
//
// Known truths:
//   expected mated cosine of a gender  rho_g = (E cos theta)^2, since the n_i are independent;
//   non-mated cosines have mean +-delta^2/(m + delta^2) (same, different gender) and a standard
//   deviation near 1/sqrt(m) times E cos theta squared;
//   gender can be read off centroids along B_e e_0 with AUC = Phi(sqrt(2) delta).
// t_male is solved from the expected mated cosine asked for; t_female = spread ratio * t_male.

import Configurations

/// Parameters of one synthetic dataset as one extractor sees it. All that is generated depends on
/// them alone: the same values give the same bytes.
package struct SyntheticDataset: Sendable, Codable, Hashable {
  /// Dataset name; part of identifiers and of the random streams.
  package var name: String
  package var subjects: Int
  package var rows: Int
  package var seed: UInt64
  /// d
  package var dimension = 512
  /// m: dimensions that identities differ in; at most d.
  package var identityDimensions = 100
  /// Share of subjects that are male.
  package var maleShare = 0.5
  /// Share of subjects whose gender label is withheld ("U").
  package var unlabelledShare = 0.0
  /// Share of subjects with one image.
  package var singleImageShare = 0.0
  /// Log-normal spread of the numbers of images of the other subjects.
  package var imageCountSpread = 0.5
  /// delta: distance of either gender from the middle, in standard deviations of identities.
  package var genderStrength = 1.0
  /// rho of male subjects.
  package var matedCosine = 0.65
  /// t_female / t_male.
  package var femaleSpreadRatio = 1.0
  /// kappa: how little the directions have in common in which images of the genders scatter. 0: all
  /// directions alike; 1: each gender scatters in its own half of the coordinates alone.
  package var scatterContrast = 0.0
  /// tau
  package var qualitySpread = 0.35
  /// True adds the label columns `age_group` and `ethnicity`.
  package var hasLabels = false
  /// Shift of each label class along a direction of its own, in standard deviations.
  package var labelStrength = 1.0
  package var extractor = SyntheticExtractor.arcface

  package init(name: String, subjects: Int, rows: Int, seed: UInt64) {
    self.name = name
    self.subjects = subjects
    self.rows = rows
    self.seed = seed
  }

  /// Everything wrong with the parameters, one text each.
  package var problems: [String] {
    var problems: [String] = []
    func expect(_ isRight: Bool, _ text: String) { if !isRight { problems.append(text) } }
    let share = 0.0...1.0
    expect(
      !name.isEmpty && !name.contains("/") && !name.contains("\0"),
      "the name '\(name)' is empty or has a slash")
    expect(
      (1...100_000_000).contains(subjects), "\(subjects) subjects; expected 1 to 100,000,000")
    expect(share.contains(maleShare), "male share \(maleShare); expected 0 to 1")
    expect(share.contains(unlabelledShare), "unlabelled share \(unlabelledShare); expected 0 to 1")
    expect(
      share.contains(singleImageShare), "single-image share \(singleImageShare); expected 0 to 1")
    expect(
      (0...3).contains(imageCountSpread), "image count spread \(imageCountSpread); expected 0 to 3")
    expect((2...65_536).contains(dimension), "dimension \(dimension); expected 2 to 65,536")
    expect(
      identityDimensions >= 1 && identityDimensions <= dimension,
      "\(identityDimensions) identity dimensions; expected 1 to the dimension, \(dimension)")
    expect(
      !hasLabels || identityDimensions >= SyntheticLabels.dimensions,
      "labels need \(SyntheticLabels.dimensions) identity dimensions, found \(identityDimensions)")
    expect(
      (0...20).contains(genderStrength), "gender strength \(genderStrength); expected 0 to 20")
    expect((0...20).contains(labelStrength), "label strength \(labelStrength); expected 0 to 20")
    expect(
      effectiveMatedCosine > 0.001 && effectiveMatedCosine < 0.999,
      "expected mated cosine \(effectiveMatedCosine); expected above 0.001 and below 0.999")
    expect(
      (0.1...10).contains(femaleSpreadRatio),
      "female spread ratio \(femaleSpreadRatio); expected 0.1 to 10")
    expect(
      share.contains(scatterContrast), "scatter contrast \(scatterContrast); expected 0 to 1")
    expect((0...2).contains(qualitySpread), "quality spread \(qualitySpread); expected 0 to 2")
    if problems.isEmpty {
      let singles = SyntheticSubjects.singles(self)
      let least = singles + 2 * (subjects - singles)
      expect(
        rows >= least && rows <= 1 << 31 && (singles < subjects || rows == subjects),
        "\(rows) rows for \(subjects) subjects of whom \(singles) have one image; expected "
          + (singles < subjects ? "at least \(least)" : "\(subjects)"))
    }
    return problems
  }

  /// rho of this extractor.
  var effectiveMatedCosine: Double { matedCosine + extractor.matedCosineShift }
}

/// How an extractor differs from another on the same images.
package struct SyntheticExtractor: Sendable, Codable, Hashable {
  /// Lower case; part of the random streams.
  package var name: String
  /// Added to the dataset's expected mated cosine.
  package var matedCosineShift: Double
  /// a: share of identity variance that all extractors agree on.
  package var agreement: Double
  /// M
  package var magnitude: Double
  /// sigma
  package var magnitudeSpread: Double
  /// k: correlation of log-magnitude with quality.
  package var qualityCorrelation: Double

  /// Magnitudes vary little and hardly follow quality.
  package static let arcface = SyntheticExtractor(
    name: "arcface", matedCosineShift: 0, agreement: 0.75, magnitude: 22, magnitudeSpread: 0.1,
    qualityCorrelation: 0.3)
  /// Magnitudes follow quality, as MagFace is trained to do.
  package static let magface = SyntheticExtractor(
    name: "magface", matedCosineShift: -0.03, agreement: 0.75, magnitude: 35,
    magnitudeSpread: 0.3, qualityCorrelation: 0.9)

  /// Known extractors.
  package static let all = [arcface, magface]
}

extension SyntheticDataset {
  /// Real datasets that a synthetic one can imitate in size and composition.
  package enum Likeness: String, Sendable, Codable, Hashable, CaseIterable {
    case lfw, adience, colorferet, morph
  }

  /// A dataset with the published size and composition of a real one, or a part of it.
  ///
  /// Mated cosines and their spread are set so that FNMR of the cosine at FMR 1e-3 lies in the region
  /// of published figures (1 to 2 % for LFW and ColorFERET, about 5 % for Adience); nothing else is
  /// imitated.
  ///
  /// - Parameter scale: share of the subjects and rows, e.g. 0.01.
  package init(
    like real: Likeness, scale: Double = 1, extractor: SyntheticExtractor = .arcface,
    seed: UInt64
  ) {
    let published = PublishedCounts(dataset: real.rawValue)!
    func scaled(_ count: Int) -> Int {
      Int((Double(count) * min(max(scale, 0), 10_000)).rounded())
    }
    self.init(
      name: real.rawValue, subjects: max(1, scaled(published.subjects)), rows: 0, seed: seed)
    switch real {
    case .lfw:
      (maleShare, singleImageShare, imageCountSpread) = (0.743, 0.708, 1.4)
      (matedCosine, femaleSpreadRatio, qualitySpread) = (0.62, 1.15, 0.55)
    case .adience:
      (maleShare, singleImageShare, imageCountSpread) = (0.478, 0.357, 1.2)
      (matedCosine, femaleSpreadRatio, unlabelledShare) = (0.58, 1.05, 0.037)
      qualitySpread = 0.65
    case .colorferet:
      (maleShare, singleImageShare, imageCountSpread) = (0.596, 0.001, 0.5)
      (matedCosine, femaleSpreadRatio, unlabelledShare) = (0.62, 1.1, 0.006)
      qualitySpread = 0.55
    case .morph:
      (maleShare, singleImageShare, imageCountSpread) = (0.846, 0.02, 0.4)
      (matedCosine, femaleSpreadRatio, qualitySpread) = (0.62, 1.1, 0.55)
    }
    self.extractor = extractor
    // Rounding may leave fewer rows than every subject needs.
    let singles = SyntheticSubjects.singles(self)
    let least = singles + 2 * (self.subjects - singles)
    self.rows = singles == self.subjects ? least : max(scaled(published.images), least)
  }
}

/// Why a synthetic dataset cannot be made.
package struct SyntheticDatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  package let problems: [String]
  package var description: String {
    "cannot make this synthetic dataset: \(problems.joined(separator: "; "))"
  }
}
