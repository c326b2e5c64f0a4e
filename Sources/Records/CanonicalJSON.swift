import Foundation
import Specs

/// JSON that is the same for equal values: sorted keys, no spaces, shortest decimal numbers.
package func canonicalJSON(_ value: some Encodable) -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    return try encoder.encode(value)
  } catch {
    // Specs hold finite numbers only, and nothing else can fail to encode.
    preconditionFailure("not encodable as JSON: \(error)")
  }
}
