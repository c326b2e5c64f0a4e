import Foundation
import Records

extension ResultDifference {
  /// What differs, for people: what the two were made from, then their numbers.
  ///
  /// - Parameters:
  ///   - limit: most numbers to print.
  ///   - isWanted: whether a number may be printed.
  package func text(limit: Int, isWanted: (Number) -> Bool = { _ in true }) -> String {
    func label(_ name: String, _ isSynthetic: Bool) -> String {
      name + (isSynthetic ? ", SYNTHETIC DATA" : "")
    }
    var lines = [
      "A: \(label(names.first, areSynthetic.first))",
      "B: \(label(names.second, areSynthetic.second))", "",
    ]
    lines += section("spec", spec, same: "the specs say the same")
    if spec == nil {
      lines += ["spec: one of the folders has no spec.yaml; its next run writes it"]
    }
    lines += section("data", data, same: "the data are the same")
    lines += section("code", code, same: "code, libraries and kernels are the same")
    lines += section("machine", machine, same: "the machine is the same")
    lines += cells("A", onlyFirst) + cells("B", onlySecond)
    return (lines + [""] + numberLines(numbers.filter(isWanted), limit)).joined(separator: "\n")
  }

  private func section(_ name: String, _ changes: [Change]?, same: String) -> [String] {
    guard let changes else { return [] }
    if changes.isEmpty { return ["\(name): \(same)"] }
    return ["\(name):"]
      + changes.map { change in
        let what = change.name == name ? "" : "\(change.name): "
        return "  \(what)\(change.first ?? "nothing") in A, \(change.second ?? "nothing") in B"
      }
  }

  private func cells(_ side: String, _ slugs: [String]) -> [String] {
    slugs.isEmpty
      ? [] : ["cells in \(side) alone: \(slugs.count)"] + slugs.map { "  \($0)" }
  }

  private func numberLines(_ numbers: [Number], _ limit: Int) -> [String] {
    let different = numbers.filter { !$0.isEqual }
    let share = "\(different.count) of \(numbers.count) numbers of cells in both differ"
    guard !different.isEmpty else {
      return [
        numbers.isEmpty ? "no such number is in both" : "numbers: all \(numbers.count) are equal"
      ]
    }
    let shown = different.prefix(limit)
    var notes: [String] = []
    let rows = shown.map { number -> [String] in
      var mark = ""
      if let note = number.note {
        if !notes.contains(note) { notes.append(note) }
        mark = "(\(notes.firstIndex(of: note)! + 1))"
      }
      let interval = number.interval.map { "[\(signed($0.lowerBound)), \(signed($0.upperBound))]" }
      return [
        number.cell.title, number.name, plain(number.first), plain(number.second),
        number.difference.map(signed) ?? "-",
        [interval, mark.isEmpty ? nil : mark].compactMap(\.self).joined(separator: " "),
      ]
    }
    let header = ["cell", "number", "A", "B", "B - A", "95 %"]
    var lines = [share + "; B - A with the paired 95 % interval:", ""]
    lines += aligned([header] + rows, flushRight: [false, false, true, true, true, false])
    lines += notes.enumerated().map { "(\($0 + 1)) \($1)" }
    if different.count > limit {
      lines.append("and \(different.count - limit) more; --limit N shows N")
    }
    return lines
  }

  private func plain(_ value: Double?) -> String {
    value.map { String(format: "%.4f", $0) } ?? "n/a"
  }
  /// A difference that rounding would show as none has more digits.
  private func signed(_ value: Double) -> String {
    String(format: abs(value) < 5e-5 && value != 0 ? "%+.1e" : "%+.4f", value)
  }
}
