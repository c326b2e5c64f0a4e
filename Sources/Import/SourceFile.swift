import Datasets
import Files

/// A column of a file: an array, a dataset, a field of a table, or a column of a text.
struct SourceColumn: Hashable {
  /// How a command names it.
  let name: String
  /// Type and shape in words.
  let summary: String
  /// Whether it looks like vectors: floats along two axes.
  let isMatrix: Bool
  /// Labels that it would be; nil: not known, or it has several axes.
  var labelCount: Int?
  /// Whether it looks like one value of vectors that have a column for each.
  var isValue = false

  /// "'emb' (float32 [12, 8])".
  var text: String { "'\(name)' (\(summary))" }
}

/// A file that vectors and labels are taken from.
protocol SourceFile: AnyObject {
  /// As the user named it.
  var path: String { get }
  /// What it holds, as far as it can be taken.
  var columns: [SourceColumn] { get }
  /// Text attributes that go over into the imported file ("model", "license").
  var attributes: [String: String] { get }
  /// Texts of one column, one per row; numbers as digits.
  ///
  /// - Parameter allowsFractions: numbers with fractions are labels too.
  func labels(_ column: String, allowsFractions: Bool) throws -> [String]
  /// Vectors of a column; nil: of the only one that can be meant.
  ///
  /// - Parameters:
  ///   - isTransposed: it is stored the other way round than such files usually are.
  ///   - labels: columns that hold labels and so no part of a vector.
  func vectors(_ column: String?, isTransposed: Bool, labels: Set<String>) throws
    -> (column: String, source: any VectorSource)
}

extension SourceFile {
  var attributes: [String: String] { [:] }

  /// What else the matrices of an HDF5 file may be.
  private var groupHint: String {
    switch self {
    case is HDF5Source: "; where groups or datasets are people, add --identity-from group"
    case is NumpyArchive:
      "; where arrays are people, save X=np.concatenate(list(z.values())) and"
        + " identity=np.repeat(list(z), [len(x) for x in z.values()])"
    default: ""
    }
  }

  /// The column of vectors where none was named: of a usual name, or the only matrix.
  func usualVectors() throws -> String {
    let matrices = columns.filter(\.isMatrix)
    let named = ColumnRole.embeddings.matches(among: matrices.map(\.name))
    if named.count == 1 { return named[0] }
    if matrices.count == 1 { return matrices[0].name }
    if matrices.isEmpty {
      throw ImportError(
        path, nil, "has no matrix of floats [rows, dimension]\(groupHint); it holds \(summary)")
    }
    let choices = (named.isEmpty ? matrices.map(\.name) : named).prefix(8)
    throw ImportError(
      path, nil,
      "has several matrices: \(matrices.prefix(8).map(\.text).joined(separator: ", ")); say which"
        + " with \(shellOption("--embeddings", choices[0]))"
        + (named.count > 1
          ? ", or take them one after the other with "
            + choices.map { shellOption("--embeddings", $0) }.joined(separator: " ")
          : "")
        + groupHint)
  }

  /// The columns in words.
  var summary: String {
    if columns.isEmpty { return "nothing that can be taken" }
    let shown = columns.prefix(12).map(\.text).joined(separator: ", ")
    return columns.count > 12 ? "\(shown) and \(columns.count - 12) more" : shown
  }

  /// The error of a column that is not there.
  func missing(_ column: String) -> ImportError {
    ImportError(path, nil, "has no column '\(column)'; it holds \(summary)")
  }
}

/// Opens a file by what its first bytes are, whatever its name says.
///
/// - Parameter hasHeader: whether the first row of a text names its columns; nil: as it looks.
/// - Throws: `ImportError` with the remedy for formats that are not read.
func openSource(_ path: String, hasHeader: Bool? = nil) throws -> any SourceFile {
  let file = try MappedFile(path)
  let bytes = file.bytes
  func begins(_ signature: [UInt8], at offset: Int = 0) -> Bool {
    bytes.count - offset >= signature.count && bytes[offset...].starts(with: signature)
  }
  if bytes.isEmpty { throw ImportError(path, nil, "is empty") }
  if begins([0x93] + Array("NUMPY".utf8)) {
    return NumpyFile(try NumpyArray(FileBytes(file, path: path), file: path))
  }
  // Before an HDF5 file may stand a block of the user's, of 512 bytes doubled any number of times.
  let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  var offset = 0
  while offset < min(bytes.count, 1 << 22) {
    if begins(hdf5, at: offset) { return try HDF5Source(path) }
    offset = offset == 0 ? 512 : offset * 2
  }
  if begins([0x50, 0x4B, 3, 4]) || begins([0x50, 0x4B, 5, 6]) { return try NumpyArchive(path) }
  for (signature, what, remedy) in unreadFormats where begins(signature) {
    throw ImportError(path, nil, "is \(what), and not read; \(remedy)")
  }
  return try TextColumns(DelimitedText(path, hasHeader: hasHeader))
}

/// Formats that are told from text, and what to do about them.
private let unreadFormats: [(signature: [UInt8], what: String, remedy: String)] = [
  (
    Array("MATLAB 5.0".utf8), "a MATLAB file of version 5 to 7",
    "in MATLAB save it with save('features.mat', 'X', 'identity', '-v7.3'), in Python with"
      + " np.savez('features.npz', **{k: v for k, v in scipy.io.loadmat(path).items() if k[0] != '_'})"
  ),
  ([0x1F, 0x8B], "compressed with gzip", "decompress it first: gunzip FILE"),
  (
    [0x80, 0x02], "a Python pickle, which can run code when it is read",
    "save its arrays with np.savez"
  ),
  (
    [0x80, 0x03], "a Python pickle, which can run code when it is read",
    "save its arrays with np.savez"
  ),
  (
    [0x80, 0x04], "a Python pickle, which can run code when it is read",
    "save its arrays with np.savez"
  ),
  (
    [0x80, 0x05], "a Python pickle, which can run code when it is read",
    "save its arrays with np.savez"
  ),
  (Array("PAR1".utf8), "a Parquet file", "save it with df.to_csv('features.csv', index=False)"),
  (Array("ARROW1".utf8), "an Arrow file", "save it with df.to_csv('features.csv', index=False)"),
]
