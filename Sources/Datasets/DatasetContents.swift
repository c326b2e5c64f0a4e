import Configurations
import HDF5
import Kernels

/// The columns of an embedding file as stored, before any judgement.
///
/// Reading goes on after a column fails, so that all problems of a file are seen at once.
struct DatasetContents {
  let source: EmbeddingSource
  /// What cannot be read, as problems.
  private(set) var findings = DatasetFindings()
  /// The first problem that says that the file is laid out in another way than such files are, so that it
  /// must be imported.
  private(set) var layoutProblem: Int?
  /// [n, d] raw embeddings; nil when they could not be read.
  var embeddings: FloatMatrix?
  /// Type, shape and layout of the embeddings in words.
  var storage = ""
  var identities: [String]?
  /// Gender labels as stored; nil when the file has none.
  var genders: [String]?
  var filenames: [String] = []
  var attributes: [String: [String]] = [:]
  /// Text attributes of the file.
  var fileAttributes: [String: String] = [:]
  /// Names of the datasets read, for messages.
  var names = (embeddings: "", identity: "", gender: "")

  /// True when the file says that it was made by `Harness synthesize`.
  var isSynthetic: Bool {
    ["true", "1", "yes"].contains((fileAttributes["synthetic"] ?? "").lowercased())
  }

  /// Reads a file; what cannot be read becomes a problem.
  init(reading source: EmbeddingSource) {
    self.source = source
    names = (
      source.mapping.embeddings ?? HDF5Mapping.usual.embeddings,
      source.mapping.identity ?? HDF5Mapping.usual.identity,
      source.mapping.gender ?? HDF5Mapping.usual.gender
    )
    guard let file = noting({ try HDF5File(path: source.path) }) else {
      noteOtherFormat()
      return
    }
    fileAttributes = noting { try file.attributes() } ?? [:]
    readEmbeddings(file)
    identities = labels(file, .identity, names.identity)
    readLabels(file)
    checkLengths()
  }

  private mutating func readEmbeddings(_ file: HDF5File) {
    let name = names.embeddings
    guard let dataset = noting({ try file.dataset(name) }) else {
      advise(.embeddings, name, file)
      return
    }
    storage =
      "\(dataset.typeName), \(dataset.shape.map(String.init).joined(separator: " x ")), "
      + dataset.layoutName
    guard dataset.isNumeric else {
      findings.problems.append(
        "\(file.path): '\(name)' is \(dataset.typeName), expected numbers [rows, dimension]")
      advise(.embeddings, name, file)
      return
    }
    guard dataset.shape.count == 2 else {
      findings.problems.append(
        "\(file.path): '\(name)' has shape \(dataset.shape), expected [rows, dimension]")
      noteLayout()
      return
    }
    let (rows, columns) = (dataset.shape[0], dataset.shape[1])
    if rows == 0 || columns == 0 {
      findings.problems.append("\(file.path): '\(name)' has shape [\(rows), \(columns)]: no data")
      return
    }
    if let expected = source.dimension, columns != expected {
      findings.problems.append(
        "\(file.path): '\(name)' has shape [\(rows), \(columns)], the spec says \(expected)"
          + (rows == expected
            ? "; it looks transposed (MATLAB writes columns first)" : "; see datasets.md"))
      if rows == expected { noteLayout() }
      return
    }
    embeddings = noting { try dataset.readMatrix() }
  }

  private mutating func readLabels(_ file: HDF5File) {
    let mapping = source.mapping
    if mapping.gender != nil || has(names.gender, in: file) {
      genders = labels(file, .gender, names.gender, allowsMissing: true)
    } else {
      findings.warnings.append(
        "\(file.path): no dataset '\(names.gender)': every subject is unlabelled")
    }
    if mapping.filename != nil || has(HDF5Mapping.usual.filename, in: file) {
      filenames = labels(file, .filename, mapping.filename ?? HDF5Mapping.usual.filename) ?? []
    }
    var wanted = mapping.attributes
    for name in HDF5Mapping.usualAttributes where wanted[name] == nil && has(name, in: file) {
      wanted[name] = name
    }
    for (name, path) in wanted.sorted(by: { $0.key < $1.key }) {
      attributes[name] = labels(file, ColumnRole(name: name) ?? .age, path, allowsFractions: true)
    }
  }

  private mutating func has(_ name: String, in file: HDF5File) -> Bool {
    noting { try file.contains(name) } ?? false
  }

  private mutating func labels(
    _ file: HDF5File, _ role: ColumnRole, _ name: String, allowsFractions: Bool = false,
    allowsMissing: Bool = false
  ) -> [String]? {
    // Declared sizes may be anything; a column that is far too long is not read.
    let most = max(1 << 20, embeddings?.rows ?? 0, embeddings?.columns ?? 0)
    let wanted =
      embeddings.map {
        " for \($0.rows) rows of '\(names.embeddings)'; expected one label per row"
      } ?? "; so many labels are not read while there are no vectors that they belong to"
    let found = noting {
      let dataset = try file.dataset(name)
      if dataset.shape.contains(where: { $0 > most }) {
        throw HDF5Error.badValue(
          file: file.path, dataset: name,
          reason: "has shape \(dataset.shape)\(wanted)")
      }
      return try dataset.labels(allowsFractions: allowsFractions, allowsMissing: allowsMissing)
    }
    if found == nil {
      advise(role, name, file)
    }
    return found
  }

  /// The last problem comes from the layout.
  private mutating func noteLayout() {
    layoutProblem = layoutProblem ?? findings.problems.count - 1
  }

  /// Says with the last problem what to do about a column that cannot be read, before a long list of what
  /// the file holds.
  private mutating func advise(_ role: ColumnRole, _ name: String, _ file: HDF5File) {
    noteLayout()
    guard let text = ColumnAdvice(role, name, in: file).text, let last = findings.problems.popLast()
    else { return }
    let list = last.range(of: "; the file holds ")?.lowerBound ?? last.endIndex
    findings.problems.append("\(last[..<list]); \(text)\(last[list...])")
  }

  /// Files of other formats come in by a command.
  private mutating func noteOtherFormat() {
    guard let last = findings.problems.last, last.contains("this is not an HDF5 file") else {
      return
    }
    noteLayout()
    findings.problems[findings.problems.count - 1] =
      last + "; .npy, .npz, CSV and TSV come in with 'Harness import'"
  }

  /// Every label column must have one label per embedding; wrong ones are problems and dropped.
  private mutating func checkLengths() {
    guard let embeddings else { return }
    func disagreement(_ name: String, _ count: Int) -> String? {
      if count == embeddings.rows { return nil }
      return "\(source.path): '\(name)' has \(counted(count, "label")) for "
        + "\(counted(embeddings.rows, "row")) of '\(names.embeddings)'"
        + (count == embeddings.columns
          ? "; the embeddings look transposed (MATLAB writes columns first)"
          : "; expected one per row")
    }
    if let count = identities?.count, let text = disagreement(names.identity, count) {
      findings.problems.append(text)
      noteLayout()
      identities = nil
    }
    if let count = genders?.count, let text = disagreement(names.gender, count) {
      findings.problems.append(text)
      genders = nil
    }
    if !filenames.isEmpty, let text = disagreement("filename", filenames.count) {
      findings.problems.append(text)
      filenames = []
    }
    for (name, labels) in attributes.sorted(by: { $0.key < $1.key }) {
      if let text = disagreement(name, labels.count) {
        findings.problems.append(text)
        attributes[name] = nil
      }
    }
    noteFilledRows(embeddings)
  }

  /// Files that were made for more rows than were written end in rows without vectors and labels.
  private mutating func noteFilledRows(_ embeddings: FloatMatrix) {
    var filled = embeddings.rows
    while filled > 0, isUnfilled(embeddings[row: filled - 1]) { filled -= 1 }
    // That people are missing is the next problem.
    if identities?.last == "" { layoutProblem = layoutProblem ?? findings.problems.count }
    // Labels that are nobody's: empty, 0 or -1 of all of them.
    guard filled > 0, filled < embeddings.rows, let identities,
      let rest = identities[filled...].first, ["", "0", "-1"].contains(rest),
      identities[filled...].allSatisfy({ $0 == rest })
    else { return }
    findings.problems.append(
      "\(source.path): only the first \(filled) of \(embeddings.rows) rows are filled;"
        + " 'Harness import' takes them alone with --rows \(filled)")
    layoutProblem = findings.problems.count - 1
  }

  /// The value of `body`, or nil with its error among the problems.
  private mutating func noting<T>(_ body: () throws -> T) -> T? {
    do { return try body() } catch {
      // A reader that has ended says so at every question.
      if findings.problems.last != "\(error)" { findings.problems.append("\(error)") }
      return nil
    }
  }
}
