import Configurations
import Foundation

extension DatasetReport {
  /// The whole report for people: lines of "name  value", then what was found.
  package var text: String {
    var lines = [summary.file + (summary.synthetic ? "   SYNTHETIC DATA" : "")]
    func add(_ name: String, _ value: String) {
      lines.append(name.padding(toLength: 10, withPad: " ", startingAt: 0) + value)
    }
    for key in ["dataset", "model", "source", "license"] {
      if let value = summary.attributes[key] {
        add(key, escaped(value.count > 400 ? value.prefix(400) + "…" : value))
      }
    }
    if !summary.storage.isEmpty { add("vectors", summary.storage) }
    if let digest = summary.sha256 { add("sha256", digest) }
    if summary.people > 0 {
      add(
        "images",
        "\(grouped(summary.images)), most of one subject \(grouped(summary.mostImagesOfOne))")
      add(
        "subjects",
        "\(grouped(summary.people)); images each: \(grouped(summary.peopleWith2)) with at least 2, "
          + "\(grouped(summary.peopleWith5)) with at least 5, "
          + "\(grouped(summary.peopleWith10)) with at least 10")
      let genders = Gender.allCases.compactMap { gender in
        summary.genders[gender.name].map {
          "\(grouped($0.people)) \(gender.name) (\(counted($0.images, "image")))"
        }
      }
      if !genders.isEmpty { add("gender", genders.joined(separator: ", ")) }
    }
    if let norms = summary.norms {
      add(
        "norms",
        "\(fixed(norms.mean)) +- \(fixed(norms.deviation)), from \(fixed(norms.least)) to "
          + fixed(norms.most)
          + (norms.least > 0.999 && norms.most < 1.001 ? " (stored L2-normalised)" : ""))
    }
    if let cosines = summary.cosines {
      add(
        "cosines",
        "mean of mated pairs \(cosines.mated.map(fixed) ?? "none"), of non-mated pairs "
          + (cosines.nonMated.map(fixed) ?? "none"))
    }
    if let rows = summary.equalRows, let groups = summary.equalGroups {
      add(
        "equal",
        rows == 0
          ? "no row equals another"
          : "\(counted(rows, "row")) equal to an earlier one, in \(counted(groups, "group"))")
    }
    for (name, values) in summary.labels.sorted(by: { $0.key < $1.key }) {
      add(name, "\(counted(values.count, "value")): \(examples(values, limit: 8))")
    }
    for line in audit?.lines ?? [] { add("audit", line) }
    let found =
      findings.information.map { "note      \($0)" }
      + findings.warnings.map { "warning   \($0)" } + findings.problems.map { "problem   \($0)" }
      + findings.doubts.map { "doubt     \($0)" }
    return (lines + found + [verdictLine]).joined(separator: "\n")
  }

  private var verdictLine: String {
    if !findings.problems.isEmpty {
      return "not usable: \(counted(findings.problems.count, "problem"))"
    }
    return isUsable ? "usable" : "doubtful: labels and vectors may not belong together"
  }

  private func fixed(_ value: Double) -> String {
    String(format: abs(value) < 0.1 ? "%.4f" : "%.3f", value)
  }
}

extension NeighbourAudit {
  /// Findings for people, each with the most conspicuous examples.
  package var lines: [String] {
    func cosine(_ value: Float) -> String { String(format: "%.3f", value) }
    let differing = secondNames.count(where: \.gendersDiffer)
    var lines = [
      secondNames.isEmpty
        ? "no two names have rows with a cosine of \(cosine(level)) or more, as half of the mated pairs have"
        : "\(counted(secondNames.count, "pair")) of names with rows as alike as half of the mated pairs "
          + "(cosine \(cosine(level)) or more; one person under two names, or a wrong label): "
          + few(
            secondNames.lazy.map {
              "'\(escaped($0.first))' = '\(escaped($0.second))' (\(cosine($0.cosine)), rows "
                + "\($0.firstRow) and \($0.secondRow))"
            }, limit: 10)
    ]
    if differing > 0 {
      lines.append(
        "\(counted(differing, "pair")) of these with different genders: "
          + few(
            secondNames.lazy.filter(\.gendersDiffer).map {
              "'\(escaped($0.first))' = '\(escaped($0.second))'"
            }))
    }
    lines.append(
      strays.isEmpty
        ? "no image is nearer to another person than to an image of its own"
        : "\(counted(strays.count, "image")) nearer to another person than to every image of the own one "
          + "(a wrong label, or a hard image): "
          + few(
            strays.lazy.map {
              "row \($0.row) of '\(escaped($0.identity))' (\(cosine($0.ownCosine))) to "
                + "'\(escaped($0.nearest))' (\(cosine($0.cosine)))"
            }, limit: 10))
    lines.append(
      repeatedRows == 0
        ? "no image repeats another of its person (cosine \(cosine(Self.repeatLevel)) or more)"
        : "\(counted(repeatedRows, "image")) with a cosine of \(cosine(Self.repeatLevel)) or more to another "
          + "of the same person (one picture twice?)")
    if !unusualNorms.isEmpty {
      lines.append(
        "\(counted(unusualNorms.count, "row")) with a norm beyond six robust deviations of the median: rows "
          + examples(unusualNorms))
    }
    return lines
  }
}

extension SharedPeople {
  /// For people.
  package var text: String {
    let names = "\(counted(sharedNames, "name")) in both"
    let others = pairs.filter { $0.first != $0.second }
    func list(_ pairs: [Pair]) -> String {
      few(
        pairs.lazy.map {
          "'\(escaped($0.first))' = '\(escaped($0.second))' (\(String(format: "%.3f", $0.cosine)))"
        }, limit: 10)
    }
    return "\(first) and \(second): \(names); "
      + (pairs.isEmpty
        ? "nobody looks like somebody of the other file"
        : "\(grouped(pairs.count)) of the first look like somebody of the second (cosine "
          + String(format: "%.3f", level)
          + " or more), \(grouped(others.count)) of them under another name"
          + (others.isEmpty ? "" : ": \(list(others))"))
  }
}
