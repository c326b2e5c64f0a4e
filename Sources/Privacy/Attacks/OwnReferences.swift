import AttackReports
import Kernels

/// References that the attacker enrolled himself through the attacked system, of people whose group
/// he knows. None of them is a target or took part in the system's training.
package struct OwnReferences: Sendable {
  /// Own references × attacker samples, on the scale of the targets' scores.
  package var scores: Matrix64
  /// Group of each own reference, an index into the gallery's groups.
  package var groupOfReference: [Int]
  /// Readings of their networks; nil for systems without networks.
  package var whiteBox: WhiteBoxFeatures?
  /// Their protected templates as numbers; nil where the targets' are not looked into.
  package var templates: Matrix64?

  package init(
    scores: Matrix64, groupOfReference: [Int], whiteBox: WhiteBoxFeatures? = nil,
    templates: Matrix64? = nil
  ) {
    self.scores = scores
    self.groupOfReference = groupOfReference
    self.whiteBox = whiteBox
    self.templates = templates
  }

  /// Replaces each reference's score against the sample it was made from by the mean of its scores
  /// against the other samples of that group: no target is compared with its own sample. The mean
  /// statistic of the group becomes that of the other samples.
  ///
  /// - Parameters:
  ///   - sampleOfReference: the attacker's sample each reference was made from; nil: none of them.
  ///   - groupOfSample: group of each sample.
  package mutating func leaveOutOwnSamples(
    _ sampleOfReference: [Int?], groupOfSample: [Int]
  ) {
    for (i, sample) in sampleOfReference.enumerated() {
      guard let sample else { continue }
      let others = groupOfSample.indices.filter {
        $0 != sample && groupOfSample[$0] == groupOfSample[sample]
      }
      guard !others.isEmpty else { continue }
      scores[i, sample] = others.reduce(0) { $0 + scores[i, $1] } / Double(others.count)
    }
  }

  /// Whether each reference is of the question's first group; nil where a side has fewer than two.
  func isFirst(_ question: BinaryQuestion) -> [Bool]? {
    let isFirst = groupOfReference.map { $0 == question.firstGroup }
    return min(isFirst.count { $0 }, isFirst.count { !$0 }) >= 2 ? isFirst : nil
  }
}
