import Configurations

/// A dataset of a spec: one file of embeddings per extractor.
package struct DatasetSpec: Sendable, Codable, Hashable {
  package var name: String
  /// By extractor name. Paths are as written: relative to the data folder unless absolute.
  package var sources: [String: EmbeddingSource]
}
