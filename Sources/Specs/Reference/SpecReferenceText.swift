// The reference in its two forms: an article in Markdown and text for the terminal.

extension SpecReference {
  /// The article of all keys.
  package var article: String {
    var text = """
      # Spec keys

      Every key of an experiment file: what it may hold, what holds without it, what it means.

      ## Overview

      This article is written from the declarations that the reader of specs itself goes by; a test
      compares. `Harness help spec SECTION` prints a part of it. Numbers in the last column are
      sections of the [Definitions](Definitions.md).

      The command line sets keys, too: `--set training.batch_size=64` of every command that reads a spec, as
      often as there are keys, the value as YAML. A key is named by its place, with dots between; unlike with
      `extends`, `partition` keeps what is not named. Several values (`--set balancing_factors=0.4,0.6`) are
      the list of a key that holds one. Of a key of `training` or `kde`, of `limits.cohort_subjects` and of
      `protocol.reference` they become a switch of `readings` with an option for each value, beside what the
      presets have, and output `readings` is added. Another `--set` is an edited spec: what it touches is made
      again. Records name what was set, `spec.yaml` in the results folder is the whole spec as one file, and
      `Harness show` prints it.

      """
    for section in sections {
      text += "\n## \(section.name.isEmpty ? "The spec" : section.name)\n\n"
      text += wrapped(section.summary, width: 100).joined(separator: "\n") + "\n\n"
      text += "| Key | Values | Default | Meaning | See |\n| --- | --- | --- | --- | --- |\n"
      for key in section.keys {
        text +=
          "| `\(key.name)` | \(key.values) | \(key.absent) | \(key.meaning) "
          + "| \(key.definition ?? "") |\n"
      }
    }
    return text
  }

  /// The keys of the spec itself, and the names of all sections.
  package var overview: String {
    let names = sections.map(\.name).filter { !$0.isEmpty }
    return Self.text([sections[0]]) + "\nSections, for 'Harness help spec SECTION':\n"
      + wrapped(names.joined(separator: ", "), width: 76).map { "  \($0)\n" }.joined()
  }

  /// Sections for the terminal, 80 columns wide.
  package static func text(_ sections: [Section]) -> String {
    sections.map { section in
      var text = section.name.isEmpty ? "" : "\(section.name)\n"
      text += wrapped(section.summary, width: 78).map { "  \($0)\n" }.joined()
      for key in section.keys {
        text += "\n  \(key.name)\n"
        let see = key.definition.map { " Definitions \($0)." } ?? ""
        for line in [
          "values: \(key.values)", "default: \(key.absent)", key.meaning + see,
        ] {
          text += wrapped(line, width: 74).map { "      \($0)\n" }.joined()
        }
      }
      return text
    }.joined(separator: "\n")
  }
}

/// Lines of at most so many characters.
private func wrapped(_ text: String, width: Int) -> [String] {
  wrapped(text) { $0.count <= width }
}

/// Lines of whole words, as long as they fit; a word that does not has a line of its own.
package func wrapped(_ text: String, fits: (String) -> Bool) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let line = lines.last, fits("\(line) \(word)") {
      lines[lines.count - 1] = "\(line) \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
