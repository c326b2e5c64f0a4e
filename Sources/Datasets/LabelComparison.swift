import Configurations
import Foundation

// How labels are compared where spelling must not decide: names of people across datasets, labels of
// groups in a table.

/// A label as it is compared across datasets: compatibility forms united ("ﬁ" and "fi", full width), control and
/// invisible characters left out, lower case, runs of anything but letters and digits as one "_",
/// none at the ends. " Abdullah Gul" and "abdullah_gul" have the same key, "a1" and "a_1" have not.
package func comparisonKey(_ label: String) -> String {
  // Plain ASCII is what files hold nearly always; the rest takes the long way.
  let plain =
    label.utf8.allSatisfy { $0 < 0x80 } ? label : label.precomposedStringWithCompatibilityMapping
  var key = ""
  key.reserveCapacity(plain.utf8.count)
  var isSeparated = false
  for scalar in plain.lowercased().unicodeScalars where !isInvisible(scalar) {
    if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
    {
      if isSeparated && !key.isEmpty { key.unicodeScalars.append("_") }
      isSeparated = false
      key.unicodeScalars.append(scalar)
    } else {
      isSeparated = true
    }
  }
  // A label of signs alone stays what it is.
  return key.isEmpty ? label : key
}

/// A label as a table shows it: invisible characters left out, runs of blanks as one, none at the
/// ends. Labels with equal keys print alike.
package func printedKey(_ label: String) -> String {
  var key = String.UnicodeScalarView()
  for scalar in label.precomposedStringWithCanonicalMapping.unicodeScalars
  where !isInvisible(scalar) || scalar.properties.isWhitespace {
    key.append(scalar.properties.isWhitespace ? " " : scalar)
  }
  return String(key).split(separator: " ").joined(separator: " ")
}

/// A label as its spelling is compared within a dataset: `printedKey` in lower case, with compatibility
/// forms united and letters that look like Latin ones as those. Labels with equal keys can hardly be
/// told apart in print.
package func spellingKey(_ label: String) -> String {
  let printed = printedKey(label)
  if printed.utf8.allSatisfy({ $0 < 0x80 }) { return printed.lowercased() }
  var key = String.UnicodeScalarView()
  // Capitals have look-alikes of their own ("Н" and "H"), so they are replaced before the case goes.
  for scalar in printed.precomposedStringWithCompatibilityMapping.unicodeScalars {
    key.append(lookAlikes[scalar] ?? scalar)
  }
  return String(key).lowercased()
}

/// Letters and signs that print like an ASCII character in most fonts: Cyrillic, Greek, dashes, quotes
/// (from the confusables of Unicode Technical Standard 39).
private let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = {
  let pairs = [
    ("АВЕЅІЈКМНОРСТУХЗҮԌԚԜһ", "ABESIJKMHOPCTYX3YGQWh"), ("аесорхуіјѕԁԛԝӏ", "aecopxyijsdqwl"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ", "ABEZHIKMNOPTYXCj"), ("ονϲι", "ovci"),
    ("‐‑‒–—−", "------"), ("‘’ʼ′", "\u{27}\u{27}\u{27}\u{27}"), ("“”″", "\u{22}\u{22}\u{22}"),
  ]
  var known: [Unicode.Scalar: Unicode.Scalar] = [:]
  for (strange, plain) in pairs {
    for (a, b) in zip(strange.unicodeScalars, plain.unicodeScalars) { known[a] = b }
  }
  return known
}()

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  isControl(scalar) || scalar.properties.isDefaultIgnorableCodePoint
    || scalar.properties.generalCategory == .format
}

/// Words that say that a label is missing, in lower case; no person is called so.
let missingWords: Set<String> = [
  "nan", "none", "null", "nil", "na", "n/a", "#n/a", "<na>", "nat", "missing", "unknown",
  "undefined", "unlabelled", "unlabeled", "?", "-", "--", "-1", "-1.0",
]

/// Groups of different labels with the same key, each sorted, in order of their first.
package func alikeLabels(_ labels: some Sequence<String>, _ key: (String) -> String) -> [[String]] {
  var groups: [String: [String]] = [:]
  for label in labels { groups[key(label), default: []].append(label) }
  return groups.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
}
