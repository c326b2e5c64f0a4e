// What a white-box attacker reads from personal networks (attacks A7 and A8). Every feature is
// invariant to a permutation of hidden units, because networks with other initial weights order
// their units differently.
import Configurations
import Kernels

/// Reads networks one at a time, so that no run has to keep them all.
package struct WhiteBoxObserver: Sendable {
  private let probes: [Double]
  private let starts: Matrix64
  private let inversion: InversionConfiguration
  package let dimension: Int

  /// - Parameters:
  ///   - gallery: the attacker's samples; gradients are averaged over all of them.
  ///   - inversion: settings of the model inversion.
  ///   - seed: chooses the starts, the same for all networks.
  package init(gallery: AttackerGallery, inversion: InversionConfiguration, seed: UInt64) {
    probes = Matrix64(gallery.vectors).values
    dimension = gallery.vectors.columns
    self.inversion = inversion
    starts = ModelInversion.randomStarts(
      count: inversion.starts, dimension: dimension, seed: seed)
  }

  /// Features of one network. Pure; networks may be observed in parallel.
  ///
  /// - Parameter sample: the attacker's sample that the network was made from, left out of the mean
  ///   gradient; nil: none of them.
  package func observe(
    _ network: Float64Network, leavingOut sample: Int? = nil
  ) -> WhiteBoxObservation {
    let inverted = ModelInversion(
      network, starts: starts, step: inversion.step, iterations: inversion.iterations)
    var gradient = probes.withUnsafeBufferPointer(network.meanInputGradient)
    let samples = probes.count / dimension
    if let sample, samples > 1 {
      let own = probes[(sample * dimension)..<((sample + 1) * dimension)]
        .withUnsafeBufferPointer(network.meanInputGradient)
      let n = Double(samples)
      gradient = zip(gradient, own).map { (n * $0 - $1) / (n - 1) }
    }
    return WhiteBoxObservation(
      meanGradient: gradient, linearisedProduct: network.linearisedProduct(),
      recovered: inverted.meanDirection, recoveredFromBestStart: inverted.best)
  }
}

/// The features of one network, each [d].
package struct WhiteBoxObservation: Sendable {
  /// Mean over the attacker's samples of dz/dx.
  package var meanGradient: [Double]
  /// W_L … W_2 W_1.
  package var linearisedProduct: [Double]
  /// Mean direction of the inversions from all starts, unit length.
  package var recovered: [Double]
  /// Inversion that reached the largest logit, unit length.
  package var recoveredFromBestStart: [Double]

  /// All features in a row, as blocks keep them: [4 d].
  package var values: [Double] {
    meanGradient + linearisedProduct + recovered + recoveredFromBestStart
  }
}

/// The observations of all targets, a row each.
package struct WhiteBoxFeatures: Sendable {
  package let meanGradient: Matrix64
  package let linearisedProduct: Matrix64
  package let recovered: Matrix64
  package let recoveredFromBestStart: Matrix64

  /// - Parameter rows: `WhiteBoxObservation.values` of each target, [targets, 4 d].
  package init(rows: Matrix64) {
    let d = rows.columns / 4
    func part(_ k: Int) -> Matrix64 { rows.selecting(columns: Array((k * d)..<((k + 1) * d))) }
    meanGradient = part(0)
    linearisedProduct = part(1)
    recovered = part(2)
    recoveredFromBestStart = part(3)
  }
}
