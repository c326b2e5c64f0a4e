/// How the weights of a model-template are stored. Biases stay float32 in int8.
package enum WeightPrecision: String, Sendable, Codable, Hashable, CaseIterable {
  case float32
  case float16
  /// Per output row: q = round(w / s), s = max |w| / 127; one float32 scale a row.
  case int8
}
