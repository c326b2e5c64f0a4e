extension Sequence where Element: Hashable {
  /// The elements without repetitions, each where it stood first.
  package func distinct() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
