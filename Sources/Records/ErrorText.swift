import Foundation

/// The useful part of an error's text, on one line.
package func describe(_ error: any Error) -> String {
  switch error {
  case let error as DecodingError: error.reason
  case let error as StoreError: error.description
  case is CocoaError, is POSIXError: error.localizedDescription
  // The project's own errors say what was found, expected and to do.
  default: "\(error)"
  }
}

extension DecodingError {
  /// What was wrong and at which key, without the decoder's type names.
  fileprivate var reason: String {
    func path(_ context: Context) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return keys.isEmpty ? "" : " at '\(keys.joined(separator: "."))'"
    }
    switch self {
    case .keyNotFound(let key, let context):
      return "no key '\(key.stringValue)'\(path(context))"
    case .typeMismatch(let type, let context): return "expected \(type)\(path(context))"
    case .valueNotFound(let type, let context): return "null, expected \(type)\(path(context))"
    case .dataCorrupted(let context): return context.debugDescription + path(context)
    @unknown default: return "\(self)"
    }
  }
}
