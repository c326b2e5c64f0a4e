import Configurations
import Files
import Foundation

/// A division of people as a file lists it: one line per row of data, so that it can be published,
/// checked, shared with other programs, and fixed.
///
///     fold,part,dataset,identity,row
///     0,cohort,CFP,Abdullah_Gul,17
///
/// `part` is cohort, development, reference, probe, or unenrolled (an evaluated person without a usable
/// row; `row` is empty). `row` counts the rows of the dataset's file from 0; `identity` is the label
/// there, so that a file of another order is noticed. Probes are all rows of the evaluated people,
/// their references among them.
package struct Split: Sendable, Hashable {
  /// One line of the file.
  struct Entry: Sendable, Hashable {
    let line: Int
    let fold: Int
    let part: Part
    let dataset: String
    let identity: String
    /// Nil: no usable row.
    let row: Int32?
  }

  /// What a row serves for.
  enum Part: String, Sendable, CaseIterable {
    case cohort, development, reference, probe, unenrolled
  }

  /// Path, for messages; empty for a division of this program's.
  let path: String
  let entries: [Entry]

  static let header = "fold,part,dataset,identity,row"

  /// The division that comparisons are made from.
  package init(_ partitions: [SubjectPartition], _ comparisons: [ComparisonProtocol]) {
    var entries: [Entry] = []
    func add(_ fold: Int, _ part: Part, _ set: EmbeddingSet, _ rows: [Int32]) {
      for row in rows {
        entries.append(
          Entry(
            line: entries.count + 2, fold: fold, part: part, dataset: set.dataset,
            identity: set.subjects[Int(set.subjectOfRow[Int(row)])], row: set.fileRow(row)))
      }
    }
    for (partition, comparison) in zip(partitions, comparisons) {
      let fold = partition.fold
      add(fold, .cohort, partition.cohort.set, partition.cohort.rows)
      add(fold, .development, partition.development.set, partition.development.rows)
      add(fold, .reference, comparison.set, comparison.referenceRows.sorted())
      add(fold, .probe, comparison.set, comparison.probeRows.sorted())
      for subject in comparison.subjectsWithoutReference {
        entries.append(
          Entry(
            line: entries.count + 2, fold: fold, part: .unenrolled, dataset: comparison.set.dataset,
            identity: comparison.set.subjects[Int(subject)], row: nil))
      }
    }
    path = ""
    self.entries = entries
  }

  /// The file's text: a header line, then folds in order.
  package var text: String {
    var text = Self.header + "\n"
    for entry in entries {
      text += "\(entry.fold),\(entry.part.rawValue),\(csvField(entry.dataset)),"
      text += csvField(entry.identity) + "," + (entry.row.map { String($0) } ?? "") + "\n"
    }
    return text
  }

  /// Reads a file.
  ///
  /// - Throws: `SplitError` with every line that cannot be read.
  package init(contentsOf path: String) throws {
    let data: Data
    do {
      data = try RegularFile.read(path)
    } catch {
      throw SplitError(problems: ["\(error); expected a CSV file, see Specs"])
    }
    try self.init(path: path, text: String(decoding: data, as: UTF8.self))
  }

  init(path: String, text: String) throws {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    var problems: [String] = []
    guard let first = lines.first, first == Self.header else {
      throw SplitError(problems: [
        "\(path):1: the first line is '\(escaped(String(lines.first ?? "")))', expected"
          + " '\(Self.header)'"
      ])
    }
    var entries: [Entry] = []
    for (index, line) in lines.enumerated().dropFirst() {
      let place = "\(path):\(index + 1)"
      guard let fields = Self.fields(line), fields.count == 5 else {
        problems.append("\(place): expected five values, \(Self.header)")
        continue
      }
      guard let fold = Int(fields[0]), (0..<100).contains(fold) else {
        problems.append("\(place): fold '\(fields[0])', expected a whole number from 0 to 99")
        continue
      }
      guard let part = Part(rawValue: fields[1]) else {
        let known = Part.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("\(place): part '\(escaped(fields[1]))', expected one of \(known)")
        continue
      }
      let row = Int32(fields[4])
      guard part == .unenrolled ? fields[4].isEmpty : (row ?? -1) >= 0 else {
        problems.append(
          "\(place): row '\(escaped(fields[4]))', expected "
            + (part == .unenrolled ? "nothing for a person without a row" : "a number from 0 on"))
        continue
      }
      entries.append(
        Entry(
          line: index + 1, fold: fold, part: part, dataset: fields[2], identity: fields[3],
          row: row))
    }
    if !problems.isEmpty { throw SplitError(problems: problems) }
    self.path = path
    self.entries = entries
  }

  /// The values of a line; a quoted one may hold commas and doubled quotes. Nil: a quote is not closed.
  private static func fields(_ line: Substring) -> [String]? {
    guard line.contains("\"") else {
      return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var fields = [""]
    var (isQuoted, wasQuote) = (false, false)
    for character in line {
      if character == "\"" {
        if isQuoted { wasQuote = true } else if wasQuote { fields[fields.count - 1] += "\"" }
        isQuoted.toggle()
        if isQuoted { wasQuote = false }
      } else if character == "," && !isQuoted {
        fields.append("")
        wasQuote = false
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return isQuoted ? nil : fields
  }
}

/// What is wrong with a file that lists a division: every problem found.
package struct SplitError: Error, Hashable, Sendable, CustomStringConvertible {
  package let problems: [String]

  package var description: String {
    let shown = problems.prefix(20).joined(separator: "\n")
    return problems.count > 20 ? "\(shown)\nand \(problems.count - 20) more like these" : shown
  }
}
