/// One dataset of a file as a listing shows it, read or not.
package struct HDF5Entry: Sendable, Hashable, Codable {
  /// What its elements are.
  package enum Kind: String, Sendable, Hashable, Codable {
    /// Integers and floats.
    case numbers
    case text
    /// Named integers; Booleans of h5py.
    case enumeration
    /// Booleans of PyTables.
    case bitField
    /// References to other objects; cell arrays of MATLAB.
    case references
    /// Records with named fields; tables of PyTables and pandas.
    case table
    /// Anything else.
    case other
  }

  /// One field of a table.
  package struct Field: Sendable, Hashable, Codable {
    package let name: String
    package let kind: Kind
    /// Elements that a record has of it: [] for one, [512] for a vector.
    package let shape: [Int]
    /// In words, e.g. "float32".
    package let typeName: String

    package var elements: Int { shape.reduce(1, *) }

    package init(name: String, kind: Kind, shape: [Int], typeName: String) {
      (self.name, self.kind, self.shape, self.typeName) = (name, kind, shape, typeName)
    }
  }

  /// Whether it is a link that is not followed: into another file, or to nothing.
  package var isRefusedLink: Bool { kind == .other && typeName.hasPrefix("a link ") }

  /// Path without the leading slash.
  package let path: String
  /// Extent of each axis; empty for a scalar, and for a dataset without values.
  package let shape: [Int]
  package let kind: Kind
  /// Element type in words, e.g. "float16".
  package let typeName: String
  /// Fields of a table.
  package let fields: [Field]
  /// What MATLAB says that it is ("double", "char", "cell"); nil: the dataset is not MATLAB's.
  package let matlabClass: String?

  package init(
    path: String, shape: [Int], kind: Kind, typeName: String, fields: [Field],
    matlabClass: String?
  ) {
    (self.path, self.shape, self.kind, self.typeName) = (path, shape, kind, typeName)
    (self.fields, self.matlabClass) = (fields, matlabClass)
  }
}
