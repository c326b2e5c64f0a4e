import Configurations

/// What is to be imported, and how: files of vectors, and where labels are.
///
/// Labels are named by a column of the vectors' file, a column of the tables of labels, a file, or
/// "FILE:COLUMN".
package struct ImportRequest: Sendable, Hashable {
  /// Files of vectors; several are taken one after the other.
  package var inputs: [String]
  /// Groups of HDF5 inputs whose contents are taken one after the other; none: the whole file.
  package var groups: [String] = []
  /// Columns of vectors, taken one after the other; none: the only one that can be meant.
  package var embeddings: [String] = []
  /// Labels: one name for all vectors, or one for each part of them.
  package var identity: [String] = []
  package var gender: [String] = []
  package var filename: [String] = []
  /// Further labels, by the name they get.
  package var attributes: [String: String] = [:]
  /// Tables of labels with the same columns, read as one.
  package var tables: [String] = []
  /// What a row of the tables belongs to; nil: the image of the same name where both name images,
  /// else the row at the same place.
  package var join: LabelJoin?
  /// Leaves out vectors that the tables do not name.
  package var dropsUnmatched = false
  /// How the person is told where no column says it.
  package var identityRule: IdentityRule?
  package var genderCodes = GenderCodes()
  /// Lists of names of men and of women.
  package var maleLists: [String] = []
  package var femaleLists: [String] = []
  /// The vectors stand the other way round than such files usually have them.
  package var isTransposed = false
  /// How many rows of each part are filled; none: all.
  package var rows: [Int] = []
  /// Whether the first row of a text names its columns; nil: as it looks.
  package var hasHeader: Bool?
  /// Names for the attributes of the file; nil: those of the input, where it has them.
  package var dataset: String?
  package var model: String?

  package init(_ inputs: [String]) { self.inputs = inputs }

  /// All files that are read, each once, in order.
  var files: [String] {
    var files: [String] = []
    func add(_ path: String) { if !files.contains(path) { files.append(path) } }
    for path in inputs + tables + maleLists + femaleLists { add(path) }
    for place in identity + gender + filename
      + attributes.sorted(by: { $0.key < $1.key }).map(\.value)
    {
      if let (path, _) = fileOfPlace(place) { add(path) }
    }
    return files
  }
}
