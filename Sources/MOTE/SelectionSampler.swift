import Kernels

/// Draws the synthetic mated samples by which a person's balancing factor is judged at enrolment:
/// half from the male, half from the female density, whatever the person's gender and whatever the
/// factor that is judged. They are drawn apart from those of training and of early stopping, so no
/// factor is judged by samples it was fitted to. Belongs to one thread.
package final class SelectionSampler {
  /// Samples per person: enough for a mean and a standard deviation per gender.
  package static let samples = 512

  /// Samples of each gender; all of one gender where the data give no density of the other.
  package let split: MatedSplit
  private let context: EnrolmentContext
  private let path: CPUPath
  private let rows: FloatMatrix
  private let memory = AlignedMemory()
  private let words: UnsafeMutablePointer<UInt32>
  private let noise: UnsafeMutablePointer<Float>

  package init(context: EnrolmentContext, path: CPUPath = .current) {
    self.context = context
    self.path = path
    split = Self.split(context.validationDensities)
    let d = context.shape.inputs
    rows = FloatMatrix(rows: split.count, columns: d)
    let chunk = RandomFill.chunk
    words = memory.zeros(UInt32.self, Self.samples + chunk)
    noise = memory.zeros(Float.self, d + chunk)
  }

  /// How the samples divide between the densities there are.
  package static func split(_ densities: GenderKDEs) -> MatedSplit {
    let factor = densities.female == nil ? 1 : densities.male == nil ? 0 : 0.5
    return MatedSplit(slots: samples, balancingFactor: factor)
  }

  /// The samples around a reference, male ones first; valid until the next call.
  package func samples(
    around reference: UnsafePointer<Float>, subjectKey: UInt32, seed: UInt64
  ) -> FloatMatrix {
    SyntheticMated.selection(context.validationDensities).fill(
      rows.base, stride: rows.stride, split: split, reference: reference,
      dimension: context.shape.inputs, seed: seed, subject: subjectKey, words: words, noise: noise,
      path: path)
    return rows
  }
}

extension SyntheticMated {
  /// Samples by which balancing factors are judged.
  package static func selection(_ densities: GenderKDEs) -> SyntheticMated {
    SyntheticMated(
      densities: densities, rowPurpose: .selectionSyntheticRow,
      noisePurpose: .selectionSyntheticNoise)
  }
}
