/// Which values count as the better ones.
package enum Preference: Sendable {
  case lower, higher
}
