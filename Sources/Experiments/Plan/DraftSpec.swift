import Configurations
import Datasets
import Foundation
import HDF5

/// A spec for the embedding files of a folder, as a first look at one's own data: Tables 1 to 4 on a
/// few people of each dataset.
package struct DraftSpec {
  /// The folder, as the spec names it.
  package let folder: String
  /// Name of the experiment.
  package let name: String
  /// How many people are taken of each dataset.
  package let people: Int
  /// Files by dataset, and in it by extractor.
  package private(set) var files: [String: [String: String]] = [:]
  /// Extractors that all these datasets have.
  package private(set) var extractors: [String] = []
  /// Files that take no part, and why.
  package private(set) var omitted: [(file: String, reason: String)] = []

  /// How every draft begins.
  package static let head = "# Tables 1 to 4 of the embedding files of a folder"

  /// Fewer people cannot be divided into those who train, develop, are evaluated and attack.
  private static let leastPeople = 20

  /// Looks through the folder: "NAME_EXTRACTOR.h5" is dataset NAME by that extractor, another name is a
  /// dataset of its own.
  ///
  /// - Parameter output: the file that is drafted, after which the experiment is named: "mine" in mine.yaml;
  ///   `spec` and `draft` name none.
  /// - Throws: `DraftError` where no file can be used.
  package init(folder: String, people: Int, output: String) throws {
    let stem = ((output as NSString).lastPathComponent as NSString).deletingPathExtension
    name = ["spec", "draft", ""].contains(stem) ? "smoke-data" : Self.plain(stem)
    (self.folder, self.people) = (folder, people)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    for name in names where name.hasSuffix(".h5") || name.hasSuffix(".hdf5") {
      let path = (folder as NSString).appendingPathComponent(name)
      if name.unicodeScalars.contains(where: isControl) {
        omitted.append((name, "control characters in its name; rename it"))
        continue
      }
      if let reason = Self.unfitness(of: path) {
        omitted.append((name, reason))
        continue
      }
      let stem = (name as NSString).deletingPathExtension
      let parts = stem.split(separator: "_", maxSplits: 1)
      let dataset = Self.plain(parts.first.map(String.init) ?? stem)
      let extractor = parts.count > 1 ? Self.plain(String(parts[1])) : "features"
      if files[dataset]?[extractor] == nil {
        files[dataset, default: [:]][extractor] = name
      } else {
        omitted.append((name, "another file is called alike"))
      }
    }
    try chooseExtractors()
  }

  /// The extractor of the most datasets, and others that all of these have.
  private mutating func chooseExtractors() throws {
    var datasetsOf: [String: Int] = [:]
    for extractor in files.values.flatMap(\.keys) { datasetsOf[extractor, default: 0] += 1 }
    guard let first = datasetsOf.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
      throw DraftError(folder: folder, omitted: omitted)
    }
    for (dataset, own) in files.sorted(by: { $0.key < $1.key }) where own[first] == nil {
      for name in own.values.sorted() { omitted.append((name, "no embeddings by '\(first)'")) }
      files[dataset] = nil
    }
    extractors = datasetsOf.keys.sorted().filter { extractor in
      files.values.allSatisfy { $0[extractor] != nil }
    }
    for (dataset, own) in files.sorted(by: { $0.key < $1.key }) {
      for (extractor, name) in own.sorted(by: { $0.key < $1.key })
      where !extractors.contains(extractor) {
        omitted.append((name, "not every dataset has embeddings by '\(extractor)'"))
        files[dataset]?[extractor] = nil
      }
    }
  }

  /// The spec as YAML.
  package var text: String {
    let datasets = files.sorted { $0.key < $1.key }.map { dataset, own in
      let list = own.sorted { $0.key < $1.key }.map {
        "'\($0.key)': '\($0.value.replacing("'", with: "''"))'"
      }
      return "  '\(dataset)': {files: {\(list.joined(separator: ", "))}}"
    }
    let names = files.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
    return """
      \(Self.head) on \(people) people of each dataset: shows that
      # all of it works with them, nothing more.
      # Drafted by `Harness draft`; edit it as you like.

      name: '\(name)'
      title: First look at own data
      outputs: [table1, table2, table3, table3b, table4, claims, report]

      data: '\(folder.replacing("'", with: "''"))'
      datasets:
      \(datasets.joined(separator: "\n"))
      extractors: [\(extractors.map { "'\($0)'" }.joined(separator: ", "))]
      evaluate: [\(names)]
      subset: {people: \(people)}

      # A fifth of the people is left for the attacker of Table 3.
      partition:
        within: {cohort: 0.4, development: 0.1, evaluation: 0.3}
      presets: [paper]
      balancing_factors: [0.0, 0.4, 0.5, 0.6, 1.0]
      protocol: {self_trials: excluded, reference: first, unlabelled: all_only}
      conventions: [default, paper-compatible]
      operating_points: [1e-2]
      bootstrap: {replicates: 200, seed: 1}
      attack:
        attacker: same_dataset
        systems: [traditional, mote]
        own_references: {at_most: 4}
        folds: 3
        permutations: 100
        statistics: [1, 5]
        gallery_curve: [2, 4]
      seed: 1
      repeats: 1

      """
  }

  /// Why a file cannot take part; nil: it can.
  private static func unfitness(of path: String) -> String? {
    do {
      let file = try HDF5File(path: path)
      guard try file.contains("embeddings"), try file.contains("identity") else {
        return "no datasets 'embeddings' and 'identity'; `Harness check` says how to bring them in"
      }
      let people = Set(try file.labels("identity")).count
      return people < leastPeople ? "\(people) people, at least \(leastPeople) are needed" : nil
    } catch {
      return "\(error)"
    }
  }

  /// A name of letters, digits, "-" and ".".
  private static func plain(_ name: String) -> String {
    let text = String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" })
    let begins = text.first.map { $0.isLetter || $0.isNumber } ?? false
    return String((begins ? text : "data" + text).prefix(64))
  }
}

/// No file of a folder can take part in a first look.
package struct DraftError: Error, CustomStringConvertible {
  package let folder: String
  package let omitted: [(file: String, reason: String)]

  package var description: String {
    "\(folder): no embedding files for a first look"
      + (omitted.isEmpty
        ? "; expected NAME_EXTRACTOR.h5, e.g. lfw_arcface.h5; other files come in with `Harness import`"
        : ":\n" + omitted.map { escaped("  \($0.file): \($0.reason)") }.joined(separator: "\n"))
  }
}
