import Configurations

/// Why something cannot be imported: which file, where in it, what is wrong, and what to do.
package struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, as the user named it.
  package let file: String
  /// Line of a text, member of an archive, array or dataset; nil: the file as a whole.
  package let place: String?
  package let reason: String
  /// Codes of gender of unknown meaning, the most frequent first, where these are what is wrong.
  let genderCodes: [String]

  package init(
    _ file: String, _ place: String? = nil, _ reason: String, genderCodes: [String] = []
  ) {
    (self.file, self.place, self.reason, self.genderCodes) = (file, place, reason, genderCodes)
  }

  package var description: String {
    // "file:12", as compilers write lines; names in quotes. Names and texts come from files.
    escaped(
      place.map {
        $0.allSatisfy(\.isNumber) ? "\(file):\($0): \(reason)" : "\(file): '\($0)' \(reason)"
      } ?? "\(file): \(reason)")
  }
}
