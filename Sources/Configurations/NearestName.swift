// Which name was meant by one that is not known.

/// Number of insertions, deletions, replacements and swaps of neighbours that turn one text into
/// the other (optimal string alignment distance).
///
/// - Complexity: O(n m) for texts of n and m characters.
package func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let replacement = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      row[j] = min(replacement, last[j] + 1, row[j - 1] + 1)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

/// The candidate nearest to `found`, when it is near enough to be a slip of the hand: at most a
/// third of its characters, case and hyphens against underscores not counted.
package func nearestName(to found: String, among candidates: [String]) -> String? {
  func plain(_ text: String) -> String {
    text.lowercased().map { $0 == "-" || $0 == " " ? "_" : String($0) }.joined()
  }
  // Long input cannot be a slip; it would only cost time.
  guard !found.isEmpty, found.count <= 64 else { return nil }
  let scored = candidates.map { (name: $0, distance: editDistance(plain(found), plain($0))) }
  guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
    best.distance <= max(1, best.name.count / 3)
  else { return nil }
  return best.name
}
