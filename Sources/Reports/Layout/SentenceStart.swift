extension String {
  /// With a capital letter, as sentences begin; names such as iGARBE are written as they are.
  package var beginningSentence: String {
    let isName = prefix { !$0.isWhitespace && $0 != "," }.contains(where: \.isUppercase)
    return isName ? self : prefix(1).uppercased() + dropFirst()
  }
}
