/// A field as RFC 4180 wants it: quoted only where needed.
package func csvField(_ field: String) -> String {
  guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
  return "\"\(field.replacing("\"", with: "\"\""))\""
}

/// The fields of a row, quoted where they need it, with commas between.
package func csvRow(_ fields: [String]) -> String {
  fields.map(csvField).joined(separator: ",")
}
