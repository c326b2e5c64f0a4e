/// A dataset of a spec: one file of embeddings per extractor.
package struct DatasetSpec: Sendable, Codable, Hashable {
  package var name: String
  /// By extractor name.
  package var sources: [String: SourceSpec]
}

/// Where the embeddings of one dataset by one extractor are, and how to read them.
package struct SourceSpec: Sendable, Codable, Hashable {
  /// As written in the spec; relative to the data folder unless absolute.
  package var path: String
  package var mapping: SourceMapping
  package var genderCodes: GenderCodes
  /// L2-normalise each embedding on load.
  package var normalise: Bool
}

/// Paths of the HDF5 datasets inside a file; nil: the usual names are tried.
package struct SourceMapping: Sendable, Codable, Hashable {
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
}

/// The labels a file uses for gender; empty lists: the usual codes (M, F, male, female, …).
package struct GenderCodes: Sendable, Codable, Hashable {
  package var male: [String]
  package var female: [String]
  package var unlabelled: [String]

  package init(male: [String] = [], female: [String] = [], unlabelled: [String] = []) {
    self.male = male
    self.female = female
    self.unlabelled = unlabelled
  }
}
