// Loss of PFRNet (Bortolato et al., FG 2020), definitions 4.2, with means over coordinates:
// L = mean (x - x^)^2 + a sum_k mean_c (m_k,F - m_k,M)^2 over z_ind
//                     + b mean_c sum_k exp(-(m_k,F - m_k,M)^2) over z_dep,   k = 1, 2,
// m_k,G: mini-batch mean of the k-th power over the rows of a group. The public re-implementation
// takes the male second moment from the female rows, which makes that term 0; not here.
// b rows, d coordinates of x, c coordinates of a code.
import Configurations
import Glibc

/// The terms of the loss of one batch.
package struct PFRNetLoss: Sendable, Equatable {
  package var reconstruction = 0.0
  package var align = 0.0
  package var separate = 0.0
  package var total = 0.0

  /// Adds one batch's terms and, where asked, the gradients of the total.
  ///
  /// A batch with one group only has no moment differences: both moment terms are 0, without
  /// gradient.
  ///
  /// - Parameters:
  ///   - x, reconstruction: [b, d]; independent, dependent: the codes, [b, c].
  ///   - isFirst: group of each row.
  ///   - gradients: receive d total / d reconstruction, d independent, d dependent.
  package init<Scalar: BinaryFloatingPoint>(
    x: UnsafePointer<Scalar>, reconstruction: UnsafePointer<Scalar>, dimension: Int,
    independent: UnsafePointer<Scalar>, independentWidth: Int,
    dependent: UnsafePointer<Scalar>, dependentWidth: Int,
    isFirst: [Bool], weights: PFRNetConfiguration.Weights,
    gradients: (
      reconstruction: UnsafeMutablePointer<Scalar>, independent: UnsafeMutablePointer<Scalar>,
      dependent: UnsafeMutablePointer<Scalar>
    )? = nil
  ) {
    let rows = isFirst.count
    let elements = Double(rows * dimension)
    var sum = 0.0
    for i in 0..<(rows * dimension) {
      let difference = Double(reconstruction[i]) - Double(x[i])
      sum += difference * difference
      gradients?.reconstruction[i] = Scalar(2 * difference / elements)
    }
    self.reconstruction = sum / elements
    let (alignWeight, separateWeight) = (weights.align, weights.separate)
    align = momentTerm(
      independent, width: independentWidth, isFirst: isFirst, weight: alignWeight,
      into: gradients?.independent
    ) { difference in (difference * difference, 2 * difference) }
    separate = momentTerm(
      dependent, width: dependentWidth, isFirst: isFirst, weight: separateWeight,
      into: gradients?.dependent
    ) { difference in
      let value = exp(-difference * difference)
      return (value, -2 * difference * value)
    }
    total = self.reconstruction + alignWeight * align + separateWeight * separate
  }
}

/// Mean over coordinates of the sum over k = 1, 2 of term(m_k,second - m_k,first), and the gradient
/// of weight times that. `term` gives value and derivative.
private func momentTerm<Scalar: BinaryFloatingPoint>(
  _ code: UnsafePointer<Scalar>, width: Int, isFirst: [Bool], weight: Double,
  into gradient: UnsafeMutablePointer<Scalar>?, _ term: (Double) -> (Double, Double)
) -> Double {
  let n0 = Double(isFirst.count { $0 })
  let n1 = Double(isFirst.count) - n0
  guard n0 > 0, n1 > 0 else {
    gradient?.update(repeating: 0, count: isFirst.count * width)
    return 0
  }
  var (first, second) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
  for (i, isFirst) in isFirst.enumerated() {
    let share = isFirst ? -1 / n0 : 1 / n1
    for c in 0..<width {
      let value = Double(code[i * width + c])
      first[c] += share * value
      second[c] += share * value * value
    }
  }
  var sum = 0.0
  for c in 0..<width {
    let (a, slopeA) = term(first[c])
    let (b, slopeB) = term(second[c])
    sum += a + b
    (first[c], second[c]) = (slopeA, slopeB)
  }
  if let gradient {
    let scale = weight / Double(width)
    for (i, isFirst) in isFirst.enumerated() {
      let share = scale * (isFirst ? -1 / n0 : 1 / n1)
      for c in 0..<width {
        let value = Double(code[i * width + c])
        gradient[i * width + c] = Scalar(share * (first[c] + 2 * value * second[c]))
      }
    }
  }
  return sum / Double(width)
}
