import Foundation
import Kernels

/// Vectors of a synthetic dataset, row by row; the model is stated in SyntheticDataset.swift.
struct SyntheticVectors: Sendable {
  let parameters: SyntheticDataset
  /// B transposed, [m, d]: orthonormal rows.
  private let basis: [Double]
  /// t of male and female subjects.
  private let tangents: (male: Double, female: Double)

  init(_ parameters: SyntheticDataset) {
    self.parameters = parameters
    basis = Self.basis(parameters)
    let male = Self.tangent(
      forMatedCosine: parameters.effectiveMatedCosine, qualitySpread: parameters.qualitySpread)
    tangents = (male, male * parameters.femaleSpreadRatio)
  }

  /// rho of a gender as generated.
  func expectedMatedCosine(isMale: Bool) -> Double {
    let mean = Self.meanCosine(
      tangent: isMale ? tangents.male : tangents.female, qualitySpread: parameters.qualitySpread)
    return mean * mean
  }

  /// Unit centroid of a subject, [d].
  func centroid(of subject: Int, isMale: Bool) -> [Double] {
    let (m, d) = (parameters.identityDimensions, parameters.dimension)
    let extractor = parameters.extractor
    var shared = NormalStream(SyntheticStream.sharedLatent.rng(parameters, unit: subject))
    var own = NormalStream(
      SyntheticStream.extractorLatent.rng(parameters, extractor: extractor, unit: subject))
    let (a, b) = (extractor.agreement.squareRoot(), (1 - extractor.agreement).squareRoot())
    var latent = (0..<m).map { _ in a * shared.next() + b * own.next() }
    latent[0] += isMale ? parameters.genderStrength : -parameters.genderStrength
    if parameters.hasLabels {
      let (age, ethnicity) = SyntheticLabels.classes(parameters, subject: subject)
      latent[1 + age] += parameters.labelStrength
      latent[1 + SyntheticLabels.ageGroups.count + ethnicity] += parameters.labelStrength
    }
    let norm = latent.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var centroid = [Double](repeating: 0, count: d)
    for k in 0..<m {
      let weight = latent[k] / norm
      for j in 0..<d { centroid[j] += weight * basis[k * d + j] }
    }
    return centroid
  }

  /// Writes the raw embedding of a row (direction times magnitude).
  func write(
    row: Int, centroid: [Double], isMale: Bool, noise: inout [Double],
    to target: UnsafeMutablePointer<Float>
  ) {
    let d = parameters.dimension
    let extractor = parameters.extractor
    var qualities = NormalStream(SyntheticStream.quality.rng(parameters, unit: row))
    let quality = qualities.next()
    let t = (isMale ? tangents.male : tangents.female) * exp(parameters.qualitySpread * quality)
    let cosine = 1 / (1 + t * t).squareRoot()

    // A normal vector without its part along the centroid points across it, uniformly where all
    // coordinates have the same scale.
    var normals = NormalStream(
      SyntheticStream.noise.rng(parameters, extractor: extractor, unit: row))
    let foreign = 1 - parameters.scatterContrast
    var along = 0.0
    for j in 0..<d {
      noise[j] = normals.next() * ((2 * j < d) == isMale ? 1 : foreign)
      along += noise[j] * centroid[j]
    }
    var square = 0.0
    for j in 0..<d {
      noise[j] -= along * centroid[j]
      square += noise[j] * noise[j]
    }
    let sine = cosine * t / max(square.squareRoot(), .leastNormalMagnitude)

    var magnitudes = NormalStream(
      SyntheticStream.magnitude.rng(parameters, extractor: extractor, unit: row))
    let k = extractor.qualityCorrelation
    let magnitude =
      extractor.magnitude
      * exp(
        extractor.magnitudeSpread * (-k * quality + (1 - k * k).squareRoot() * magnitudes.next()))
    for j in 0..<d {
      target[j] = Float(magnitude * (cosine * centroid[j] + sine * noise[j]))
    }
  }

  /// Orthonormal rows by Gram–Schmidt (twice, which is enough) on normal vectors.
  private static func basis(_ parameters: SyntheticDataset) -> [Double] {
    let (m, d) = (parameters.identityDimensions, parameters.dimension)
    var basis = [Double](repeating: 0, count: m * d)
    for k in 0..<m {
      var normals = NormalStream(
        // The same for all datasets of an extractor.
        SyntheticStream.basis.rng(
          seed: parameters.seed, owner: "/" + parameters.extractor.name, unit: k))
      for j in 0..<d { basis[k * d + j] = normals.next() }
      for _ in 0..<2 {
        for other in 0..<k {
          var product = 0.0
          for j in 0..<d { product += basis[k * d + j] * basis[other * d + j] }
          for j in 0..<d { basis[k * d + j] -= product * basis[other * d + j] }
        }
      }
      var square = 0.0
      for j in 0..<d { square += basis[k * d + j] * basis[k * d + j] }
      for j in 0..<d { basis[k * d + j] /= square.squareRoot() }
    }
    return basis
  }

  /// E cos(theta) for tan(theta) = t exp(tau q), q ~ N(0, 1): trapezoid rule on [-8, 8].
  private static func meanCosine(tangent t: Double, qualitySpread tau: Double) -> Double {
    let steps = 1_600
    var (sum, weights) = (0.0, 0.0)
    for k in 0...steps {
      let q = -8 + 16 * Double(k) / Double(steps)
      let weight = exp(-q * q / 2)
      let x = t * exp(tau * q)
      sum += weight / (1 + x * x).squareRoot()
      weights += weight
    }
    return sum / weights
  }

  /// t with (E cos theta)^2 = rho, by bisection of log t.
  private static func tangent(forMatedCosine rho: Double, qualitySpread tau: Double) -> Double {
    var (low, high) = (-12.0, 12.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let mean = meanCosine(tangent: exp(middle), qualitySpread: tau)
      if mean * mean > rho { low = middle } else { high = middle }
    }
    return exp((low + high) / 2)
  }
}
