import Datasets
import Foundation
import Kernels
import TestSupport

/// A random experiment on tiny synthetic data: every section of its spec, and every data file, is one
/// of a few alternatives, and an edit takes another one.
struct RandomExperiment {
  /// The sections of the spec, in order; each alternative is the section's text.
  private static let sections: [(key: String, alternatives: [String])] = [
    ("title", ["title: One", "title: Two"]),
    (
      "outputs",
      [
        "[table1, table2, report]", "[table2, figure3]", "[table2, table4, calibration]",
        "[table2, table4, sweep]", "[table2, table3, table3b, report]",
        "[table3b, attack-distributions, attack-gallery]", "[table3]",
      ].map { "outputs: \($0)" }
    ),
    ("extractors", ["extractors: [X]", "extractors: [X]", "extractors: [X, Y]"]),
    (
      "datasets",
      [
        datasets(a: "{X: a.h5, Y: ay.h5}"), datasets(a: "{X: a.h5, Y: ay.h5}"),
        datasets(a: "{X: moved/a.h5, Y: ay.h5}"),
        datasets(
          a: "{X: a.h5, Y: ay.h5}",
          c: "{X: {path: c.h5, subset: {people: 40, seed: 3}}, Y: cy.h5}"),
        datasets(a: "{X: {path: a.h5, normalise: false}, Y: ay.h5}"),
        datasets(a: "{X: a.h5, Y: ay.h5}", b: "{X: c.h5, Y: cy.h5}", c: "{X: b.h5, Y: by.h5}"),
      ]
    ),
    ("evaluate", ["evaluate: [A]", "evaluate: [A]", "evaluate: [A, B]", "evaluate: [B, A]"]),
    (
      "partition",
      [
        "{within: {cohort: 0.3, development: 0.2, evaluation: 0.3}}",
        "{within: {cohort: 0.4, development: 0.1, evaluation: 0.3}}",
        "{within: {cohort: 0.6, development: 0.4, folds: 2}}",
        "{within: {cohort: {from: C}, development: 0.3, evaluation: 0.5}}",
        "{within: {cohort: 0.4, development: {from: D}, evaluation: 0.4}}",
        "{within: {cohort: 0.5, development: 0.2, evaluation: 0.3, evaluated: development}}",
        "{cross: {cohort: C, development: D}}", "{cross: {cohort: D, development: C}}",
        "{cross: {cohort: C, development: D, exceptions: {A: {development: E}}}}",
        "{files: {A: split.csv, B: splitb.csv}}",
      ].map { "partition: \($0)" }
    ),
    ("allow_overlap", ["", "", "allow_overlap: [A]"]),
    ("near_duplicates", ["", "", "near_duplicates: drop", "near_duplicates: refuse"]),
    (
      "presets",
      [
        "presets: [paper]", "presets: [official-code]", "presets: [paper, mine]",
        "presets: [mine]",
      ]
    ),
    (
      "configurations",
      [
        "configurations: {mine: {preset: hybrid}}",
        "configurations: {mine: {preset: hybrid, training: {dropout: 0.2}}}",
        "configurations: {mine: {preset: paper, kde: {shrinkage: true}, development: {A: E}}}",
        "configurations: {mine: {preset: paper, reference: random, cohort: {A: C}}}",
        "configurations: {mine: {preset: paper, reference: first, input: raw}}",
        "configurations: {mine: {preset: paper, cohort_subjects: 9, cohort_male_share: 0.4}}",
      ]
    ),
    (
      "training",
      [
        "{epochs: 1, hidden_widths: [4], batch_size: 16}",
        "{epochs: 2, hidden_widths: [4], batch_size: 16}",
        "{epochs: 1, hidden_widths: [4], batch_size: 16, loss: hinge}",
        "{epochs: 1, hidden_widths: [], batch_size: 16}",
        "{epochs: 1, hidden_widths: [3, 2], batch_size: 32, optimiser: adamw}",
        "{epochs: 1, hidden_widths: [4], batch_size: 16, mated_share: 0.7, patience: none}",
        "{epochs: 1, hidden_widths: [4], batch_size: 16, guard: {attempts: 2, proxies: reference}}",
        "{epochs: 1, hidden_widths: [4], batch_size: 16, guard: {attempts: 2, keep: best}}",
      ].map { "training: \($0)" }
    ),
    (
      "kde",
      [
        "kde: {bandwidth: 0.05}", "kde: {bandwidth: 0.1}",
        "kde: {bandwidth: 0.05, validation_source: development}",
        "kde: {bandwidth: {male: 0.05, female: 0.08}, keep_single_image: true}",
      ]
    ),
    (
      "balancing_factors",
      ["[0.5]", "[0.5]", "[0.4, 0.5]", "[0.4, 0.6, per_subject]", "[0.5, 0.6, per_subject]"].map {
        "balancing_factors: \($0)"
      }
    ),
    ("groups", ["", "", "groups: ethnicity"]),
    (
      "protocol",
      [
        "", "protocol: {reference: random}", "protocol: {self_trials: included}",
        "protocol: {unlabelled: excluded}", "protocol: {references: with_mated_probe}",
      ]
    ),
    (
      "conventions",
      [
        "[default]", "[default, paper-compatible]", "[default, development]", "[development]",
        "[default, per-subject]", "[default, {name: mine, threshold: development, rule: nearest}]",
        "[default, per-group]",
      ].map { "conventions: \($0)" }
    ),
    ("operating_points", ["operating_points: [0.1]", "operating_points: [0.1, 0.2]"]),
    (
      "bootstrap",
      [
        "bootstrap: {replicates: 0}", "bootstrap: {replicates: 4}",
        "bootstrap: {replicates: 4, seed: 2}",
      ]
    ),
    ("seed", ["seed: 1", "seed: 2"]),
    ("repeats", ["", "", "repeats: 2"]),
    (
      "limits",
      [
        "", "limits: {cohort_subjects: 9}", "limits: {development_subjects: 5}",
        "limits: {evaluation_subjects: 8}", "limits: {cohort_subjects: 8, evaluation_subjects: 9}",
      ]
    ),
    (
      "attack",
      [
        "attacker: same_dataset, targets: all", "attacker: same_dataset, targets: balanced",
        "attacker: {other_dataset: F}, targets: all", "attributes: [ethnicity]",
        "attacker: {other_dataset: F}, cohort_male_shares: [as_is, 0.4]",
      ].flatMap { first in
        [
          "systems: [traditional, mote]", "systems: [negative, ssnt]", "systems: [pe-miu, ive]",
          "systems: [traditional, pfrnet]",
        ].map { "attack: {\(first), \($0), \(attackSizes)}" }
      }
    ),
    ("save_templates", ["", "save_templates: true", "save_templates: true"]),
    ("template_precision", ["", "template_precision: float16"]),
  ]

  private static let attackSizes =
    "gallery: {at_most: 6}, gallery_curve: [2, 4], own_references: {at_most: 3}, folds: 2, "
    + "permutations: 3, statistics: [1, 2], attacks: [A0, A1, A3, A5, A7], pe_miu: {block_sizes: [4]}, "
    + "pfrnet: {epochs: 1}"

  private static func datasets(
    a: String, b: String = "{X: b.h5, Y: by.h5}", c: String = "{X: c.h5, Y: cy.h5}"
  ) -> String {
    """
    datasets:
      A: {files: \(a)}
      B: {files: \(b)}
      C: {files: \(c)}
      D: {files: {X: d.h5, Y: dy.h5}}
      E: {files: {X: e.h5, Y: ey.h5}}
      F: {files: {X: f.h5, Y: fy.h5}}
    """
  }

  /// Data files, by dataset and extractor; each has a few contents.
  private static let files = ["a", "b", "c", "d", "e", "f"].flatMap { ["\($0)", "\($0)y"] }
  private static let contents = 3

  let folder: String
  private var chosen: [Int]
  private var content: [Int]
  private var rng: CounterRNG

  /// Draws an experiment; its data lie below `folder`.
  init(seed: UInt64, folder: String) throws {
    self.folder = folder
    rng = CounterRNG(seed: seed, purpose: .permutation)
    chosen = Self.sections.map { _ in 0 }
    content = Self.files.map { _ in 0 }
    for section in chosen.indices { choose(section) }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/data/moved", withIntermediateDirectories: true)
    for file in content.indices { try write(file) }
  }

  /// A random number below a bound.
  mutating func draw(below bound: Int) -> Int { rng.index(below: bound) }

  private mutating func choose(_ section: Int) {
    chosen[section] = rng.index(below: Self.sections[section].alternatives.count)
  }

  /// Changes a few sections of the spec, and sometimes a data file.
  mutating func edit() throws {
    for _ in 0...rng.index(below: 2) { choose(rng.index(below: Self.sections.count)) }
    if rng.index(below: 4) == 0 {
      let file = rng.index(below: content.count)
      content[file] = rng.index(below: Self.contents)
      try write(file)
    }
  }

  /// The spec as it is now.
  var text: String {
    "name: random\n"
      + zip(Self.sections, chosen).map { $0.alternatives[$1] }.filter { !$0.isEmpty }
      .joined(separator: "\n") + "\n"
  }

  /// The state of the data, for messages.
  var dataText: String {
    zip(Self.files, content).map { "\($0).h5: content \($1)" }.joined(separator: ", ")
  }

  /// Writes one data file, and what goes with it: a copy elsewhere, a listed division.
  private func write(_ file: Int) throws {
    let name = Self.files[file]
    let url = "\(folder)/data/\(name).h5"
    try FileManager.default.removeItem(atPath: url, ifThere: true)
    var data = SyntheticDataset(
      name: String(name.first!), subjects: 48, rows: 150, seed: UInt64(10 + content[file]))
    data.dimension = 24
    data.identityDimensions = 20
    data.hasLabels = true
    // Some content has people whom others have not.
    data.unlabelledShare = content[file] == 2 ? 0.1 : 0
    if name.hasSuffix("y") { data.extractor = .magface }
    try data.write(to: url)
    if name == "a" {
      try FileManager.default.removeItem(atPath: "\(folder)/data/moved/a.h5", ifThere: true)
      try FileManager.default.copyItem(atPath: url, toPath: "\(folder)/data/moved/a.h5")
    }
  }
}

extension FileManager {
  /// Removes a file unless it is not there.
  func removeItem(atPath path: String, ifThere: Bool) throws {
    if fileExists(atPath: path) { try removeItem(atPath: path) }
  }
}
