/// Shortens texts that stand beside each other, so that those that differ can still be told apart.
enum ShortenedTexts {
  private static let mark = "…"
  /// Letters of a text that are looked at: more never fit.
  private static let most = 400

  /// Each text, or where it does not fit as much of it as does: its beginning and its end. Where these are
  /// the same for several texts, what differs between them stays; where that is too long, they are numbered.
  static func of(_ texts: [String], fits: (String) -> Bool) -> [String] {
    var shown = texts.map { fits($0) ? $0 : middleCut($0, fits: fits) }
    var alike: [String: [String]] = [:]
    for (text, short) in zip(texts, shown) where alike[short]?.contains(text) != true {
      alike[short, default: []].append(text)
    }
    for (short, group) in alike where group.count > 1 {
      let told = telling(group, fits: fits)
      for i in texts.indices where shown[i] == short { shown[i] = told[texts[i]]! }
    }
    return shown
  }

  /// Beginning and end.
  private static func middleCut(_ text: String, fits: (String) -> Bool, end: String = "") -> String
  {
    let letters = Array(text)
    for kept in stride(from: min(letters.count - 1, most), to: 0, by: -1) {
      let short = trimmed(letters.prefix((kept + 1) / 2), letters.suffix(kept / 2)) + end
      if fits(short) { return short }
    }
    return mark + end
  }

  /// Shortened forms that differ, of texts whose beginnings and ends do not.
  private static func telling(_ texts: [String], fits: (String) -> Bool) -> [String: String] {
    let all = texts.map(Array.init)
    let shortest = all.map(\.count).min()!
    func isCommon(_ letter: ([Character]) -> Character) -> Bool {
      all.allSatisfy { letter($0) == letter(all[0]) }
    }
    let head = (0..<shortest).first { i in !isCommon { $0[i] } } ?? shortest
    let tail =
      (0..<(shortest - head)).first { i in !isCommon { $0[$0.count - 1 - i] } } ?? shortest - head
    var told: [String: String] = [:]
    for (number, (text, letters)) in zip(texts, all).enumerated() {
      let core = letters[head..<(letters.count - tail)]
      let short = around(core, letters.prefix(head), letters.suffix(tail), fits: fits)
      told[text] = short ?? middleCut(text, fits: fits, end: " (\(number + 1))")
    }
    if Set(told.values).count == texts.count { return told }
    for (number, text) in texts.enumerated() {
      told[text] = middleCut(text, fits: fits, end: " (\(number + 1))")
    }
    return told
  }

  /// What differs, with as much as fits of what stands around it; nil: it is too long itself.
  private static func around(
    _ core: ArraySlice<Character>, _ head: ArraySlice<Character>, _ tail: ArraySlice<Character>,
    fits: (String) -> Bool
  ) -> String? {
    if core.count > most { return nil }
    for kept in stride(from: min(most, max(head.count, tail.count)), through: 0, by: -1) {
      // Half of what is kept before it stands at the very beginning.
      let (first, near) = (head.prefix(kept / 2), head.dropFirst(kept / 2).suffix((kept + 1) / 2))
      let start =
        first.count + near.count == head.count
        ? String(first + near) : trimmed(first, near)
      let end =
        tail.count <= kept
        ? String(tail) : trimmed(tail.prefix((kept + 1) / 2), tail.suffix(kept / 2))
      let short = start + String(core) + end
      if fits(short) { return short }
    }
    return nil
  }

  /// Two parts with the mark between them, without spaces and commas at it.
  private static func trimmed(
    _ head: ArraySlice<Character>, _ tail: ArraySlice<Character>
  ) -> String {
    func isBlank(_ letter: Character) -> Bool { letter == " " || letter == "," }
    var head = head
    while let last = head.last, isBlank(last) { head.removeLast() }
    return String(head) + mark + String(tail.drop(while: isBlank))
  }
}
