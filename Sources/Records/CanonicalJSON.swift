import Foundation
import Specs

/// JSON that is the same for equal values: sorted keys, no spaces, shortest decimal numbers; "nan",
/// "inf" and "-inf" for what is no finite number.
package func canonicalJSON(_ value: some Encodable) -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  do {
    return try encoder.encode(value)
  } catch {
    // Nothing else can fail to encode.
    preconditionFailure("not encodable as JSON: \(error)")
  }
}
