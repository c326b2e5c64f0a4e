import Configurations
import Files
import Foundation
import Kernels

/// A summary of one embedding file that a person can read, with everything the checks found.
///
/// Made for bad files too: what can be computed is shown, and `findings.problems` says what is
/// wrong.
package struct DatasetReport: Sendable {
  /// Lines of "name  value", without the findings.
  package let lines: [String]
  package let findings: DatasetFindings

  /// True when the file can be used and nothing speaks against it.
  package var isUsable: Bool { findings.problems.isEmpty && findings.doubts.isEmpty }

  /// The whole report.
  package var text: String {
    (lines + findings.information.map { "note      \($0)" }
      + findings.warnings.map { "warning   \($0)" } + findings.problems.map { "problem   \($0)" }
      + findings.doubts.map { "doubt     \($0)" } + [verdict])
      .joined(separator: "\n")
  }

  private var verdict: String {
    if !findings.problems.isEmpty {
      return "not usable: \(counted(findings.problems.count, "problem"))"
    }
    return isUsable ? "usable" : "doubtful: labels and vectors may not belong together"
  }

  /// Reads and judges a file.
  ///
  /// - Parameter dataset: name for the published counts; nil: taken from the file's `dataset`
  ///   attribute, else from its name.
  package init(of source: EmbeddingSource, dataset: String? = nil) {
    let contents = DatasetContents(reading: source)
    let name =
      dataset ?? contents.fileAttributes["dataset"]
      ?? URL(fileURLWithPath: source.path).deletingPathExtension().lastPathComponent
    let checked = CheckedDataset(checking: contents, dataset: name)
    var lines = [source.path + (contents.isSynthetic ? "   SYNTHETIC DATA" : "")]
    func add(_ name: String, _ value: String) {
      lines.append(name.padding(toLength: 10, withPad: " ", startingAt: 0) + value)
    }
    for key in ["dataset", "model", "source", "license"] {
      if let value = contents.fileAttributes[key] { add(key, value) }
    }
    if !contents.storage.isEmpty { add("vectors", contents.storage) }
    if let digest = try? SHA256.hex(ofFile: source.path) { add("sha256", digest) }
    if !checked.subjects.isEmpty { Self.describeSubjects(checked, add) }
    if contents.genders != nil && !checked.subjects.isEmpty { Self.describeGenders(checked, add) }
    if let embeddings = contents.embeddings {
      Self.describeNorms(checked.norms, add)
      if !checked.subjects.isEmpty && checked.unusableRows.isEmpty {
        Self.describeCosines(embeddings, checked, add)
      }
      let repeated = checked.duplicates.reduce(0) { $0 + $1.count - 1 }
      add(
        "equal",
        repeated == 0
          ? "no row equals another"
          : "\(counted(repeated, "row")) equal to an earlier one, in "
            + counted(checked.duplicates.count, "group"))
    }
    for (name, labels) in contents.attributes.sorted(by: { $0.key < $1.key }) {
      let values = Set(labels)
      add(name, "\(counted(values.count, "value")): \(examples(values.sorted(), limit: 8))")
    }
    self.lines = lines
    findings = checked.findings
  }

  private static func describeSubjects(_ checked: CheckedDataset, _ add: (String, String) -> Void) {
    let images = checked.imagesOfSubject
    let atLeast = [2, 5, 10].map { n in
      "\(grouped(images.count { $0 >= n })) with at least \(n)"
    }
    add(
      "images",
      "\(grouped(checked.subjectOfRow.count)), most of one subject "
        + grouped(images.max() ?? 0))
    add("subjects", "\(grouped(images.count)); images each: \(atLeast.joined(separator: ", "))")
  }

  private static func describeGenders(_ checked: CheckedDataset, _ add: (String, String) -> Void) {
    let texts = Gender.allCases.map { gender in
      let subjects = checked.genderOfSubject.count { $0 == gender }
      let images = checked.subjectOfRow.count { checked.genderOfSubject[Int($0)] == gender }
      return "\(grouped(subjects)) \(gender.name) (\(counted(images, "image")))"
    }
    add("gender", texts.joined(separator: ", "))
  }

  /// Mean and sample standard deviation in float64.
  private static func describeNorms(_ norms: [Float], _ add: (String, String) -> Void) {
    let finite = norms.filter(\.isFinite).map(Double.init)
    guard let least = finite.min(), let most = finite.max() else { return }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let square = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (square / Double(max(1, finite.count - 1))).squareRoot()
    add(
      "norms",
      "\(fixed(mean)) +- \(fixed(deviation)), from \(fixed(least)) to \(fixed(most))"
        + (least > 0.999 && most < 1.001 ? " (stored L2-normalised)" : ""))
  }

  /// Mean cosine over all mated and all non-mated pairs of rows.
  ///
  /// For unit rows x with subject sums S_s and total S, the sum over ordered pairs of distinct rows
  /// of one subject is sum_s (|S_s|^2 - n_s), over pairs of different subjects |S|^2 - sum_s |S_s|^2.
  private static func describeCosines(
    _ embeddings: FloatMatrix, _ checked: CheckedDataset, _ add: (String, String) -> Void
  ) {
    let d = embeddings.columns
    let images = checked.imagesOfSubject
    var order = Array(0..<embeddings.rows)
    order.sort { (checked.subjectOfRow[$0], $0) < (checked.subjectOfRow[$1], $1) }
    var total = [Double](repeating: 0, count: d)
    var subjectSum = total
    var (subjectSquares, matedPairs) = (0.0, 0.0)
    for (position, row) in order.enumerated() {
      let subject = checked.subjectOfRow[row]
      let scale = 1 / Double(checked.norms[row])
      let vector = embeddings.base + row * embeddings.stride
      for j in 0..<d { subjectSum[j] += Double(vector[j]) * scale }
      if position + 1 == order.count || checked.subjectOfRow[order[position + 1]] != subject {
        for j in 0..<d {
          subjectSquares += subjectSum[j] * subjectSum[j]
          total[j] += subjectSum[j]
          subjectSum[j] = 0
        }
        let n = Double(images[Int(subject)])
        matedPairs += n * (n - 1)
      }
    }
    let n = Double(embeddings.rows)
    let nonMatedPairs = n * (n - 1) - matedPairs
    let all = total.reduce(0) { $0 + $1 * $1 }
    let mated = matedPairs > 0 ? fixed((subjectSquares - n) / matedPairs) : "none"
    let nonMated = nonMatedPairs > 0 ? fixed((all - subjectSquares) / nonMatedPairs) : "none"
    add("cosines", "mean of mated pairs \(mated), of non-mated pairs \(nonMated)")
  }

  private static func fixed(_ value: Double) -> String {
    String(format: abs(value) < 0.1 ? "%.4f" : "%.3f", value)
  }
}
