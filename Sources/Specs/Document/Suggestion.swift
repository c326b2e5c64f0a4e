import Configurations

/// "; did you mean 'x'?" where something is near, else the list of what is possible.
package func suggestion(for found: String, among candidates: [String]) -> String {
  if let name = nearestName(to: found, among: candidates) { return "; did you mean '\(name)'?" }
  if candidates.isEmpty { return "" }
  return "; expected \(alternatives(candidates))"
}

/// "'a'", "'a' or 'b'", "'a', 'b' or 'c'".
package func alternatives(_ names: [String]) -> String {
  let quoted = names.map { "'\($0)'" }
  guard quoted.count > 1 else { return quoted.first ?? "nothing" }
  return quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
}
