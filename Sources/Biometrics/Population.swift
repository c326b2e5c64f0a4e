/// A set of comparisons that rates are taken over, by the groups of reference and probe.
package enum Population: Hashable, Sendable {
  case all
  /// Reference and probe both in the group.
  case same(Int)
  /// Reference in the group, any probe.
  case reference(Int)

  /// Index of the group; nil for all.
  var group: Int? {
    switch self {
    case .all: nil
    case .same(let group), .reference(let group): group
    }
  }
}
