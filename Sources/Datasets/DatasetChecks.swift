import Configurations
import Kernels

// Judgement of the columns of a file: what makes it unusable, what a reader of results should know.

/// The judged columns, ready to become an `EmbeddingSet`.
struct CheckedDataset {
  let contents: DatasetContents
  /// What reading and checking found so far.
  var findings: DatasetFindings
  /// L2 norm of each row as read, [n].
  var norms: [Float] = []
  /// Rows that are not finite or zero.
  var unusableRows: [Int] = []
  var subjects: [String] = []
  var subjectOfRow: [Int32] = []
  var genderOfSubject: [Gender] = []
  /// Groups of equal rows.
  var duplicates: [[Int]] = []
  /// Whether rows and columns swapped tell people apart, which they do not as they are.
  private(set) var looksTransposed = false
}

extension CheckedDataset {
  /// Checks everything that was read.
  init(checking contents: DatasetContents, dataset: String?) {
    self.contents = contents
    findings = contents.findings
    if let embeddings = contents.embeddings { checkVectors(embeddings) }
    if let identities = contents.identities {
      numberSubjects(identities)
      if let genders = contents.genders { checkGenders(genders) }
      checkPublishedCounts(dataset)
    }
    checkLabels()
    if let embeddings = contents.embeddings {
      checkDuplicates(embeddings)
      if !subjects.isEmpty, unusableRows.isEmpty { checkSeparation(embeddings) }
    }
    findings.escape()
  }

  /// Number of rows of each subject.
  var imagesOfSubject: [Int] {
    var images = [Int](repeating: 0, count: subjects.count)
    for subject in subjectOfRow { images[Int(subject)] += 1 }
    return images
  }

  /// The file, for messages.
  var path: String { contents.source.path }

  /// Norms, values that are not finite, zero vectors.
  private mutating func checkVectors(_ embeddings: FloatMatrix) {
    norms = l2Norms(of: embeddings)
    let withoutNorm = norms.indices.filter { !norms[$0].isFinite }
    let notFinite = withoutNorm.filter { !embeddings[row: $0].allSatisfy(\.isFinite) }
    let tooLarge = withoutNorm.filter { embeddings[row: $0].allSatisfy(\.isFinite) }
    let zero = norms.indices.filter { norms[$0] == 0 }
    unusableRows = (withoutNorm + zero).sorted()
    func note(_ rows: [Int], _ what: String) {
      if rows.isEmpty { return }
      let text =
        "\(path): '\(contents.names.embeddings)' has \(counted(rows.count, "row")) \(what)"
        + " (rows \(examples(rows)))"
      switch contents.source.unusableRows {
      case .refuse:
        findings.problems.append(
          text + "; extract them again, remove them, or set 'unusable_rows: drop' in a spec")
      case .drop: findings.warnings.append(text + ", dropped")
      }
    }
    note(notFinite, "with NaN or infinite values in float32")
    note(tooLarge, "with values so large that their norm is no number of float32")
    note(zero, "of zeros only")
    if unusableRows.count == embeddings.rows && contents.source.unusableRows == .drop {
      findings.problems.append(
        "\(path): '\(contents.names.embeddings)' has no usable row; extract it again")
    }
  }

  /// Subjects by first appearance.
  private mutating func numberSubjects(_ identities: [String]) {
    var numbers: [String: Int32] = [:]
    subjectOfRow = identities.map { identity in
      if let number = numbers[identity] { return number }
      let number = Int32(subjects.count)
      numbers[identity] = number
      subjects.append(identity)
      return number
    }
    genderOfSubject = [Gender](repeating: .unlabelled, count: subjects.count)
    let empty = identities.indices.filter { identities[$0].allSatisfy(\.isWhitespace) }
    if !empty.isEmpty {
      findings.problems.append(
        "\(path): '\(contents.names.identity)' is empty in \(counted(empty.count, "row"))"
          + " (rows \(examples(empty))); every image needs a subject")
    }
    if identities.count > 1 && subjects.count == identities.count {
      findings.warnings.append(
        "\(path): every subject has one image only: there are no mated comparisons")
    }
  }

  /// Known codes only, and one gender per subject.
  private mutating func checkGenders(_ labels: [String]) {
    let name = contents.names.gender
    var countOfCode: [String: Int] = [:]
    for label in labels { countOfCode[label, default: 0] += 1 }
    var genderOfCode: [String: Gender] = [:]
    for code in countOfCode.keys {
      genderOfCode[code] = contents.source.genderCodes.gender(of: code)
    }
    let unknown = countOfCode.keys.filter { genderOfCode[$0] == nil }
    if !unknown.isEmpty {
      let found = countOfCode.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(12)
        .map { "'\($0.key)' (\(grouped($0.value)))" }.joined(separator: ", ")
      findings.problems.append(
        "\(path): '\(name)' has \(counted(unknown.count, "unknown code")), found \(found)"
          + "\(countOfCode.count > 12 ? ", …" : ""); say what they mean with"
          + " 'gender_codes: {male: [...], female: [...], unlabelled: [...]}'")
    }

    // A labelled image decides for a subject whose other images are unlabelled.
    var conflicts: [String: Set<Gender>] = [:]
    var partlyLabelled: Set<Int32> = []
    var hasUnlabelledRow = [Bool](repeating: false, count: subjects.count)
    for (row, label) in labels.enumerated() {
      guard let gender = genderOfCode[label] else { continue }
      let subject = Int(subjectOfRow[row])
      if gender == .unlabelled {
        hasUnlabelledRow[subject] = true
      } else if genderOfSubject[subject] == .unlabelled {
        genderOfSubject[subject] = gender
      } else if genderOfSubject[subject] != gender {
        conflicts[subjects[subject], default: []].formUnion([genderOfSubject[subject], gender])
      }
    }
    for subject in subjects.indices
    where hasUnlabelledRow[subject] && genderOfSubject[subject] != .unlabelled {
      partlyLabelled.insert(Int32(subject))
    }
    if !conflicts.isEmpty {
      findings.problems.append(
        "\(path): \(counted(conflicts.count, "subject")) with images of both genders:"
          + " \(examples(conflicts.keys.sorted())); correct '\(name)' or '\(contents.names.identity)'"
      )
    }
    if !partlyLabelled.isEmpty {
      let names = partlyLabelled.sorted().map { subjects[Int($0)] }
      findings.warnings.append(
        "\(path): \(counted(names.count, "subject")) with labelled and unlabelled images"
          + " take the label: \(examples(names))")
    }
    if unknown.isEmpty {
      for gender in [Gender.male, .female] where !genderOfSubject.contains(gender) {
        findings.warnings.append(
          "\(path): no \(gender.name) subject: results by gender are not available")
      }
    }
  }

  /// Equal rows, within a subject and across subjects.
  private mutating func checkDuplicates(_ embeddings: FloatMatrix) {
    let unusable = Set(unusableRows)
    let rows = (0..<embeddings.rows).filter { !unusable.contains($0) }
      .map { RowLocation(matrix: 0, row: $0) }
    duplicates = duplicateRows(rows, in: [embeddings], hashes: [rowHashes(of: embeddings)])
      .map { $0.map(\.row) }
    guard !subjects.isEmpty else { return }
    var sameSubject = 0
    var across: [String] = []
    for group in duplicates {
      let distinct = Set(group.map { subjectOfRow[$0] })
      sameSubject += group.count - distinct.count
      if distinct.count > 1 {
        let names = distinct.sorted().prefix(4).map { shortened(subjects[Int($0)]) }
        across.append(
          names.joined(separator: " = ")
            + (distinct.count > 4 ? " = \(grouped(distinct.count - 4)) more" : ""))
      }
    }
    if sameSubject > 0 {
      findings.warnings.append(
        "\(path): exact repetitions within a subject: \(counted(sameSubject, "row"))"
          + " (the same image twice?); they count as mated comparisons")
    }
    if !across.isEmpty {
      findings.warnings.append(
        "\(path): equal embeddings under different subjects: \(grouped(across.count)),"
          + " \(examples(across)) (label errors? they cap what any method reaches at low FMR)")
    }
  }

  /// Whether images of one person are more alike than images of two.
  ///
  /// Taken on a sample (`CosineSample`). The level below is a judgement, not a measurement;
  /// labels in another order or a transposed matrix are near 0.5.
  private mutating func checkSeparation(_ embeddings: FloatMatrix) {
    let set = EmbeddingSet(
      dataset: "", extractor: "", vectors: embeddings, norms: norms, subjectOfRow: subjectOfRow,
      subjects: subjects, genderOfSubject: genderOfSubject)
    guard let separation = CosineSample([EmbeddingRows(all: set)]).separation,
      separation < Self.leastSeparation
    else { return }
    let percent = Int((100 * separation).rounded())
    looksTransposed = isTransposed(embeddings)
    findings.doubts.append(
      "\(path): cosines of images of one person hardly differ from those of two: the first"
        + " is larger in \(percent) of 100 cases, 50 is chance (labels in another order than the"
        + " rows? a transposed matrix? another model?); "
        + (looksTransposed
          ? "transposed they differ"
          : "compare a few images with their labels"))
  }

  /// Whether a square matrix tells people apart when it is turned: its shape does not say that it was
  /// stored the other way round.
  private func isTransposed(_ embeddings: FloatMatrix) -> Bool {
    let n = embeddings.rows
    guard n == embeddings.columns, n == subjectOfRow.count else { return false }
    let turned = FloatMatrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        turned.base[j * turned.stride + i] = embeddings.base[i * embeddings.stride + j]
      }
    }
    let set = EmbeddingSet(
      dataset: "", extractor: "", vectors: turned, norms: l2Norms(of: turned),
      subjectOfRow: subjectOfRow, subjects: subjects, genderOfSubject: genderOfSubject)
    let separation = CosineSample([EmbeddingRows(all: set)]).separation
    return (separation ?? 0) >= Self.leastSeparation
  }

  /// Below this probability that a mated cosine is the larger one, labels are doubted.
  private static let leastSeparation = 0.75

  /// How the counts compare with the published ones, when the dataset is a known one.
  private mutating func checkPublishedCounts(_ dataset: String?) {
    guard let dataset, let published = PublishedCounts(dataset: dataset) else { return }
    let images = "\(grouped(subjectOfRow.count)) of \(grouped(published.images)) images"
    let people = "\(grouped(subjects.count)) of \(grouped(published.subjects)) subjects"
    let isComplete = subjectOfRow.count == published.images && subjects.count == published.subjects
    findings.information.append(
      isComplete
        ? "\(published.name): complete, \(grouped(published.images)) images of "
          + "\(grouped(published.subjects)) subjects as published"
        : "\(published.name): \(images) and \(people) as published")
  }
}
