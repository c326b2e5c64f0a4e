import Kernels

/// How P synthetic mated rows divide between the genders' densities (definitions 2.5): int(P r)
/// male and int(P (1 - r)) female, so truncation can lose one.
///
/// Rows are numbered by slots 0 ..< P that own their random draws: male rows take slots from the
/// front, female rows from the back. Two balancing factors therefore differ only in the slots that
/// change gender, and comparisons between factors are paired.
package struct MatedSplit: Sendable, Hashable {
  /// P, the rows asked for.
  package let slots: Int
  package let male: Int
  package let female: Int

  /// - Precondition: slots >= 0, 0 <= balancingFactor <= 1.
  package init(slots: Int, balancingFactor r: Double) {
    precondition(slots >= 0 && r >= 0 && r <= 1, "\(slots) rows, balancing factor \(r)")
    self.slots = slots
    male = Int(Double(slots) * r)
    female = Int(Double(slots) * (1 - r))
  }

  /// Rows there are: P or P - 1.
  package var count: Int { male + female }

  /// The slot of row `i`; male rows first.
  package func slot(ofRow i: Int) -> Int { i < male ? i : slots - count + i }

  /// The row of a slot, or nil for the slot that truncation left out.
  package func row(ofSlot slot: Int) -> Int? {
    if slot < male { return slot }
    let row = slot - (slots - count)
    return row >= male ? row : nil
  }
}

/// Draws synthetic mated samples: reference + residual row + h z, z ~ N(0, I), or h A z with A the root of
/// the kernel's shape (definitions 5). The samples are not normalised again, unless the density names a
/// length.
package struct SyntheticMated: Sendable {
  package let densities: GenderKDEs
  /// Purposes of the two kinds of draws, different for training and validation.
  package let rowPurpose: RandomPurpose
  package let noisePurpose: RandomPurpose

  /// Synthetic rows of training.
  package static func training(_ densities: GenderKDEs) -> SyntheticMated {
    SyntheticMated(
      densities: densities, rowPurpose: .syntheticRow, noisePurpose: .syntheticNoise)
  }

  /// Synthetic rows of validation.
  package static func validation(_ densities: GenderKDEs) -> SyntheticMated {
    SyntheticMated(
      densities: densities, rowPurpose: .validationSyntheticRow,
      noisePurpose: .validationSyntheticNoise)
  }

  /// Samples that are compared with real ones (definitions 14).
  package static func compared(_ densities: GenderKDEs) -> SyntheticMated {
    SyntheticMated(
      densities: densities, rowPurpose: .comparedSyntheticRow,
      noisePurpose: .comparedSyntheticNoise)
  }

  /// One sample in float64: row floor(u n), plus the reference if given.
  package static func sample(
    residuals: [[Double]], bandwidth: Double, u: Double, z: [Double], reference: [Double]? = nil
  ) -> [Double] {
    let row = residuals[Int(u * Double(residuals.count))]
    return row.indices.map { row[$0] + bandwidth * z[$0] + (reference?[$0] ?? 0) }
  }

  /// Fills `out` with the rows of `split`, male rows first.
  ///
  /// Streams (seed, purpose, subject): the residual row of slot k is floor(w n / 2^32) of word k;
  /// its noise is the chunks from k * ceil(d/64) on.
  ///
  /// - Parameters:
  ///   - out: `split.count` rows, `stride` floats apart.
  ///   - words: scratch of at least `split.slots` rounded up to 64.
  ///   - noise: scratch of at least d rounded up to 64.
  /// - Precondition: a gender that the split uses has a density.
  package func fill(
    _ out: UnsafeMutablePointer<Float>, stride: Int, split: MatedSplit,
    reference: UnsafePointer<Float>, dimension d: Int, seed: UInt64, subject: UInt32,
    words: UnsafeMutablePointer<UInt32>, noise: UnsafeMutablePointer<Float>, path: CPUPath
  ) {
    let rowDraws = RandomFill(
      CounterRNG(seed: seed, purpose: rowPurpose, subject: subject), path: path)
    let noiseDraws = RandomFill(
      CounterRNG(seed: seed, purpose: noisePurpose, subject: subject), path: path)
    let chunk = RandomFill.chunk
    rowDraws.words(chunks: 0..<((split.slots + chunk - 1) / chunk), into: words)
    let chunksPerRow = (d + chunk - 1) / chunk
    for i in 0..<split.count {
      guard let density = i < split.male ? densities.male : densities.female else {
        preconditionFailure("balancing factor needs a density that the data do not give")
      }
      let slot = split.slot(ofRow: i)
      let n = UInt64(density.residuals.rows)
      let row = Int((UInt64(words[slot]) &* n) &>> 32)
      noiseDraws.normals(
        chunks: (slot * chunksPerRow)..<((slot + 1) * chunksPerRow), into: noise)
      let residual = density.residuals.base + row * density.residuals.stride
      let h = Float(density.bandwidth)
      let sample = out + i * stride
      if let shape = density.shape {
        for j in 0..<d { sample[j] = reference[j] + residual[j] }
        shape.add(h, noise, to: sample)
      } else {
        for j in 0..<d { sample[j] = reference[j] + residual[j] + h * noise[j] }
      }
      if let length = density.length { Self.bring(sample, dimension: d, to: length) }
    }
  }

  /// Scales a row to a length; zeros stay as they are.
  private static func bring(_ row: UnsafeMutablePointer<Float>, dimension d: Int, to length: Float)
  {
    var square = 0.0
    for j in 0..<d { square += Double(row[j]) * Double(row[j]) }
    guard square > 0 else { return }
    let factor = Double(length) / square.squareRoot()
    for j in 0..<d { row[j] = Float(Double(row[j]) * factor) }
  }
}
