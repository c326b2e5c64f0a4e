import Foundation
import Specs

/// JSON that is the same for equal values: sorted keys, no spaces, shortest decimal numbers; "nan",
/// "inf" and "-inf" for what is no finite number.
package func canonicalJSON(_ value: some Encodable) -> Data {
  do {
    return try JSONEncoder.ofRecords().encode(value)
  } catch {
    // Nothing else can fail to encode.
    preconditionFailure("not encodable as JSON: \(error)")
  }
}

extension JSONEncoder {
  /// Encodes what this program keeps: sorted keys, and "nan", "inf", "-inf" for no finite numbers.
  ///
  /// - Parameter formatting: added to sorted keys.
  static func ofRecords(_ formatting: OutputFormatting = []) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  /// Decodes what `JSONEncoder.ofRecords` encodes.
  static func ofRecords() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
