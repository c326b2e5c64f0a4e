// Text as LaTeX takes it, and how wide it becomes.
import Foundation

extension LaTeXWriter {
  /// Text in which every character stands for itself and powers of ten are set as such, in ASCII so
  /// that any engine takes it; a character that no engine's usual fonts have is named by its number.
  package static func escaped(_ text: String) -> String {
    pieces(of: text).map { piece in
      switch piece {
      case .characters(let characters): characters.map(escaped).joined()
      case .power(let mantissa, let exponent):
        "$\(mantissa == "1" ? "" : "\(mantissa)\\cdot ")10^{\(exponent)}$"
      }
    }.joined()
  }

  /// Text for ragged lines: words that are too long for one may end where their `atoms` do.
  static func breakable(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      // A power of ten is one atom.
      let all = atoms(word)
      return all.count == 1
        ? escaped(String(word)) : all.map(escaped).joined(separator: "\\allowbreak{}")
    }.joined(separator: " ")
  }

  /// What of a word stays together: a long one may be cut behind signs, and where nothing of it is one, at
  /// any character.
  package static func atoms(_ word: some StringProtocol) -> [String] {
    let long = 8.0
    guard width(of: word) > long else { return [String(word)] }
    var atoms = [""]
    for (i, character) in word.enumerated() {
      atoms[atoms.count - 1].append(character)
      let isSign = "+=/_,;:.-".contains(character) && i > 0
      if isSign || width(of: atoms.last!) > long { atoms.append("") }
    }
    return atoms.filter { !$0.isEmpty }
  }

  /// Width in units of the font size, in Times, the text font of IEEEtran and most proceedings.
  package static func width(of text: some StringProtocol, isBold: Bool = false) -> Double {
    pieces(of: text).reduce(0) { sum, piece in
      switch piece {
      case .characters(let characters):
        return sum + characters.reduce(0) { $0 + width(of: $1, isBold) }
      case .power(let mantissa, let exponent):
        let base = mantissa == "1" ? 1.05 : 1.65 + width(of: mantissa)
        return sum + base + 0.75 * Double(exponent.count) + (exponent.hasPrefix("-") ? 0.3 : 0)
      }
    }
  }

  /// Text without its powers of ten, or one of these.
  private enum Piece {
    case characters([Character])
    /// "9.98" and "-4".
    case power(String, String)
  }

  /// Cuts "9.98e-4" out where it stands alone: not in a name, a hash or a longer number.
  private static func pieces(of text: some StringProtocol) -> [Piece] {
    let all = Array(text)
    guard all.contains("e") else { return [.characters(all)] }
    var pieces: [Piece] = []
    var start = 0
    var i = 0
    while i < all.count {
      let before = i > 0 ? all[i - 1] : " "
      if let (mantissa, exponent, end) = power(all, from: i), !before.isLetter, !before.isNumber,
        !"._-/".contains(before)
      {
        pieces += [.characters(Array(all[start..<i])), .power(mantissa, exponent)]
        (start, i) = (end, end)
      } else {
        i += 1
      }
    }
    return pieces + [.characters(Array(all[start...]))]
  }

  private static func power(_ all: [Character], from start: Int) -> (String, String, Int)? {
    func isDigit(_ i: Int) -> Bool { i < all.count && all[i].isASCII && all[i].isNumber }
    guard isDigit(start) else { return nil }
    var i = start + 1
    if i < all.count, all[i] == ".", isDigit(i + 1) {
      i += 1
      while isDigit(i) { i += 1 }
    }
    guard i < all.count, all[i] == "e" else { return nil }
    let mantissa = String(all[start..<i])
    i += 1
    let isNegative = i < all.count && "-−".contains(all[i])
    if isNegative { i += 1 }
    let digits = i
    while isDigit(i) { i += 1 }
    guard i > digits, i == all.count || !(all[i].isLetter || all[i] == "_" || all[i] == "-") else {
      return nil
    }
    return (mantissa, (isNegative ? "-" : "") + String(all[digits..<i]), i)
  }

  /// True for letters that LaTeX's first font encoding lacks; T1 has them.
  static func needsT1(_ character: Character) -> Bool {
    !character.isASCII && "ĐđÐðÞþŊŋĦħŦŧĸ".contains(character)
  }

  private static func escaped(_ character: Character) -> String {
    if let text = special[character] { return text }
    if let code = character.asciiValue {
      return code < 0x20 || code == 0x7F ? " " : String(character)
    }
    // What pdfTeX has in its usual text fonts, in an encoding that is the default since 2018.
    let composed = String(character).precomposedStringWithCanonicalMapping.unicodeScalars
    if let scalar = composed.first, composed.count == 1,
      (0xC0...0x17E).contains(scalar.value), scalar.value != 0xD7, scalar.value != 0xF7
    {
      return String(composed)
    }
    return character.unicodeScalars.map {
      "[U+\(String($0.value, radix: 16, uppercase: true))]"
    }.joined()
  }

  private static let special: [Character: String] = [
    "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_",
    "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "–": "--", "—": "---",
    "−": "$-$", "±": "$\\pm$", "≥": "$\\ge$", "≤": "$\\le$", "×": "$\\times$", "∞": "$\\infty$",
    "·": "$\\cdot$", "“": "``", "”": "''", "’": "'", "…": "\\dots{}", "α": "$\\alpha$",
    "→": "$\\to$", "Δ": "$\\Delta$", "≠": "$\\ne$", "µ": "$\\mu$", "μ": "$\\mu$", "²": "$^2$",
    "³": "$^3$", "\u{a0}": "~", "‖": "$\\|$", "σ": "$\\sigma$", "≈": "$\\approx$", "°": "$^\\circ$",
    "§": "\\S{}", "\"": "{\\ttfamily\\char34}",
  ]

  private static func width(of character: Character, _ isBold: Bool) -> Double {
    guard let code = character.asciiValue, (32..<127).contains(code) else {
      return switch character {
      case "–", "·", "²", "³", "’", "°", "“", "”": 0.5
      case "…", "—", "→", "∞", "Δ", "±", "−", "≥", "≤", "×", "≠", "≈": 1.08
      default: character.unicodeScalars.count == 1 && character < "\u{17f}" ? 0.72 : 4.5
      }
    }
    return Double((isBold ? boldWidths : widths)[Int(code) - 32]) / 1000
  }

  /// Advance widths of Times Roman, characters 32 to 126, in thousandths (Adobe's font metrics, and the
  /// wider space of IEEEtran).
  private static let widths: [Int16] = [
    350, 333, 408, 500, 500, 833, 778, 333, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
  ]

  /// Those of Times Bold.
  private static let boldWidths: [Int16] = [
    350, 333, 555, 500, 500, 1000, 833, 333, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667,
    611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722,
    722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556,
    278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
  ]
}
