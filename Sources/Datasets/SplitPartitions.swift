import Configurations

// A listed division, held against the data.

extension Split {
  /// The partitions that the file lists, one per fold.
  ///
  /// - Parameters:
  ///   - set: the evaluated dataset.
  ///   - enrolled: who of its people needs a reference.
  ///   - cohort: whose rows train; nil: nobody trains, and cohort lines are not looked at.
  ///   - development: whose rows develop; nil: the same.
  /// - Throws: `SplitError`: rows and people that the data do not have, people in two parts, people
  ///   with no reference or several.
  func partitions(
    of set: EmbeddingSet, enrolled: EnrolledSubjects = .all, cohort: EmbeddingSet?,
    development: EmbeddingSet?
  ) throws -> [SubjectPartition] {
    var reader = SplitPlacing(path: path, set: set, cohort: cohort, development: development)
    for entry in entries { reader.place(entry) }
    return try reader.partitions(enrolled)
  }
}

/// The state of holding the lines of a division against the data.
private struct SplitPlacing {
  /// What a fold's lines have said so far.
  struct Fold {
    var rows: [Split.Part: [Int32]] = [:]
    var referenceOfSubject: [Int32: Int32] = [:]
    var unenrolled: [Int32] = []
    /// Part and line of each row and person, by dataset.
    var partOfRow: [String: (part: Split.Part, line: Int)] = [:]
    var partOfPerson: [String: (part: Split.Part, line: Int)] = [:]
  }

  let path: String
  let set: EmbeddingSet
  let cohort: EmbeddingSet?
  let development: EmbeddingSet?
  private var rowOfFileRow: [String: [Int32: Int32]] = [:]
  private var subjectOfName: [String: Int32] = [:]
  private var folds: [Int: Fold] = [:]
  private var problems: [String] = []

  init(path: String, set: EmbeddingSet, cohort: EmbeddingSet?, development: EmbeddingSet?) {
    self.path = path
    self.set = set
    self.cohort = cohort
    self.development = development
    for one in [set, cohort, development].compactMap({ $0 }) where !one.keptRows.isEmpty {
      var rows: [Int32: Int32] = [:]
      for (row, fileRow) in one.keptRows.enumerated() { rows[fileRow] = Int32(row) }
      rowOfFileRow[one.dataset] = rows
    }
    for (subject, name) in set.subjects.enumerated() { subjectOfName[name] = Int32(subject) }
  }

  /// Takes one line, or notes what is wrong with it.
  mutating func place(_ entry: Split.Entry) {
    let source: EmbeddingSet?
    let key: String
    switch entry.part {
    case .cohort: (source, key) = (cohort, "cohort")
    case .development: (source, key) = (development, "development")
    default: (source, key) = (set, "")
    }
    guard let source else { return }
    func problem(_ text: String) { problems.append("\(path):\(entry.line): \(text)") }
    guard entry.dataset == source.dataset else {
      return problem(
        "\(entry.part.rawValue) row of '\(escaped(entry.dataset))', expected '\(source.dataset)'"
          + (key.isEmpty
            ? ", which is evaluated"
            : "; name its dataset with '\(key): NAME' under 'partition: files: \(set.dataset)'"))
    }
    var fold = folds[entry.fold] ?? Fold()
    defer { folds[entry.fold] = fold }
    guard let fileRow = entry.row else {
      guard let subject = subjectOfName[entry.identity] else {
        return problem("'\(set.dataset)' has no person '\(escaped(entry.identity))'")
      }
      fold.unenrolled.append(subject)
      return
    }
    let row = rowOfFileRow[source.dataset].map { $0[fileRow] } ?? fileRow
    guard let row, Int(row) < source.count else {
      return problem(
        "'\(source.dataset)/\(source.extractor)' has no usable row \(fileRow), it has"
          + " \(counted(source.count, "usable row")); is this the split of another file?")
    }
    let subject = source.subjectOfRow[Int(row)]
    let name = source.subjects[Int(subject)]
    guard name == entry.identity else {
      return problem(
        "row \(fileRow) of '\(source.dataset)/\(source.extractor)' is of '\(escaped(name))', the"
          + " split says '\(escaped(entry.identity))'"
          + (source.subjects.contains(entry.identity)
            ? "; is this the split of a file in another order?" : ", whom the file does not have"))
    }
    // References are probes, too.
    let part = entry.part == .reference ? .probe : entry.part
    let person = "\(source.dataset)/\(name)"
    if let other = fold.partOfPerson[person], other.part != part {
      return problem(
        "'\(escaped(name))' is in \(Self.word(part)) here and in \(Self.word(other.part)) in line"
          + " \(other.line); people belong to one part of a fold")
    }
    fold.partOfPerson[person] = fold.partOfPerson[person] ?? (part, entry.line)
    if entry.part == .reference {
      if let other = fold.referenceOfSubject[subject] {
        return problem(
          "'\(escaped(name))' has two references, rows \(source.fileRow(other)) and \(fileRow)")
      }
      fold.referenceOfSubject[subject] = row
      return
    }
    let place = "\(part.rawValue)/\(row)"
    if let other = fold.partOfRow[place] {
      return problem("row \(fileRow) is listed twice, first in line \(other.line)")
    }
    fold.partOfRow[place] = (part, entry.line)
    fold.rows[part, default: []].append(row)
  }

  /// The folds, once all lines are placed.
  ///
  /// - Throws: `SplitError`.
  mutating func partitions(_ needsReference: EnrolledSubjects) throws -> [SubjectPartition] {
    if folds.isEmpty && problems.isEmpty { problems.append("\(path): lists nobody") }
    var partitions: [SubjectPartition] = []
    for (number, fold) in folds.sorted(by: { $0.key < $1.key }) {
      let probes = Set(fold.rows[.probe] ?? [])
      let enrolled = Set(fold.referenceOfSubject.keys)
      let probed = Set(probes.map { set.subjectOfRow[Int($0)] })
      let place = "\(path): fold \(number)"
      func note(_ subjects: Set<Int32>, _ text: String) {
        if subjects.isEmpty { return }
        let names = subjects.map { set.subjects[Int($0)] }.sorted()
        problems.append(
          "\(place): \(counted(names.count, "person", "people")) \(text): \(examples(names))")
      }
      var unenrolled = probed.subtracting(enrolled)
      if needsReference == .withMatedProbe {
        var samples: [Int32: Int] = [:]
        for row in probes { samples[set.subjectOfRow[Int(row)], default: 0] += 1 }
        unenrolled = unenrolled.filter { samples[$0]! > 1 }
      }
      note(unenrolled, "with probes and no reference")
      note(
        enrolled.filter { !probes.contains(fold.referenceOfSubject[$0]!) },
        "whose reference is not among their probes (a self trial is made, and left out by convention)"
      )
      if enrolled.isEmpty { problems.append("\(place) has no reference") }
      if cohort != nil && fold.rows[.cohort] == nil { problems.append("\(place) has no cohort") }
      partitions.append(
        SubjectPartition(
          fold: number,
          cohort: EmbeddingRows(set: cohort ?? set, rows: (fold.rows[.cohort] ?? []).sorted()),
          development: EmbeddingRows(
            set: development ?? set, rows: (fold.rows[.development] ?? []).sorted()),
          evaluation: EmbeddingRows(set: set, rows: probes.sorted()),
          evaluationSubjects: Array(probed.union(fold.unenrolled)),
          references: fold.referenceOfSubject.values.sorted()))
    }
    if partitions.map(\.fold) != Array(0..<partitions.count) {
      problems.append("\(path): folds \(partitions.map(\.fold)), expected 0, 1, … without a gap")
    }
    if !problems.isEmpty { throw SplitError(problems: problems) }
    return partitions
  }

  private static func word(_ part: Split.Part) -> String {
    part == .probe ? "evaluation" : part.rawValue
  }
}
