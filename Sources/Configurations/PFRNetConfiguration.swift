// Settings of PFRNet (definitions 4.2).

/// Shape and training of PFRNet.
package struct PFRNetConfiguration: Sendable, Codable, Hashable {
  package var learningRate = 1e-4
  package var beta1 = 0.5
  package var beta2 = 0.999
  package var batchSize = 100
  package var epochs = 130
  /// The rate is multiplied by this when the loss has not improved for more than `patience` epochs.
  package var plateauFactor = 0.1
  package var patience = 5
  package var weights = Weights()
  package init() {}

  /// Weights of the alignment and separation terms.
  package struct Weights: Sendable, Codable, Hashable {
    package var align = 0.01
    package var separate = 0.01
    package init(align: Double = 0.01, separate: Double = 0.01) {
      self.align = align
      self.separate = separate
    }
  }

  /// Width of z_dep: 16 of 512, in proportion for other dimensions.
  package func dependentWidth(dimension: Int) -> Int { max(1, dimension / 32) }
}
