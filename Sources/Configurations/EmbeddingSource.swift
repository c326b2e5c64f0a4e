/// Where the embeddings of one dataset by one extractor are, and how to read them.
///
/// Any HDF5 file loads without conversion: the mapping names its datasets, the gender codes its
/// labels. Everything but the path has a default.
package struct EmbeddingSource: Sendable, Encodable, Hashable {
  /// What to do with rows that cannot be used (not finite, or zero).
  package enum UnusableRows: String, Sendable, Encodable, Hashable, CaseIterable {
    /// The file is bad data.
    case refuse
    /// They are left out with a warning; a subject that loses all rows counts as failure to enrol.
    case drop
  }

  /// Path of the HDF5 file.
  package var path: String
  package var mapping: HDF5Mapping
  package var genderCodes: GenderCodes
  /// L2-normalise each embedding on load.
  package var normalise: Bool
  package var unusableRows: UnusableRows
  /// Expected embedding dimension, or nil for whatever the file holds.
  package var dimension: Int?
  /// The people that are taken; nil: everybody.
  package var subset: SubjectSubset?

  package init(
    path: String, mapping: HDF5Mapping = HDF5Mapping(), genderCodes: GenderCodes = GenderCodes(),
    normalise: Bool = true, unusableRows: UnusableRows = .refuse, dimension: Int? = nil,
    subset: SubjectSubset? = nil
  ) {
    self.path = path
    self.mapping = mapping
    self.genderCodes = genderCodes
    self.normalise = normalise
    self.unusableRows = unusableRows
    self.dimension = dimension
    self.subset = subset
  }

  private enum CodingKeys: String, CodingKey {
    case path, mapping, normalise, dimension, subset
    case genderCodes = "gender_codes"
    case unusableRows = "unusable_rows"
  }
}

/// What vectors networks are trained on and compared with (definitions 5).
package enum VectorInput: String, Sendable, Codable, Hashable, CaseIterable {
  /// Divided by their L2 norm.
  case normalised
  /// As the file has them.
  case raw
}

/// Paths of the HDF5 datasets inside a file; nil: the usual name is tried.
///
/// A named dataset must exist. Of the usual names `embeddings` and `identity` must exist; `gender`,
/// `filename` and the usual attributes are used where they do.
package struct HDF5Mapping: Sendable, Encodable, Hashable {
  package var embeddings: String?
  package var identity: String?
  package var gender: String?
  package var filename: String?
  /// Further label columns by the name they get, e.g. "age": "labels/age".
  package var attributes: [String: String]

  package init(
    embeddings: String? = nil, identity: String? = nil, gender: String? = nil,
    filename: String? = nil, attributes: [String: String] = [:]
  ) {
    self.embeddings = embeddings
    self.identity = identity
    self.gender = gender
    self.filename = filename
    self.attributes = attributes
  }

  /// The usual names.
  package static let usual = (
    embeddings: "embeddings", identity: "identity", gender: "gender", filename: "filename"
  )
  /// Attributes that are read where a file has them, without being asked for.
  package static let usualAttributes = ["age", "age_group", "ethnicity"]
}

/// The labels a file uses for gender.
///
/// Empty lists mean the usual codes, compared without case: M, male, man; F, female, woman; U,
/// unknown, unlabelled, n/a and the empty string. Numbers are never guessed, since 0 is male in
/// some files and female in others.
package struct GenderCodes: Sendable, Encodable, Hashable {
  package var male: [String]
  package var female: [String]
  package var unlabelled: [String]

  package init(male: [String] = [], female: [String] = [], unlabelled: [String] = []) {
    self.male = male
    self.female = female
    self.unlabelled = unlabelled
  }

  /// A code that is in two lists; nil: none is.
  package var contradiction: String? {
    let codes = Set(male).sorted() + Set(female).sorted() + Set(unlabelled).sorted()
    var seen: Set<String> = []
    return codes.first { !seen.insert($0).inserted }
  }

  /// The gender a label stands for, or nil when it is in no list.
  package func gender(of label: String) -> Gender? {
    if male.contains(label) { return .male }
    if female.contains(label) { return .female }
    if unlabelled.contains(label) { return .unlabelled }
    // A list that was given replaces the usual codes of its gender only.
    let plain = label.lowercased()
    if male.isEmpty && ["m", "male", "man"].contains(plain) { return .male }
    if female.isEmpty && ["f", "female", "woman"].contains(plain) { return .female }
    if unlabelled.isEmpty
      && ["u", "unknown", "unlabelled", "n/a", "none", ""].contains(plain)
    {
      return .unlabelled
    }
    return nil
  }
}
